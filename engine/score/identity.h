/* Whose a touch is: one entity, one message (identity.md). Pure, like step.h: what it sends and
 * what it found out are effects; parcels stay with their owner behind model/parcel.h.
 *
 * Messages must be handled whole: the change of the entity, of its parcels and what is sent belong
 * to one transaction, and what one entity sends to another arrives in that order. */
#ifndef WH_SCORE_IDENTITY_H
#define WH_SCORE_IDENTITY_H

#include "engine/model/identity.h"

enum wh_identity_reason {
    WH_REASON_IDENTIFIED, /* a touch named a stronger identifier */
    WH_REASON_JOIN,
    WH_REASON_ALONE,
    WH_REASON_SPLIT,
    WH_REASON_ALLOW,
    WH_REASON_SHARED,
    WH_REASON_CROWD, /* it, or what it pointed to */
    WH_REASON_ERASED,
};
const char *wh_identity_reason_str(enum wh_identity_reason reason);

enum wh_fact_kind {
    WH_FACT_POINTER, /* it is no lead any more: its register at a company becomes `gone` */
    WH_FACT_LEAD,    /* it is a lead again */
    WH_FACT_MERGED,  /* lead.merged leaves */
    WH_FACT_REVIVED, /* lead.revived leaves */
    WH_FACT_SHARED,  /* for the operator: identity.shared … */
    WH_FACT_CROWD,   /* … identity.crowd */
    WH_FACT_ERASED,  /* what has its home here */
    WH_FACT_RECEIPT, /* a lead: whoever belonged to it has been told to erase */
    WH_FACT_KEPT,    /* an erasure was refused: a crowd is not a person */
};
const char *wh_fact_kind_str(enum wh_fact_kind kind);

struct wh_fact {
    enum wh_fact_kind kind;
    enum wh_identity_reason reason;
    uint32_t turn;                      /* MERGED, REVIVED: event id = (lead, life, turn) */
    int64_t life;                       /* µs */
    struct wh_key into;                 /* POINTER, MERGED: who holds the newest minutes */
    int64_t since;                      /* MERGED: from that minute on; FIRST: all there ever was */
    bool shared;                        /* MERGED: others hold earlier minutes */
    struct wh_stretches minutes;        /* ERASED */
    struct wh_identity_members members; /* RECEIPT */
};

enum wh_identity_counter {
    WH_COUNT_SEALED, /* identity_sealed, … : bounds of identity.md 9 */
    WH_COUNT_KEPT_DROPPED,
    WH_COUNT_DAYS_DROPPED,
    WH_COUNT_LINKS_DROPPED,
    WH_COUNT_PAIRS_DROPPED,
    WH_COUNT_ERASED_JOINED,
    WH_COUNT_ERASE_LARGE, /* more belonged to a lead than one erasure takes: repeat it */
    WH_COUNT_NAMES_DROPPED,
    WH_COUNT_TRAIL_LONG,
    WH_COUNT_SHARED,
    WH_COUNT_CROWD,
    WH_COUNT_STRAY,    /* parcels outside of the lease: only past a bound */
    WH_COUNT_FOLDED,   /* identity_folded: touches folded because a bound or a fold asked for it */
    WH_COUNT_FOLD_CUT, /* identity_fold_cut: folds that went whole, though they began before */
    WH_COUNT_NAMES_UNKNOWN, /* decisions and firings about what the model does not name */
    WH_COUNT_TWO_OF_A_KIND,
    WH_COUNT_LINKS, /* messages sent */
    WH_COUNT_LEASES,
    WH_COUNT_RECALLS,
    WH_COUNT_HOMES,
    WH_COUNT_HANDS_CHANGED, /* leases that became smaller */
    WH_IDENTITY_COUNTER_COUNT
};
const char *wh_identity_counter_str(enum wh_identity_counter counter);

struct wh_identity_sent {
    struct wh_key to;
    struct wh_identity_message message;
};

struct wh_identity_effects {
    struct wh_arena *arena; /* borrowed, also used for what is needed on the way */
    struct wh_identity_sent *sent;
    uint32_t sent_count, sent_capacity;
    struct wh_fact *facts;
    uint32_t fact_count, fact_capacity;
    uint64_t counters[WH_IDENTITY_COUNTER_COUNT];
};
void wh_identity_effects_init(struct wh_identity_effects *effects, struct wh_arena *arena);

/* A message to be filled, the last of those that are sent; its content is all zero. */
struct wh_identity_message *wh_identity_effects_send(struct wh_identity_effects *effects,
                                                     struct wh_key to, struct wh_key from,
                                                     enum wh_identity_message_kind kind);

struct wh_identity_env {
    const struct wh_identity_limits *limits;
    int64_t now; /* µs, the batch's */
};

/* Changes the entity and its parcels, and appends to *effects. The message is borrowed. */
void wh_identity_step(const struct wh_identity_env *env, struct wh_identity *identity,
                      const struct wh_identity_message *message, const struct wh_parcels *parcels,
                      struct wh_identity_effects *effects);

/* An entity that points to nobody: it has parcels, publishes, and may be shared or a crowd. */
bool wh_identity_is_lead(const struct wh_identity *identity);
bool wh_identity_is_shared(const struct wh_identity *identity,
                           const struct wh_identity_limits *limits);
/* Who holds that minute; NULL: the entity itself. */
const struct wh_key *wh_identity_target_at(const struct wh_identity *identity, int64_t minute);

/* Changed hands more than 4 times within 30 days: mostly two records for one person. */
bool wh_identity_is_contested(const struct wh_identity *identity);
/* The same of a kid, as far as its lease tells: more who took turns may be known to it alone. */
bool wh_identity_is_kid_contested(const struct wh_identity_kid *kid);

/* Something has been published under the entity's id (the owner says so before it sends it). */
void wh_identity_publish(struct wh_identity *identity, int64_t now);
/* The ids published earlier that now live in this lead: also[] of its events, oldest first. */
struct wh_identity_names wh_identity_also(const struct wh_identity *identity,
                                          const struct wh_identity_limits *limits,
                                          struct wh_arena *arena);

/* Until then a decision that no longer holds is not withdrawn: hands have just changed, and may
 * change back. WH_TIME_MIN: they never did. */
#define WH_IDENTITY_SETTLE INT64_C(10000000) /* µs */
int64_t wh_identity_settled_at(const struct wh_identity *identity);

#endif
