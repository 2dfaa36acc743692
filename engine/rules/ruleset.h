/* A compiled model: all that step can see beside the state and the message. Built by
 * engine/language in one arena, read-only afterwards, shared by all threads. Indices are into the
 * arrays of the ruleset; -1 means none. Names are those of the model file. */
#ifndef WH_RULES_RULESET_H
#define WH_RULES_RULESET_H

#include "engine/base/table.h"
#include "engine/base/zone.h"
#include "engine/model/effect.h"
#include "engine/model/field.h"
#include "engine/model/history.h"
#include "engine/rules/aggregate.h"
#include "engine/rules/decision.h"
#include "engine/rules/program.h"
#include "engine/rules/scoring.h"

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
    WH_COLUMN_EMPLOYER, /* registrable domain of the e-mail, as enriched; absent for providers */
};

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

struct wh_evidence {
    struct wh_str id;
    struct wh_selector on;
    struct wh_program when;
    enum wh_verdict is;
};

struct wh_ticks;

struct wh_ruleset {
    struct wh_str name;
    uint8_t hash[WH_HASH_SHA256_SIZE];
    char hash_hex[2 * WH_HASH_SHA256_SIZE + 1];
    const struct wh_zone *zone;
    int64_t session_gap;  /* µs */
    int64_t history_keep; /* µs */
    uint32_t history_touches;
    int64_t need;              /* µs of history that windows of the model look back */
    int64_t verdict_need;      /* the same for the verdict alone */
    int64_t update_every;      /* µs; -1: no lead.updated */
    int64_t update_min_change; /* thousandths */
    const struct wh_str *placeholders;
    size_t placeholder_count;

    struct wh_table type_index;
    const struct wh_touch_type *types;
    size_t type_count;
    struct wh_table column_index[WH_COLUMN_CONSENT + 1]; /* by kind: name → column */
    const struct wh_column *columns;
    size_t column_count;
    struct wh_attribute *attributes;
    size_t attribute_count;
    int32_t email_column, phone_column, crm_column, employer_column; /* always there */
    int32_t email, phone, crm, employer, company_domain, country, name_attr, role_attr,
        network_country, network_organisation; /* attributes, always there */
    const struct wh_str
        *consent_names; /* shown in events: read by the model, marketing, tracking */
    const int32_t *consent_attributes;
    size_t consent_count;

    const struct wh_place *places;
    size_t place_count;
    const struct wh_schedule *schedules;
    size_t schedule_count;
    const struct wh_lookup *tables;
    size_t table_count;
    const struct wh_text_list *lists;
    size_t list_count;
    const struct wh_regex *regexes;
    size_t regex_count;
    struct wh_aggregate *aggregates;
    size_t aggregate_count;
    struct wh_signal *signals;
    size_t signal_count;

    enum wh_verdict minimum;
    const enum wh_verdict *start; /* by type; HUMAN for types without an index */
    const struct wh_evidence *evidence;
    size_t evidence_count;

    struct wh_fit fit;
    struct wh_score *scores;
    size_t score_count;
    struct wh_rule *rules; /* of all scores, those of one score together, in file order */
    size_t rule_count;
    struct wh_label *labels;
    size_t label_count;
    struct wh_segment *segments;
    size_t segment_count;
    struct wh_trigger *triggers;
    size_t trigger_count;
    struct wh_stages stages;
    struct wh_qualification *qualifications;
    size_t qualification_count;
    const struct wh_route *routes;
    size_t route_count;
    struct wh_program audience; /* count 0: everybody */
    struct wh_program suspend;  /* count 0: never */

    /* The middle group in the order in which values read each other (rules.md 9). */
    const struct wh_order *order;
    size_t order_count;

    struct wh_layout layout;      /* rules/layout.h assigns it last */
    const struct wh_ticks *ticks; /* rules/due.h, the same */
};

#endif
