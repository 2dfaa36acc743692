/* Touches of a model test. What a touch says is typed as its JSON would be. */
#include "engine/lab/test_draft.h"
#include "engine/language/scalars.h"
#include "engine/runtime/intake.h"
#include "engine/score/command_touch.h"

static const struct wh_test_key touch_keys[] = {
    {"at", WH_TEST_KEY_REQUIRED},      {"type", WH_TEST_KEY_REQUIRED},
    {"who", WH_TEST_KEY_OPTIONAL},     {"id", WH_TEST_KEY_OPTIONAL},
    {"arrives", WH_TEST_KEY_OPTIONAL}, {"repeat", WH_TEST_KEY_OPTIONAL},
    {"every", WH_TEST_KEY_OPTIONAL},   {"ids", WH_TEST_KEY_OPTIONAL},
    {"props", WH_TEST_KEY_OPTIONAL},   {"lead", WH_TEST_KEY_OPTIONAL},
    {"company", WH_TEST_KEY_OPTIONAL}, {"consent", WH_TEST_KEY_OPTIONAL},
};
static const struct wh_test_section touch_section = WH_TEST_SECTION("a touch", touch_keys, true);

static void
set_field(struct wh_test_draft *draft, enum wh_field field, const struct wh_tree *tree)
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
set_page(struct wh_test_draft *draft, const struct wh_tree *tree)
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
set_field_group(struct wh_test_draft *draft, const struct wh_tree_entry *group)
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
set_fields(struct wh_test_draft *draft, const struct wh_tree *tree)
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
    } else if (is_read && timing->arrives < timing->at - WH_INTAKE_TOLERANCE) {
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

/* A touch of type identity.* has to say who is meant. */
static void
check_command(const struct wh_test_reader *reader, const struct wh_touch *touch,
              const struct wh_tree *tree)
{
    struct wh_key to;
    struct wh_identity_message told;
    struct wh_command_fault fault;
    if (wh_touch_is_command(touch) &&
        !wh_command_of_touch(touch, reader->arena, &to, &told, &fault)) {
        (void)wh_problem_error(reader->problems, &tree->location,
                               "a command about who is who: %.*s: %.*s", WH_STR_ARG(fault.field),
                               WH_STR_ARG(fault.detail));
    }
}

void
wh_test_read_touch(struct wh_test_reader *reader, const struct wh_tree *tree)
{
    struct wh_test_draft draft;
    struct timing timing;
    struct wh_test_message message = {.person = 0};
    wh_test_draft_init(&draft, reader);
    if (!wh_test_keys_check(reader->problems, tree, &touch_section)) {
        return;
    }
    bool is_timed = read_timing(reader, tree, &timing);
    wh_test_reader_use(reader, timing.arrives, false);
    const struct wh_tree *id = wh_tree_find(tree, "id");
    const struct wh_tree *ids = wh_tree_find(tree, "ids");
    (void)wh_test_read_person(reader, wh_tree_find(tree, "who"), true, &message.person);
    if (ids == NULL) {
        wh_test_draft_person(&draft, message.person);
    } else {
        wh_test_draft_ids(&draft, ids);
    }
    set_fields(&draft, tree);
    wh_test_draft_props(&draft, wh_tree_find(tree, "props"));
    wh_test_draft_company(&draft, wh_tree_find(tree, "company"));
    wh_test_draft_consent(&draft, wh_tree_find(tree, "consent"));
    wh_test_draft_lead(&draft, wh_tree_find(tree, "lead"));
    if (id != NULL) {
        (void)wh_scalar_text(reader->problems, id, &draft.touch.id);
    }
    wh_test_draft_type(&draft, wh_tree_find(tree, "type"));
    wh_test_draft_finish(&draft, tree);
    message.touch = draft.touch;
    check_command(reader, &message.touch, tree);
    if (is_timed) {
        push_repeated(reader, &message, &timing, tree);
    }
}

void
wh_test_read_attributes(struct wh_test_reader *reader, size_t person, const struct wh_tree *lead,
                        const struct wh_tree *company)
{
    struct wh_test_draft draft;
    bool is_empty = (lead == NULL || lead->count == 0) && (company == NULL || company->count == 0);
    wh_test_draft_init(&draft, reader);
    if (lead != NULL && wh_tree_is_empty(lead)) {
        lead = NULL;
    }
    wh_test_draft_person(&draft, person);
    wh_test_draft_company(&draft, company);
    wh_test_draft_lead(&draft, lead);
    if (is_empty) {
        return;
    }
    struct wh_buf id;
    wh_buf_init(&id, reader->arena);
    wh_buf_printf(&id, "0-%.*s", WH_STR_ARG(reader->test->people[person]));
    draft.touch.id = wh_buf_str(&id);
    draft.touch.fields[WH_FIELD_TYPE] = wh_value_string(WH_STR("attributes"));
    draft.touch.occurred = draft.touch.received = reader->test->start;
    wh_test_draft_finish(&draft, lead != NULL ? lead : company);
    struct wh_test_message message = {
        .arrives = reader->test->start,
        .person = person,
        .touch = draft.touch,
    };
    push_message(reader, &message);
}
