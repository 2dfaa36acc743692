/* Touches of a model test. What a touch says is typed as its JSON would be. */
#include "engine/base/hash.h"
#include "engine/lab/play.h"
#include "engine/lab/test_reader.h"
#include "engine/language/scalars.h"

/* More than the 8 that count, so that the strongest of many can be chosen. */
#define KEYS_MAX 64

struct draft {
    struct wh_test_reader *reader;
    struct wh_touch touch;
    struct wh_named *named[WH_COLUMN_CONSENT + 1]; /* by what they speak of */
    struct wh_key keys[KEYS_MAX];
    size_t key_count;
};

static const struct wh_test_key touch_keys[] = {
    {"at", WH_TEST_KEY_REQUIRED},      {"type", WH_TEST_KEY_REQUIRED},
    {"who", WH_TEST_KEY_OPTIONAL},     {"id", WH_TEST_KEY_OPTIONAL},
    {"arrives", WH_TEST_KEY_OPTIONAL}, {"repeat", WH_TEST_KEY_OPTIONAL},
    {"every", WH_TEST_KEY_OPTIONAL},   {"ids", WH_TEST_KEY_OPTIONAL},
    {"props", WH_TEST_KEY_OPTIONAL},   {"lead", WH_TEST_KEY_OPTIONAL},
    {"company", WH_TEST_KEY_OPTIONAL}, {"consent", WH_TEST_KEY_OPTIONAL},
};
static const struct wh_test_section touch_section = WH_TEST_SECTION("a touch", touch_keys, true);

static struct wh_named_list *
list_of(struct draft *draft, enum wh_column_kind kind)
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
push_named(struct draft *draft, enum wh_column_kind kind, struct wh_str name,
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

static void
push_all_named(struct draft *draft, enum wh_column_kind kind, const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        push_named(draft, kind, entries[i].key, entries[i].value);
    }
}

static void
push_key(struct draft *draft, enum wh_key_kind kind, const struct wh_tree *tree)
{
    struct wh_test_reader *reader = draft->reader;
    struct wh_str raw;
    struct wh_str value;
    if (tree->kind == WH_TREE_SEQUENCE) {
        for (size_t i = 0; i < tree->count; i++) {
            if (tree->items[i]->kind == WH_TREE_SCALAR) {
                push_key(draft, kind, tree->items[i]);
            }
        }
        return;
    }
    if (!wh_scalar_text(reader->problems, tree, &raw) || draft->key_count == KEYS_MAX) {
        return;
    }
    if (wh_key_normalise(reader->arena, kind, raw, &value)) {
        draft->keys[draft->key_count++] = (struct wh_key){kind, value};
    }
}

/* Attributes as a test writes them: consent, company, e-mail and phone stand among them. */
static void
push_lead(struct draft *draft, const struct wh_tree *tree)
{
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(draft->reader->problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        const struct wh_tree_entry *entry = &entries[i];
        if (wh_str_is(entry->key, "consent")) {
            push_all_named(draft, WH_COLUMN_CONSENT, entry->value);
        } else if (wh_str_is(entry->key, "company")) {
            push_named(draft, WH_COLUMN_COMPANY, WH_STR("domain"), entry->value);
        } else if (wh_str_is(entry->key, "email")) {
            push_key(draft, WH_KEY_EMAIL, entry->value);
        } else if (wh_str_is(entry->key, "phone")) {
            push_key(draft, WH_KEY_PHONE, entry->value);
        } else {
            push_named(draft, WH_COLUMN_LEAD, entry->key, entry->value);
        }
    }
}

