#include "engine/language/intern.h"

#include "engine/language/pattern.h"

struct standard_type {
    const char *name;
    const char *source;
    bool act;
};

static const struct standard_type standard_types[] = {
#define TYPE(name, source, act) {name, source, act},
#include "engine/language/standard_types.def"
#undef TYPE
};

/* Shown in events and stories, so kept whatever the model reads (design.md 9). */
static const enum wh_field fields_always_kept[] = {
    WH_FIELD_TYPE,         WH_FIELD_SOURCE,          WH_FIELD_PAGE_PATH,
    WH_FIELD_ASSET,        WH_FIELD_PRODUCT,         WH_FIELD_THEME,
    WH_FIELD_CHANNEL,      WH_FIELD_CAMPAIGN_NAME,   WH_FIELD_SEND,
    WH_FIELD_LINK,         WH_FIELD_SECONDS,         WH_FIELD_AMOUNT,
    WH_FIELD_MEDIA,        WH_FIELD_NETWORK_COUNTRY, WH_FIELD_NETWORK_ORGANISATION,
    WH_FIELD_DEVICE_CLASS,
};

static int32_t
add_type(struct wh_compiler *compiler, struct wh_touch_type type, bool is_known)
{
    size_t count = compiler->ruleset->type_count;
    compiler->types = wh_compiler_room(compiler, compiler->types, count, sizeof(type));
    compiler->type_notes =
        wh_compiler_room(compiler, compiler->type_notes, count, sizeof(struct wh_type_note));
    compiler->types[count] = type;
    compiler->type_notes[count].is_known = is_known;
    wh_table_put(&compiler->ruleset->type_index, type.name, (int64_t)count);
    compiler->ruleset->type_count++;
    return (int32_t)count;
}

static int32_t
add_column(struct wh_compiler *compiler, struct wh_column column)
{
    size_t count = compiler->ruleset->column_count;
    compiler->columns = wh_compiler_room(compiler, compiler->columns, count, sizeof(column));
    compiler->columns[count] = column;
    if (wh_column_is_named(column.kind)) {
        wh_table_put(&compiler->ruleset->column_index[column.kind], column.name, (int64_t)count);
    }
    compiler->ruleset->column_count++;
    return (int32_t)count;
}

static void
add_fields(struct wh_compiler *compiler)
{
    for (int i = 0; i < WH_FIELD_COUNT; i++) {
        const struct wh_field_info *info = &wh_field_infos[i];
        (void)add_column(compiler, (struct wh_column){WH_COLUMN_FIELD, wh_str_of(info->language),
                                                      info->type, false});
    }
    /* A company keeps what its events show of a campaign, and what its parts read. */
    if (compiler->is_company) {
        wh_intern_field(compiler, WH_FIELD_CHANNEL);
        wh_intern_field(compiler, WH_FIELD_CAMPAIGN_NAME);
        return;
    }
    for (size_t i = 0; i < sizeof(fields_always_kept) / sizeof(fields_always_kept[0]); i++) {
        wh_intern_field(compiler, fields_always_kept[i]);
    }
}

static int32_t
add_identifier(struct wh_compiler *compiler, enum wh_column_kind kind)
{
    return add_column(compiler, (struct wh_column){kind, WH_STR(""), WH_TYPE_STRING, true});
}

static void
add_heard(struct wh_compiler *compiler)
{
    struct wh_column verdict = {WH_COLUMN_VERDICT, WH_STR(""), WH_TYPE_NUMBER, true};
    compiler->person_column = add_identifier(compiler, WH_COLUMN_PERSON);
    compiler->place_column = add_identifier(compiler, WH_COLUMN_PLACE);
    compiler->verdict_column = add_column(compiler, verdict);
}

static int32_t
attribute_of(struct wh_compiler *compiler, enum wh_column_kind kind, struct wh_str name)
{
    return wh_intern_attribute(compiler, wh_intern_column(compiler, kind, name, WH_TYPE_UNKNOWN));
}

