/* A lead at one moment, explained: every value with what made it. The sum of a score's entries
 * and limits is the score, always (law 7). Filled by score/explain, printed by proto and
 * commands. */
#ifndef WH_MODEL_EXPLANATION_H
#define WH_MODEL_EXPLANATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "engine/model/touch.h"

enum wh_entry_kind {
    WH_ENTRY_RULE,       /* a rule's points after decay, before any limit */
    WH_ENTRY_TERM,       /* a term of a score with `value` */
    WH_ENTRY_RULE_LIMIT, /* what the rule's own limit took (or gave) */
    WH_ENTRY_GROUP_LIMIT,
    WH_ENTRY_SCORE_LIMIT,
};

struct wh_entry {
    enum wh_entry_kind kind;
    struct wh_str name; /* rule, group or score; the text of a term */
    struct wh_str note; /* the rule's note */
    int64_t points;     /* thousandths */
    uint32_t touches;   /* that paid; 0 for states, terms and limits */
    int64_t last_at;    /* latest of them; WH_TIME_MIN: none */
};

struct wh_score_story {
    struct wh_str name;
    int64_t value; /* thousandths */
    const struct wh_entry *entries;
    size_t entry_count;
};

enum wh_match { WH_MATCH, WH_MISMATCH, WH_MATCH_UNKNOWN };
const char *wh_match_str(enum wh_match match);

struct wh_criterion_story {
    struct wh_str name;
    enum wh_match match;
    int32_t thirds; /* the weight; what it added is thirds when matched */
};

struct wh_label_story {
    struct wh_str name;
    struct wh_str value; /* empty: unknown */
};

struct wh_campaign_touch {
    bool known;
    struct wh_str campaign;
    struct wh_str channel;
    int64_t at;
};

struct wh_contact {
    struct wh_str email, name, role, phone, crm, company, country; /* empty: unknown */
    struct wh_named_list consent;
};

struct wh_snapshot {
    int64_t at;
    bool is_company;       /* then of the contact there are company and name only */
    bool is_shadow;        /* the model decides for its own stream only */
    struct wh_str lead_id; /* hex; of the company */
    struct wh_str key;     /* kind:value */
    int64_t life;
    const struct wh_str *also; /* hex: ids published earlier that now live in this lead */
    size_t also_count;
    struct wh_contact contact;
    const struct wh_score_story *scores;
    size_t score_count;
    bool has_grade;
    struct wh_str grade;
    const struct wh_criterion_story *criteria;
    size_t criterion_count;
    const struct wh_label_story *labels;
    size_t label_count;
    bool has_stage;
    struct wh_str stage;
    int64_t stage_since;
    bool stale;
    const struct wh_str *segments; /* the true ones, in file order */
    size_t segment_count;
    struct wh_campaign_touch first, last; /* acts */
    struct wh_str model_name;
    struct wh_str model_hash; /* hex */
};

#endif
