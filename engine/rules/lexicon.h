/* What the names in expressions stand for: facts of touch, lead and session, columns of the
 * history, attributes, types, places, schedules, tables, lists, regular expressions of a model. */
#ifndef WH_RULES_LEXICON_H
#define WH_RULES_LEXICON_H

#include "engine/base/table.h"
#include "engine/base/zone.h"
#include "engine/model/field.h"
#include "engine/rules/program.h"

/* What a touch has beside its fields: TOUCH_META and IT_META. */
enum wh_meta {
    WH_META_ID,
    WH_META_TYPE,
    WH_META_SOURCE, /* the touch's own, else that of its type */
    WH_META_AT,
    WH_META_RECEIVED,
    WH_META_PLACE,
    WH_META_THEME, /* the touch's own, else its place's */
    WH_META_MEDIA, /* the same */
    WH_META_VERDICT,
    WH_META_FROM, /* of a label change */
    WH_META_TO,
};

/* Facts of the lead that are not plain attributes: LEAD. */
enum wh_lead_fact {
    WH_LEAD_ID,
    WH_LEAD_EMAIL,
    WH_LEAD_PHONE,
    WH_LEAD_COUNTRY,
    WH_LEAD_COMPANY,
    WH_LEAD_KNOWN,
    WH_LEAD_SHARED,
    WH_LEAD_FIRST_AT,
    WH_LEAD_LAST_AT,
};

enum wh_session_fact {
    WH_SESSION_NUMBER,
    WH_SESSION_PAGES,
    WH_SESSION_TOUCHES,
    WH_SESSION_LENGTH,
    WH_SESSION_GAP,
};

/* A column of the history. The first WH_FIELD_COUNT columns are the standard fields in order;
 * then come the ruleset's own. Columns that nothing reads and no event shows are not kept. */
enum wh_column_kind {
    WH_COLUMN_FIELD,    /* standard field */
    WH_COLUMN_PROP,     /* properties.NAME */
    WH_COLUMN_LEAD,     /* a statement about lead.NAME; absent: nothing said */
    WH_COLUMN_COMPANY,  /* company.NAME */
    WH_COLUMN_CONSENT,  /* consent.NAME */
    WH_COLUMN_EMAIL,    /* first e-mail identifier that the touch carried */
    WH_COLUMN_PHONE,    /* first phone identifier */
    WH_COLUMN_CRM,      /* first crm identifier */
    WH_COLUMN_EMPLOYER, /* registrable domain of that e-mail, as enriched; the explicit unknown for
                           providers, absent only without e-mail */
    /* Of what a lead tells its company (rules/telling.h). The two of a touch are worked out where
     * the touch is, and stand in the lead's own history, too. */
    WH_COLUMN_PERSON_VALUE, /* lead.NAME of the person as of the touch */
    WH_COLUMN_EARNED,       /* by score */
    WH_COLUMN_PERSON,       /* public id of the person */
    WH_COLUMN_PLACE,        /* id of the place */
    WH_COLUMN_VERDICT,
    WH_COLUMN_REPORT, /* a value of a person's report */
};

#define WH_COLUMN_KINDS (WH_COLUMN_REPORT + 1)

/* Whether there are several of that kind, told apart by name. */
static inline bool
wh_column_is_named(enum wh_column_kind kind)
{
    return kind <= WH_COLUMN_CONSENT || kind == WH_COLUMN_PERSON_VALUE ||
           kind == WH_COLUMN_EARNED || kind == WH_COLUMN_REPORT;
}

/* Worked out from other rows, so it does not travel with the touch. */
static inline bool
wh_column_is_derived(enum wh_column_kind kind)
{
    return kind == WH_COLUMN_PERSON_VALUE || kind == WH_COLUMN_EARNED;
}

struct wh_column {
    enum wh_column_kind kind;
    struct wh_str name;
    enum wh_type type; /* declared type, UNKNOWN: what comes */
    bool kept;
};

/* An attribute with a value as of each moment: the latest statement in its column. */
struct wh_attribute {
    int32_t column;
    int32_t cell; /* fold cell (a wh_cell_t): layout */
};

struct wh_touch_type {
    struct wh_str name;
    bool act;
    struct wh_str source; /* of the type, where the touch names none */
};

struct wh_place {
    struct wh_str id, theme, media;
    int32_t stage; /* -1: none */
    struct wh_program match;
};

struct wh_schedule {
    struct wh_str id;
    struct wh_zone zone;
    int64_t from, until;             /* WH_TIME_MIN, WH_TIME_NEVER where not given */
    uint8_t days;                    /* bit 0 Monday … bit 6 Sunday; all set where not given */
    int64_t hours_from, hours_until; /* µs of the local day; 0 and one day where not given */
};

/* Rows of constants: looked up by string, or by the largest key <= x. */
struct wh_lookup {
    struct wh_str id;
    bool numeric;
    enum wh_type type;       /* of the values */
    struct wh_table by_text; /* → index into values */
    size_t count;
    const int64_t *keys; /* numeric: rising, thousandths */
    const struct wh_value *values;
    struct wh_value fallback; /* row `default`; UNKNOWN: none */
};

struct wh_text_list {
    struct wh_str id;  /* empty for a literal */
    enum wh_type type; /* STRING, else compared as integers */
    struct wh_table by_text;
    size_t count;
    const struct wh_value *values;
};

struct wh_regex {
    struct wh_str source;
    const void *code; /* pcre2_code, owned by the ruleset's maker; freed with it */
};

#endif