static void
add_attributes(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    ruleset->email_column = add_identifier(compiler, WH_COLUMN_EMAIL);
    ruleset->phone_column = add_identifier(compiler, WH_COLUMN_PHONE);
    ruleset->crm_column = add_identifier(compiler, WH_COLUMN_CRM);
    ruleset->employer_column = add_identifier(compiler, WH_COLUMN_EMPLOYER);
    ruleset->email = wh_intern_attribute(compiler, ruleset->email_column);
    ruleset->phone = wh_intern_attribute(compiler, ruleset->phone_column);
    ruleset->crm = wh_intern_attribute(compiler, ruleset->crm_column);
    ruleset->employer = wh_intern_attribute(compiler, ruleset->employer_column);
    ruleset->company_domain = attribute_of(compiler, WH_COLUMN_COMPANY, WH_STR("domain"));
    ruleset->company_name = attribute_of(compiler, WH_COLUMN_COMPANY, WH_STR("name"));
    ruleset->country = attribute_of(compiler, WH_COLUMN_LEAD, WH_STR("country"));
    ruleset->name_attr = attribute_of(compiler, WH_COLUMN_LEAD, WH_STR("name"));
    ruleset->role_attr = attribute_of(compiler, WH_COLUMN_LEAD, WH_STR("role"));
    ruleset->network_country = wh_intern_attribute(compiler, WH_FIELD_NETWORK_COUNTRY);
    ruleset->network_organisation = wh_intern_attribute(compiler, WH_FIELD_NETWORK_ORGANISATION);
    (void)attribute_of(compiler, WH_COLUMN_CONSENT, WH_STR("marketing"));
    (void)attribute_of(compiler, WH_COLUMN_CONSENT, WH_STR("tracking"));
}

void
wh_intern_init(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    wh_table_init(&ruleset->type_index, compiler->arena);
    for (int kind = 0; kind < WH_COLUMN_KINDS; kind++) {
        wh_table_init(&ruleset->column_index[kind], compiler->arena);
    }
    wh_table_init(&compiler->aggregate_index, compiler->arena);
    wh_table_init(&compiler->list_index, compiler->arena);
    wh_table_init(&compiler->regex_index, compiler->arena);
    for (size_t i = 0; i < sizeof(standard_types) / sizeof(standard_types[0]); i++) {
        const struct standard_type *type = &standard_types[i];
        (void)add_type(
            compiler,
            (struct wh_touch_type){wh_str_of(type->name), type->act, wh_str_of(type->source)},
            true);
    }
    add_fields(compiler);
    add_attributes(compiler);
    if (compiler->is_company) {
        add_heard(compiler);
    }
}

int32_t
wh_intern_find_type(const struct wh_compiler *compiler, struct wh_str name)
{
    int64_t index = -1;
    return wh_table_find(&compiler->ruleset->type_index, name, &index) ? (int32_t)index : -1;
}

int32_t
wh_intern_type(struct wh_compiler *compiler, struct wh_str name)
{
    int32_t index = wh_intern_find_type(compiler, name);
    if (index >= 0) {
        return index;
    }
    struct wh_touch_type type = {wh_arena_str(compiler->arena, name), true, WH_STR("web")};
    return add_type(compiler, type, false);
}

int32_t
wh_intern_column(struct wh_compiler *compiler, enum wh_column_kind kind, struct wh_str name,
                 enum wh_type type)
{
    int64_t index = -1;
    if (wh_table_find(&compiler->ruleset->column_index[kind], name, &index)) {
        if (type != WH_TYPE_UNKNOWN) {
            compiler->columns[index].type = type;
        }
        return (int32_t)index;
    }
    struct wh_column column = {kind, wh_arena_str(compiler->arena, name), type, true};
    return add_column(compiler, column);
}

void
wh_intern_field(struct wh_compiler *compiler, enum wh_field field)
{
    compiler->columns[field].kept = true;
}

int32_t
wh_intern_attribute(struct wh_compiler *compiler, int32_t column)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    for (size_t i = 0; i < ruleset->attribute_count; i++) {
        if (ruleset->attributes[i].column == column) {
            return (int32_t)i;
        }
    }
    ruleset->attributes = wh_compiler_room(compiler, ruleset->attributes, ruleset->attribute_count,
                                           sizeof(struct wh_attribute));
    ruleset->attributes[ruleset->attribute_count] = (struct wh_attribute){column, -1};
    return (int32_t)ruleset->attribute_count++;
}

int32_t
wh_intern_signal(struct wh_compiler *compiler, enum wh_signal_kind kind, int32_t of, int64_t keep)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    for (size_t i = 0; i < ruleset->signal_count; i++) {
        struct wh_signal *signal = &ruleset->signals[i];
        if (signal->kind == kind && signal->of == of) {
            signal->keep = signal->keep < keep ? keep : signal->keep;
            return (int32_t)i;
        }
    }
    ruleset->signals = wh_compiler_room(compiler, ruleset->signals, ruleset->signal_count,
                                        sizeof(struct wh_signal));
    ruleset->signals[ruleset->signal_count] = (struct wh_signal){kind, of, keep, -1};
    return (int32_t)ruleset->signal_count++;
}

