/* What speaks for and against a touch (rules.md 11): start levels, evidence, confirmation. */
#ifndef WH_RULES_JUDGING_H
#define WH_RULES_JUDGING_H

#include "engine/model/history.h"
#include "engine/rules/aggregate.h"

/* What holds of a touch is one bit for each. */
#define WH_EVIDENCE_MAX    64
#define WH_CONFIRM_MAX     64
#define WH_NEAR_ANY_MAX    8
#define WH_BURST_COUNT_MAX 100

enum wh_evidence_kind {
    WH_EVIDENCE_WHEN,
    WH_EVIDENCE_BURST, /* many alike within a short time: all of them */
    WH_EVIDENCE_NEAR,  /* alike and close to one that is accused already: it spreads */
    WH_EVIDENCE_KIND_COUNT
};

struct wh_evidence {
    struct wh_str id;
    struct wh_selector on;
    enum wh_evidence_kind kind;
    enum wh_verdict is;
    struct wh_program when; /* WHEN; of a BURST which touches, count 0: all */
    struct wh_program same; /* BURST, NEAR: known and equal */
    uint32_t count;         /* BURST: so many … */
    int64_t within;         /* … less than this apart, µs. NEAR: less than this after … */
    int64_t back;           /* … or less than this before, µs; 0: not before */
    const struct wh_program *any; /* NEAR: one of them known and equal */
    size_t any_count;
};

/* Lifts a touch that starts as unconfirmed and that nothing speaks against. */
struct wh_confirm {
    struct wh_str id;
    struct wh_selector on;
    struct wh_selector followed_by;
    int64_t within; /* µs: such a touch comes less than this after it; 0: QUIET instead */
    int64_t quiet;  /* µs have passed */
};

struct wh_judging {
    const struct wh_evidence *evidence;
    size_t evidence_count;
    const struct wh_confirm *confirms;
    size_t confirm_count;
    /* How far a touch reaches, µs: to others alike (bursts, near), to those that it follows, until
     * quiet is over. */
    int64_t link, follow, quiet;
    bool has_aggregates; /* some expression counts other touches: it may see any earlier one */
};

#endif