static void
push_ids(struct draft *draft, const struct wh_tree *tree)
{
    struct wh_problems *problems = draft->reader->problems;
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(problems, tree, &entries);
    for (size_t i = 0; i < count; i++) {
        enum wh_key_kind kind;
        if (wh_key_kind_find(entries[i].key, &kind) && kind <= WH_KEY_ANON) {
            push_key(draft, kind, entries[i].value);
            continue;
        }
        struct wh_nearest nearest = wh_nearest_to(entries[i].key);
        for (int known = 0; known <= WH_KEY_ANON; known++) {
            wh_nearest_offer(&nearest, wh_str_of(wh_key_kind_str((enum wh_key_kind)known)), 0);
        }
        wh_test_keys_unknown(problems, &entries[i].key_location, "kind of identifier", &nearest);
    }
}

static void
set_field(struct draft *draft, enum wh_field field, const struct wh_tree *tree)
{
    int64_t number = 0;
    struct wh_str text;
    struct wh_problems *problems = draft->reader->problems;
    if (wh_field_infos[field].type == WH_TYPE_NUMBER) {
        if (wh_scalar_number(problems, tree, &number)) {
            draft->touch.fields[field] = wh_value_of(WH_TYPE_NUMBER, number);
        }
    } else if (wh_scalar_text(problems, tree, &text)) {
        draft->touch.fields[field] = wh_value_string(text);
    }
}

static size_t
find_byte(struct wh_str text, size_t from, const char *any)
{
    while (from < text.len && strchr(any, text.ptr[from]) == NULL) {
        from++;
    }
    return from;
}

/* `page: /x` or a whole address: the url, and what is in it. */
static void
set_page(struct draft *draft, const struct wh_tree *tree)
{
    struct wh_value *fields = draft->touch.fields;
    struct wh_str text;
    size_t path = 0;
    if (!wh_scalar_text(draft->reader->problems, tree, &text)) {
        return;
    }
    size_t scheme = find_byte(text, 0, ":/?#");
    if (text.len > scheme + 3 && memcmp(text.ptr + scheme, "://", 3) == 0) {
        path = find_byte(text, scheme + 3, "/?#");
        fields[WH_FIELD_PAGE_HOST] = wh_value_string(wh_str_slice(text, scheme + 3, path));
    }
    size_t end = find_byte(text, path, "?#");
    fields[WH_FIELD_PAGE_URL] = wh_value_string(text);
    fields[WH_FIELD_PAGE_PATH] = wh_value_string(wh_str_slice(text, path, end));
    if (end < text.len && text.ptr[end] == '?') {
        size_t stop = find_byte(text, end, "#");
        fields[WH_FIELD_PAGE_QUERY] = wh_value_string(wh_str_slice(text, end + 1, stop));
    }
}

/* `campaign: { term: x }` is touch.campaign.term. */
static void
set_field_group(struct draft *draft, const struct wh_tree_entry *group)
{
    struct wh_test_reader *reader = draft->reader;
    const struct wh_tree_entry *entries;
    size_t count = wh_test_keys_entries(reader->problems, group->value, &entries);
    for (size_t i = 0; i < count; i++) {
        struct wh_buf name;
        wh_buf_init(&name, reader->arena);
        wh_buf_printf(&name, "%.*s.%.*s", WH_STR_ARG(group->key), WH_STR_ARG(entries[i].key));
        enum wh_field field = wh_field_find(wh_buf_str(&name));
        if (field != WH_FIELD_COUNT) {
            set_field(draft, field, entries[i].value);
            continue;
        }
        struct wh_nearest nearest = wh_nearest_to(wh_buf_str(&name));
        for (int known = 0; known < WH_FIELD_COUNT; known++) {
            wh_nearest_offer(&nearest, wh_str_of(wh_field_infos[known].language), 0);
        }
        wh_test_keys_unknown(reader->problems, &entries[i].key_location, "field", &nearest);
    }
}

static bool
is_touch_key(struct wh_str key)
{
    for (size_t i = 0; i < touch_section.count; i++) {
        if (wh_str_is(key, touch_section.keys[i].name)) {
            return !wh_str_is(key, "type");
        }
    }
    return false;
}

