#include "engine/commands/model_schema.h"

#include "engine/language/scalars.h"
#include "proto/json_write.h"

enum form {
    ONE,
    NAME,
    TEXT,
    EXPRESSION, /* text, or a number or true or false as they are */
    SELECTOR,
    DURATION,
    SPAN_LIST, /* durations */
    SPANS,     /* one of them, or a list */
    NUMBER,
    COUNT,
    BOOL,
    PERCENT,
    WEIGHT,
    GRADE,
    CHOICE,
    NAMED,          /* name: a name */
    CHOICE_OR_NAME, /* one of the words, or NAMED */
    WORDS,          /* name: one of the words */
    ONCE,
    LIMIT,
    DECAY, /* none, or a part */
    TEXTS,
    NAMES,
    CONSTANTS,
    EXPRESSIONS, /* by name */
    EXPRESSION_LIST,
    DURATIONS,
    COUNTS,
    SHARES, /* names, or numbers by name */
    TYPES,
    TABLES,
    LISTS,
    LIST, /* its items, or a file */
    PART,
    LIST_OF,
    MAP_OF,
};

enum need { OPTIONAL, REQUIRED };

/* A section is a row without a key. */
struct row {
    const char *section;
    const char *key;
    const char *of;
    const char *what;
    enum form form;
    enum need need;
};

static const struct row rows[] = {
#define SECTION(section, what)         {section, NULL, "", what, PART, OPTIONAL},
#define KEY(key, form, of, need, what) {NULL, key, of, what, form, need},
#include "engine/commands/model_schema.def"
#undef SECTION
#undef KEY
};

#define ROW_COUNT      (sizeof(rows) / sizeof(rows[0]))
#define NAME_PATTERN   "^[a-z][a-z0-9_]{0,47}$"
#define SPAN_PATTERN   "^([0-9]+(us|ms|s|m|h|d|w))+$"
#define SCALAR_TYPES   "string number boolean"
#define WEIGHT_PATTERN "^-?[0-3]/3$"

static void
member(struct wh_json *json, const char *name, const char *text)
{
    wh_json_name(json, name);
    wh_json_str(json, wh_str_of(text));
}

/* The words as a list of texts. */
static void
write_words(struct wh_json *json, const char *name, struct wh_str words)
{
    size_t begin = 0;
    wh_json_name(json, name);
    wh_json_open_list(json);
    for (size_t i = 0; i <= words.len; i++) {
        if (i == words.len || words.ptr[i] == ' ') {
            wh_json_str(json, wh_str_slice(words, begin, i));
            begin = i + 1;
        }
    }
    wh_json_close_list(json);
}

static void
write_pattern(struct wh_json *json, const char *pattern)
{
    member(json, "type", "string");
    member(json, "pattern", pattern);
}

static void
write_part(struct wh_json *json, const char *section)
{
    struct wh_buf reference;
    wh_buf_init(&reference, json->buf->arena);
    wh_buf_printf(&reference, "#/$defs/%s", section);
    member(json, "$ref", wh_buf_text(&reference));
}

static void write_form(struct wh_json *json, enum form form, const char *of);

/* {"items": …} or {"additionalProperties": …}: all of them in one form. */
static void
write_inner(struct wh_json *json, const char *type, enum form form, const char *of)
{
    bool is_list = strcmp(type, "array") == 0;
    member(json, "type", type);
    wh_json_name(json, is_list ? "items" : "additionalProperties");
    wh_json_open_object(json);
    write_form(json, form, of);
    wh_json_close_object(json);
}

static void
write_choice_of_two(struct wh_json *json, enum form first, enum form second, const char *of)
{
    const enum form forms[] = {first, second};
    wh_json_name(json, "anyOf");
    wh_json_open_list(json);
    for (size_t i = 0; i < 2; i++) {
        wh_json_open_object(json);
        write_form(json, forms[i], of);
        wh_json_close_object(json);
    }
    wh_json_close_list(json);
}

static void
write_grades(struct wh_json *json)
{
    wh_json_name(json, "enum");
    wh_json_open_list(json);
    for (size_t i = 0; i < WH_GRADE_COUNT; i++) {
        wh_json_str(json, wh_str_of(wh_grade_letters[i]));
    }
    wh_json_close_list(json);
}

/* Forms made of others. False: it is none of them. */
static bool
write_compound(struct wh_json *json, enum form form, const char *of)
{
    static const struct {
        enum form form;
        enum form inner;
        const char *type;
    } compounds[] = {
        {WORDS, CHOICE, "object"},
        {NAMED, NAME, "object"},
        {TEXTS, EXPRESSION, "array"},
        {NAMES, NAME, "array"},
        {LIMIT, EXPRESSION, "array"},
        {CONSTANTS, EXPRESSION, "object"},
        {EXPRESSIONS, EXPRESSION, "object"},
        {EXPRESSION_LIST, EXPRESSION, "array"},
        {DURATIONS, DURATION, "object"},
        {COUNTS, COUNT, "object"},
        {LISTS, LIST, "object"},
        {SPAN_LIST, DURATION, "array"},
        {LIST_OF, PART, "array"},
        {MAP_OF, PART, "object"},
    };
    for (size_t i = 0; i < sizeof(compounds) / sizeof(compounds[0]); i++) {
        if (compounds[i].form == form) {
            write_inner(json, compounds[i].type, compounds[i].inner, of);
            return true;
        }
    }
    return false;
}

