#include "engine/lab/test_draft.h"

#include "engine/base/hash.h"
#include "engine/language/listed.h"
#include "engine/language/scalars.h"

static struct wh_named_list *
list_of(struct wh_test_draft *draft, enum wh_column_kind kind)
{
    switch (kind) {
    case WH_COLUMN_PROP:
        return &draft->touch.props;
    case WH_COLUMN_COMPANY:
        return &draft->touch.company;
    case WH_COLUMN_CONSENT:
        return &draft->touch.consent;
    case WH_COLUMN_LEAD:
    case WH_COLUMN_FIELD:
    case WH_COLUMN_EMAIL:
    case WH_COLUMN_PHONE:
    case WH_COLUMN_CRM:
    case WH_COLUMN_EMPLOYER:
    case WH_COLUMN_PERSON_VALUE:
    case WH_COLUMN_EARNED:
    case WH_COLUMN_PERSON:
    case WH_COLUMN_PLACE:
    case WH_COLUMN_VERDICT:
    case WH_COLUMN_REPORT:
        return &draft->touch.lead;
    }
    return &draft->touch.lead;
}

static enum wh_type
declared_type(const struct wh_ruleset *ruleset, enum wh_column_kind kind, struct wh_str name)
{
    int64_t column = -1;
    return wh_table_find(&ruleset->column_index[kind], name, &column)
               ? ruleset->columns[column].type
               : WH_TYPE_UNKNOWN;
}

static void
push_named(struct wh_test_draft *draft, enum wh_column_kind kind, struct wh_str name,
           const struct wh_tree *tree)
{
    struct wh_test_reader *reader = draft->reader;
    struct wh_named_list *list = list_of(draft, kind);
    struct wh_value value;
    if (!wh_test_keys_value(reader->problems, tree, declared_type(reader->ruleset, kind, name),
                            &value)) {
        return;
    }
    if (list->count == WH_TOUCH_NAMED_MAX) {
        (void)wh_problem_error(reader->problems, &tree->location, "a touch has at most %d of them",
                               WH_TOUCH_NAMED_MAX);
        return;
    }
    if (draft->named[kind] == NULL) {
        draft->named[kind] = WH_ARENA_ARRAY(reader->arena, struct wh_named, WH_TOUCH_NAMED_MAX);
        list->items = draft->named[kind];
    }
    draft->named[kind][list->count++] = (struct wh_named){name, value};
}

/* A name that `data` of the model does not list reaches nobody: a mistake of the test. */
static void
check_listed(const struct wh_test_reader *reader, enum wh_listed_part part, struct wh_str name,
             const struct wh_location *location)
{
    static const char *const sections[] = {
        [WH_LISTED_TOUCHES] = "data.touches",
        [WH_LISTED_LEAD] = "data.lead",
        [WH_LISTED_COMPANY] = "data.company",
        [WH_LISTED_PROPS] = "data.props",
    };
    struct wh_nearest nearest = wh_nearest_to(name);
    if (wh_listed_has(reader->model, part, name, &nearest)) {
        return;
    }
    if (wh_nearest_found(&nearest)) {
        (void)wh_problem_error(reader->problems, location,
                               "\"%.*s\" is not listed under %s; did you mean \"%.*s\"?",
                               WH_STR_ARG(name), sections[part], WH_STR_ARG(nearest.best));
    } else {
        (void)wh_problem_error(reader->problems, location, "\"%.*s\" is not listed under %s",
                               WH_STR_ARG(name), sections[part]);
    }
}

static void
push_listed(struct wh_test_draft *draft, enum wh_column_kind kind, enum wh_listed_part part,
            const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        check_listed(draft->reader, part, entries[i].key, &entries[i].key_location);
        push_named(draft, kind, entries[i].key, entries[i].value);
    }
}

void
wh_test_draft_props(struct wh_test_draft *draft, const struct wh_tree *tree)
{
    push_listed(draft, WH_COLUMN_PROP, WH_LISTED_PROPS, tree);
}

void
wh_test_draft_company(struct wh_test_draft *draft, const struct wh_tree *tree)
{
    push_listed(draft, WH_COLUMN_COMPANY, WH_LISTED_COMPANY, tree);
}

void
wh_test_draft_consent(struct wh_test_draft *draft, const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        push_named(draft, WH_COLUMN_CONSENT, entries[i].key, entries[i].value);
    }
}

static void
push_key(struct wh_test_draft *draft, enum wh_key_kind kind, const struct wh_tree *tree)
{
    struct wh_test_reader *reader = draft->reader;
    struct wh_str raw;
    struct wh_str value;
    bool is_read = wh_scalar_text(reader->problems, tree, &raw);
    if (is_read && draft->key_count < WH_TEST_KEYS_MAX &&
        wh_key_normalise(reader->arena, kind, raw, &value)) {
        draft->keys[draft->key_count++] = (struct wh_key){kind, value};
    }
}