static bool
is_field_group(struct wh_str key)
{
    return wh_str_is(key, "page") || wh_str_is(key, "campaign") || wh_str_is(key, "network") ||
           wh_str_is(key, "device");
}

static void
set_fields(struct draft *draft, const struct wh_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct wh_tree_entry *entry = &tree->entries[i];
        enum wh_field field = wh_field_find(entry->key);
        if (is_touch_key(entry->key)) {
            continue;
        }
        if (wh_str_is(entry->key, "page") && entry->value->kind == WH_TREE_SCALAR) {
            set_page(draft, entry->value);
        } else if (is_field_group(entry->key)) {
            set_field_group(draft, entry);
        } else if (field != WH_FIELD_COUNT) {
            set_field(draft, field, entry->value);
        }
    }
}

/* Strongest first, then bytes; equal ones once. Insertion into at most KEYS_MAX. */
static void
sort_keys(struct draft *draft)
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

static void
finish(struct draft *draft, const struct wh_tree *tree)
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

static void
push_message(struct wh_test_reader *reader, const struct wh_test_message *message)
{
    struct wh_test_case *test = reader->test;
    if (test->message_count == reader->message_capacity) {
        size_t capacity = reader->message_capacity == 0 ? 16 : 2 * reader->message_capacity;
        test->messages = wh_arena_grow(reader->arena, test->messages, test->message_count, capacity,
                                       sizeof(*test->messages));
        reader->message_capacity = capacity;
    }
    test->messages[test->message_count] = *message;
    test->messages[test->message_count].order = test->message_count;
    test->message_count++;
}

/* t0001, t0002, … in file order, so that touches of one instant keep it; of a repeated touch with
 * an id of its own: id, id.2, id.3, … */
static struct wh_str
name_touch(struct wh_test_reader *reader, struct wh_str given, size_t nth)
{
    struct wh_buf buf;
    wh_buf_init(&buf, reader->arena);
    if (given.len == 0) {
        wh_buf_printf(&buf, "t%04zu", reader->touch_count);
    } else if (nth == 0) {
        wh_buf_push(&buf, given);
    } else {
        wh_buf_printf(&buf, "%.*s.%zu", WH_STR_ARG(given), nth + 1);
    }
    return wh_buf_str(&buf);
}

struct timing {
    int64_t at, arrives, every;
    int64_t repeat;
};

static bool
read_timing(struct wh_test_reader *reader, const struct wh_tree *tree, struct timing *timing)
{
    struct wh_problems *problems = reader->problems;
    const struct wh_test_case *test = reader->test;
    const struct wh_tree *at = wh_tree_find(tree, "at");
    const struct wh_tree *arrives = wh_tree_find(tree, "arrives");
    const struct wh_tree *repeat = wh_tree_find(tree, "repeat");
    const struct wh_tree *every = wh_tree_find(tree, "every");
    *timing = (struct timing){.repeat = 1};
    bool is_read =
        at != NULL && wh_test_keys_moment(problems, at, test->start, test->zone, &timing->at);
    timing->arrives = timing->at;
    if (arrives != NULL &&
        !wh_test_keys_moment(problems, arrives, test->start, test->zone, &timing->arrives)) {
        is_read = false;
    } else if (is_read && timing->arrives < timing->at - WH_PLAY_TOLERANCE) {
        (void)wh_problem_error(problems, &arrives->location,
                               "arrives more than 10m before it happens; it would be rejected");
    }
    if (repeat != NULL &&
        !wh_scalar_count(problems, repeat, 1, WH_TEST_MESSAGES_MAX, &timing->repeat)) {
        is_read = false;
    }
    return (every == NULL || wh_scalar_duration(problems, every, &timing->every)) && is_read;
}