/* A name of the model for each; what stands behind it is a text or a list, or rows or a file. */
static void
write_mapping_of_any(struct wh_json *json, const char *types)
{
    member(json, "type", "object");
    wh_json_name(json, "additionalProperties");
    wh_json_open_object(json);
    write_words(json, "type", wh_str_of(types));
    wh_json_close_object(json);
}

/* One form or another. False: it is none of them. */
static bool
write_either(struct wh_json *json, enum form form, const char *of)
{
    static const struct {
        enum form form, first, second;
        const char *part; /* of the second, instead of the row's */
    } choices[] = {
        {ONCE, EXPRESSION, TEXTS, NULL},       {SHARES, TEXTS, COUNTS, NULL},
        {CHOICE_OR_NAME, CHOICE, NAMED, NULL}, {SPANS, DURATION, SPAN_LIST, NULL},
        {DECAY, TEXT, PART, "decay"},          {LIST, TEXTS, PART, "list"},
    };
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        if (choices[i].form == form) {
            const char *part = choices[i].part == NULL ? of : choices[i].part;
            write_choice_of_two(json, choices[i].first, choices[i].second, part);
            return true;
        }
    }
    return false;
}

/* A text of a certain look. */
static const char *
pattern_of(enum form form)
{
    static const struct {
        enum form form;
        const char *pattern;
    } patterns[] = {
        {NAME, NAME_PATTERN},
        {DURATION, SPAN_PATTERN},
        {WEIGHT, WEIGHT_PATTERN},
        {PERCENT, "^[0-9.]+%$"},
    };
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        if (patterns[i].form == form) {
            return patterns[i].pattern;
        }
    }
    return NULL;
}

static void
write_form(struct wh_json *json, enum form form, const char *of)
{
    if (write_compound(json, form, of) || write_either(json, form, of)) {
        return;
    }
    if (pattern_of(form) != NULL) {
        write_pattern(json, pattern_of(form));
    } else if (form == CHOICE) {
        write_words(json, "enum", wh_str_of(of));
    } else if (form == GRADE) {
        write_grades(json);
    } else if (form == PART) {
        write_part(json, of);
    } else if (form == ONE) {
        wh_json_name(json, "const");
        wh_json_int(json, 1);
    } else if (form == COUNT || form == NUMBER || form == BOOL) {
        const char *counted = form == COUNT ? "integer" : "number";
        member(json, "type", form == BOOL ? "boolean" : counted);
    } else if (form == TYPES || form == TABLES) {
        write_mapping_of_any(json, form == TYPES ? "string array" : "object");
    } else {
        write_words(json, "type", wh_str_of(form == EXPRESSION ? SCALAR_TYPES : "string"));
    }
}

static void
write_keys(struct wh_json *json, size_t from)
{
    wh_json_name(json, "properties");
    wh_json_open_object(json);
    for (size_t i = from; i < ROW_COUNT && rows[i].key != NULL; i++) {
        wh_json_name(json, rows[i].key);
        wh_json_open_object(json);
        member(json, "description", rows[i].what);
        write_form(json, rows[i].form, rows[i].of);
        wh_json_close_object(json);
    }
    wh_json_close_object(json);
    wh_json_name(json, "required");
    wh_json_open_list(json);
    for (size_t i = from; i < ROW_COUNT && rows[i].key != NULL; i++) {
        if (rows[i].need == REQUIRED) {
            wh_json_str(json, wh_str_of(rows[i].key));
        }
    }
    wh_json_close_list(json);
}

/* The members of the schema of the section at a row. */
static void
write_section(struct wh_json *json, size_t row)
{
    member(json, "description", rows[row].what);
    member(json, "type", "object");
    write_keys(json, row + 1);
    wh_json_name(json, "additionalProperties");
    wh_json_bool(json, false);
}

void
wh_model_schema(struct wh_buf *buf)
{
    struct wh_json json;
    wh_json_init_indented(&json, buf);
    wh_json_open_object(&json);
    member(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    member(&json, "title", "model");
    write_section(&json, 0);
    wh_json_name(&json, "$defs");
    wh_json_open_object(&json);
    for (size_t i = 1; i < ROW_COUNT; i++) {
        if (rows[i].section != NULL) {
            wh_json_name(&json, rows[i].section);
            wh_json_open_object(&json);
            write_section(&json, i);
            wh_json_close_object(&json);
        }
    }
    wh_json_close_object(&json);
    wh_json_close_object(&json);
    wh_buf_push_char(buf, '\n');
}