/* One value or a list of them. */
static void
push_keys(struct wh_test_draft *draft, enum wh_key_kind kind, const struct wh_tree *tree)
{
    bool is_list = tree->kind == WH_TREE_SEQUENCE;
    for (size_t i = 0; is_list && i < tree->count; i++) {
        push_key(draft, kind, tree->items[i]);
    }
    if (!is_list) {
        push_key(draft, kind, tree);
    }
}

void
wh_test_draft_lead(struct wh_test_draft *draft, const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree_entry *entry = &entries[i];
        if (wh_str_is(entry->key, "consent")) {
            wh_test_draft_consent(draft, entry->value);
        } else if (wh_str_is(entry->key, "company")) {
            push_named(draft, WH_COLUMN_COMPANY, WH_STR("domain"), entry->value);
        } else if (wh_str_is(entry->key, "email")) {
            push_keys(draft, WH_KEY_EMAIL, entry->value);
        } else if (wh_str_is(entry->key, "phone")) {
            push_keys(draft, WH_KEY_PHONE, entry->value);
        } else {
            check_listed(draft->reader, WH_LISTED_LEAD, entry->key, &entry->key_location);
            push_named(draft, WH_COLUMN_LEAD, entry->key, entry->value);
        }
    }
}

void
wh_test_draft_ids(struct wh_test_draft *draft, const struct wh_tree *tree)
{
    struct wh_problems *problems = draft->reader->problems;
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        enum wh_key_kind kind;
        if (wh_key_kind_find(entries[i].key, &kind) && kind <= WH_KEY_ANON) {
            push_keys(draft, kind, entries[i].value);
            continue;
        }
        struct wh_nearest nearest = wh_nearest_to(entries[i].key);
        for (int known = 0; known <= WH_KEY_ANON; known++) {
            wh_nearest_offer(&nearest, wh_str_of(wh_key_kind_str((enum wh_key_kind)known)), 0);
        }
        wh_test_keys_unknown(problems, &entries[i].key_location, "kind of identifier", &nearest);
    }
}

void
wh_test_draft_init(struct wh_test_draft *draft, struct wh_test_reader *reader)
{
    *draft = (struct wh_test_draft){.reader = reader};
    for (int field = 0; field < WH_FIELD_COUNT; field++) {
        draft->touch.fields[field] = WH_UNKNOWN;
    }
}

void
wh_test_draft_person(struct wh_test_draft *draft, size_t person)
{
    struct wh_key key = {WH_KEY_USER, draft->reader->test->people[person]};
    draft->keys[draft->key_count++] = key;
}

void
wh_test_draft_type(const struct wh_test_draft *draft, const struct wh_tree *type)
{
    if (type != NULL && type->kind == WH_TREE_SCALAR) {
        check_listed(draft->reader, WH_LISTED_TOUCHES, type->text, &type->location);
    }
}

/* Strongest first, then bytes; equal ones once. Insertion into at most WH_TEST_KEYS_MAX. */
static void
sort_keys(struct wh_test_draft *draft)
{
    struct wh_key *keys = draft->keys;
    size_t count = 0;
    for (size_t i = 0; i < draft->key_count; i++) {
        struct wh_key key = keys[i];
        size_t place = count;
        while (place > 0 && wh_key_compare(keys[place - 1], key) > 0) {
            place--;
        }
        if (place > 0 && wh_key_compare(keys[place - 1], key) == 0) {
            continue;
        }
        memmove(keys + place + 1, keys + place, (count - place) * sizeof(*keys));
        keys[place] = key;
        count++;
    }
    draft->key_count = count;
}

void
wh_test_draft_finish(struct wh_test_draft *draft, const struct wh_tree *tree)
{
    struct wh_test_reader *reader = draft->reader;
    struct wh_touch *touch = &draft->touch;
    sort_keys(draft);
    touch->key_count = draft->key_count < WH_TOUCH_KEYS_MAX ? draft->key_count : WH_TOUCH_KEYS_MAX;
    memcpy(touch->keys, draft->keys, touch->key_count * sizeof(*touch->keys));
    if (touch->key_count == 0) {
        (void)wh_problem_error(reader->problems, &tree->location,
                               "the touch has no usable identifier");
    }
    for (size_t i = 0; i < touch->key_count && reader->domain != NULL; i++) {
        if (touch->keys[i].kind == WH_KEY_EMAIL) {
            touch->email_company =
                wh_domain_of_email(reader->domain, reader->arena, touch->keys[i].value);
            break;
        }
    }
    touch->digest = wh_hash_fingerprint(wh_location_text(&tree->location));
}