static void
push_repeated(struct wh_test_reader *reader, struct wh_test_message *message,
              const struct timing *timing, const struct wh_tree *tree)
{
    struct wh_str given = message->touch.id;
    if (reader->test->message_count + (size_t)timing->repeat > WH_TEST_MESSAGES_MAX) {
        (void)wh_problem_error(reader->problems, &tree->location,
                               "a test has at most %d touches, repeated ones included",
                               WH_TEST_MESSAGES_MAX);
        return;
    }
    for (int64_t nth = 0; nth < timing->repeat; nth++) {
        int64_t shift = nth * timing->every;
        message->arrives = timing->arrives + shift;
        message->touch.occurred = timing->at + shift;
        message->touch.received = message->arrives;
        reader->touch_count++;
        message->touch.id = name_touch(reader, given, (size_t)nth);
        push_message(reader, message);
    }
}

static void
draft_init(struct draft *draft, struct wh_test_reader *reader)
{
    *draft = (struct draft){.reader = reader};
    for (int field = 0; field < WH_FIELD_COUNT; field++) {
        draft->touch.fields[field] = WH_UNKNOWN;
    }
}

/* Without ids of its own the touch names its person; whatever the name is, it is no placeholder. */
static void
push_person(struct draft *draft, size_t person)
{
    struct wh_key key = {WH_KEY_USER, draft->reader->test->people[person]};
    draft->keys[draft->key_count++] = key;
}

void
wh_test_read_touch(struct wh_test_reader *reader, const struct wh_tree *tree)
{
    struct draft draft;
    struct timing timing;
    struct wh_test_message message = {.person = 0};
    draft_init(&draft, reader);
    if (!wh_test_keys_check(reader->problems, tree, &touch_section)) {
        return;
    }
    bool is_timed = read_timing(reader, tree, &timing);
    const struct wh_tree *id = wh_tree_find(tree, "id");
    const struct wh_tree *ids = wh_tree_find(tree, "ids");
    (void)wh_test_read_person(reader, wh_tree_find(tree, "who"), true, &message.person);
    if (ids == NULL) {
        push_person(&draft, message.person);
    } else {
        push_ids(&draft, ids);
    }
    set_fields(&draft, tree);
    push_all_named(&draft, WH_COLUMN_PROP, wh_tree_find(tree, "props"));
    push_all_named(&draft, WH_COLUMN_COMPANY, wh_tree_find(tree, "company"));
    push_all_named(&draft, WH_COLUMN_CONSENT, wh_tree_find(tree, "consent"));
    push_lead(&draft, wh_tree_find(tree, "lead"));
    if (id != NULL) {
        (void)wh_scalar_text(reader->problems, id, &draft.touch.id);
    }
    finish(&draft, tree);
    message.touch = draft.touch;
    if (is_timed) {
        push_repeated(reader, &message, &timing, tree);
    }
}

void
wh_test_read_attributes(struct wh_test_reader *reader, size_t person, const struct wh_tree *lead,
                        const struct wh_tree *company)
{
    struct draft draft;
    bool is_empty = (lead == NULL || lead->count == 0) && (company == NULL || company->count == 0);
    draft_init(&draft, reader);
    if (lead != NULL && wh_tree_is_empty(lead)) {
        lead = NULL;
    }
    push_person(&draft, person);
    push_all_named(&draft, WH_COLUMN_COMPANY, company);
    push_lead(&draft, lead);
    if (is_empty) {
        return;
    }
    struct wh_buf id;
    wh_buf_init(&id, reader->arena);
    wh_buf_printf(&id, "0-%.*s", WH_STR_ARG(reader->test->people[person]));
    draft.touch.id = wh_buf_str(&id);
    draft.touch.fields[WH_FIELD_TYPE] = wh_value_string(WH_STR("attributes"));
    draft.touch.occurred = draft.touch.received = reader->test->start;
    finish(&draft, lead != NULL ? lead : company);
    struct wh_test_message message = {
        .arrives = reader->test->start,
        .person = person,
        .touch = draft.touch,
    };
    push_message(reader, &message);
}