/* Equal lists have equal keys: type, then each value with its length. */
static struct wh_str
list_key(struct wh_compiler *compiler, enum wh_type type, const struct wh_value *values,
         size_t count)
{
    struct wh_buf key;
    wh_buf_init(&key, compiler->arena);
    wh_buf_push_text(&key, wh_type_str(type));
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_char(&key, ' ');
        if (type == WH_TYPE_STRING) {
            wh_buf_push_int(&key, (int64_t)values[i].text.len);
            wh_buf_push_char(&key, ':');
            wh_buf_push(&key, values[i].text);
        } else {
            wh_buf_push_int(&key, values[i].number);
        }
    }
    return wh_buf_str(&key);
}

int32_t
wh_intern_list(struct wh_compiler *compiler, enum wh_type type, const struct wh_value *values,
               size_t count)
{
    struct wh_str key = list_key(compiler, type, values, count);
    int64_t index = -1;
    if (wh_table_find(&compiler->list_index, key, &index)) {
        return (int32_t)index;
    }
    size_t at = compiler->ruleset->list_count;
    compiler->lists = wh_compiler_room(compiler, compiler->lists, at, sizeof(struct wh_text_list));
    struct wh_text_list *list = &compiler->lists[at];
    *list = (struct wh_text_list){.type = type, .count = count, .values = values};
    wh_table_init(&list->by_text, compiler->arena);
    for (size_t i = 0; type == WH_TYPE_STRING && i < count; i++) {
        wh_table_put(&list->by_text, values[i].text, (int64_t)i);
    }
    wh_table_put(&compiler->list_index, key, (int64_t)at);
    compiler->ruleset->list_count++;
    return (int32_t)at;
}

int32_t
wh_intern_regex(struct wh_compiler *compiler, struct wh_str pattern, bool ignores_case,
                const struct wh_location *location)
{
    struct wh_buf key;
    wh_buf_init(&key, compiler->arena);
    wh_buf_push_char(&key, ignores_case ? 'i' : 'm');
    wh_buf_push(&key, pattern);
    int64_t index = -1;
    if (wh_table_find(&compiler->regex_index, wh_buf_str(&key), &index)) {
        return (int32_t)index;
    }
    const void *code = wh_pattern_compile(compiler->problems, pattern, ignores_case, location);
    if (code == NULL) {
        return -1;
    }
    size_t at = compiler->ruleset->regex_count;
    compiler->regexes = wh_compiler_room(compiler, compiler->regexes, at, sizeof(struct wh_regex));
    compiler->regexes[at] = (struct wh_regex){wh_arena_str(compiler->arena, pattern), code};
    wh_table_put(&compiler->regex_index, wh_buf_str(&key), (int64_t)at);
    compiler->ruleset->regex_count++;
    return (int32_t)at;
}

static void
publish_consent(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    struct wh_str *names = WH_ARENA_ARRAY(compiler->arena, struct wh_str, ruleset->column_count);
    int32_t *attributes = WH_ARENA_ARRAY(compiler->arena, int32_t, ruleset->column_count);
    size_t count = 0;
    for (size_t i = 0; i < ruleset->column_count; i++) {
        if (compiler->columns[i].kind == WH_COLUMN_CONSENT) {
            names[count] = compiler->columns[i].name;
            attributes[count++] = wh_intern_attribute(compiler, (int32_t)i);
        }
    }
    ruleset->consent_names = names;
    ruleset->consent_attributes = attributes;
    ruleset->consent_count = count;
}

static void
publish_starts(struct wh_compiler *compiler)
{
    size_t count = compiler->ruleset->type_count;
    enum wh_verdict *start = WH_ARENA_ARRAY(compiler->arena, enum wh_verdict, count);
    for (size_t i = 0; i < count; i++) {
        start[i] = WH_VERDICT_HUMAN;
    }
    for (size_t i = 0; i < compiler->start_count; i++) {
        start[compiler->starts[i].type] = compiler->starts[i].level;
    }
    compiler->ruleset->start = start;
}

void
wh_intern_publish(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    publish_consent(compiler);
    publish_starts(compiler);
    ruleset->types = compiler->types;
    ruleset->columns = compiler->columns;
    ruleset->lists = compiler->lists;
    ruleset->regexes = compiler->regexes;
}

void
wh_intern_fini(struct wh_compiler *compiler)
{
    for (size_t i = 0; i < compiler->ruleset->regex_count; i++) {
        wh_pattern_free(compiler->regexes[i].code);
    }
    compiler->ruleset->regex_count = 0;
}
