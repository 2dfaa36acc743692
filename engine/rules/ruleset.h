/* A compiled model: all that step can see beside the state and the message. Built by
 * engine/language in one arena, read-only afterwards, shared by all threads. Indices are into the
 * arrays of the ruleset; -1 means none. Names are those of the model file. */
#ifndef WH_RULES_RULESET_H
#define WH_RULES_RULESET_H

#include "engine/base/hash.h"
#include "engine/model/identity.h"
#include "engine/rules/decision.h"
#include "engine/rules/fold_layout.h"
#include "engine/rules/judging.h"
#include "engine/rules/lexicon.h"
#include "engine/rules/routing.h"
#include "engine/rules/telling.h"
#include "engine/rules/track.h"

struct wh_ticks;

/* What becomes of that which changes only because the model is another one (rules.md 27). */
enum wh_adopt {
    WH_ADOPT_SILENT,  /* it is recorded */
    WH_ADOPT_ANNOUNCE /* it is announced */
};

struct wh_ruleset {
    struct wh_str name;
    uint8_t hash[WH_HASH_SHA256_SIZE];
    char hash_hex[2 * WH_HASH_SHA256_SIZE + 1];
    enum wh_adopt adopt; /* when this model comes after another one */
    bool is_shadow;      /* it decides beside the live model, for its own stream only */
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
    struct wh_identity_limits identity;

    struct wh_table type_index;
    const struct wh_touch_type *types;
    size_t type_count;
    struct wh_table column_index[WH_COLUMN_KINDS]; /* by kind: name → column; for named kinds */
    const struct wh_column *columns;
    size_t column_count;
    struct wh_attribute *attributes;
    size_t attribute_count;
    int32_t email_column, phone_column, crm_column, employer_column; /* always there */
    int32_t email, phone, crm, employer, company_domain, company_name, country, name_attr,
        role_attr, network_country, network_organisation; /* attributes, always there */
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
    struct wh_judging judging;

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
    struct wh_track *tracks;
    size_t track_count;
    struct wh_program audience; /* count 0: everybody */
    struct wh_program suspend;  /* count 0: never */

    /* The middle group in the order in which values read each other (rules.md 9). */
    const struct wh_order *order;
    size_t order_count;

    struct wh_layout layout;      /* rules/layout.h assigns it last */
    const struct wh_ticks *ticks; /* rules/due.h, the same */

    /* The parts with `entity: company`, as a ruleset of their own under the same hash; NULL in
     * there, and where no company is known. */
    const struct wh_ruleset *company;
    const struct wh_telling *telling; /* of leads; NULL: nothing is told */
    const struct wh_hearing *hearing; /* of companies; NULL in the ruleset of the leads */
};

/* The ruleset under which an entity of that kind is kept. */
static inline const struct wh_ruleset *
wh_ruleset_for(const struct wh_ruleset *model, enum wh_key_kind kind)
{
    return kind == WH_KEY_COMPANY && model->company != NULL ? model->company : model;
}

#endif
