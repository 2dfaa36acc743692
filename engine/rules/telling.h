/* What a lead tells its company, and how the company reads it (rules.md 21). A company has a
 * ruleset of its own, of the parts with `entity: company`; nothing flows back. */
#ifndef WH_RULES_TELLING_H
#define WH_RULES_TELLING_H

#include "engine/rules/lexicon.h"

/* A value of a person, by what it is in the ruleset of the leads. */
enum wh_told_kind {
    WH_TOLD_ATTRIBUTE,
    WH_TOLD_FACT,   /* enum wh_lead_fact */
    WH_TOLD_EARNED, /* points that the touch brought a score: after caps, before decay */
    WH_TOLD_SEGMENT,
    WH_TOLD_LABEL,
    WH_TOLD_STAGE,
    WH_TOLD_GRADE,
};

struct wh_told {
    enum wh_told_kind kind;
    int32_t index;      /* attribute, fact, score, segment, label */
    struct wh_str name; /* of the company's column */
    int32_t column;     /* of the lead's history, where it stands as of the touch; -1: as of now */
};

/* In the ruleset of the leads: what goes out. */
struct wh_telling {
    bool every_act;
    const bool *types; /* [type_count]: told whatever they are */
    /* Columns of the lead that go along; a statement about the company tells the touch, too. */
    const int32_t *columns;
    size_t column_count;
    const struct wh_told *values; /* of the touch */
    size_t value_count;
    bool reports; /* somebody counts people */
    const struct wh_told *report;
    size_t report_count;
};

/* A value of a report: labels come by name. */
struct wh_heard {
    int32_t column;
    const struct wh_str *names; /* ordinals of a label; NULL: no label */
    size_t name_count;
};

/* In the ruleset of the companies: columns of what came in. */
struct wh_hearing {
    int32_t person, place, verdict;
    const struct wh_heard *report;
    size_t report_count;
};

/* The people of a company in a fold: of each the person, then the values of the report, all as
 * cells; who reported last stands last. */
#define WH_PEOPLE_MAX         2000
#define WH_PEOPLE_ITEM_PERSON 0
#define WH_PEOPLE_ITEM_VALUES 1

#endif
