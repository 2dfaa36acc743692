/* What may go wrong in the fakes, decided by a seed. All rates are in thousandths. */
#ifndef WH_CONNECTORS_MEMORY_FAULTS_H
#define WH_CONNECTORS_MEMORY_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

/* Bugs that tests plant, to see that they are found (runtime/protocol.md 14). */
enum wh_memory_bug {
    WH_BUG_NONE,
    WH_BUG_OUTPUT_OUTSIDE,        /* outputs and handoff count although the transaction aborted */
    WH_BUG_JOURNAL_OUTSIDE,       /* the journal record counts although the transaction aborted */
    WH_BUG_OUTPUT_LOST,           /* the transaction counts, its outputs do not */
    WH_BUG_READ_TO_STABLE,        /* a look answers the stable end as the end of the journal */
    WH_BUG_WRITE_WITHOUT_VERSION, /* a write is taken whatever it follows */
    WH_BUG_READ_WITHOUT_VERSION,  /* a read answers the version that the asker wants to see */
    WH_BUG_CLAIM_WITHOUT_BASE,    /* a claim is taken on any content */
    WH_BUG_WATERMARK_EARLY,       /* a write raises the watermark one too far */
    WH_BUG_WRITE_IN_PART,         /* of a write of several entries the last is left out */
    WH_BUG_DUES_LOST,             /* the index of due moments is not kept */
    WH_BUG_READ_AGAIN,            /* now and then a read begins at the record before */
    WH_BUG_VIEW_UNCHECKED,        /* offsets are accepted under any view */
    WH_BUG_OFFSETS_FIRST,         /* offsets are accepted before the records are there */
    WH_BUG_FENCE_LAST_ONLY,       /* of several owners only the last is shut out */
    WH_BUG_VIEW_AT_COMMIT,        /* the view is asked for when the offsets are sent */
    WH_BUG_HANDOFF_UNCOMMITTED,   /* handoff counts before it is decided, and when it is not */
    WH_BUG_TRIM_SKIPPED,          /* what is gone from an input is passed over in silence */
    WH_BUG_LOAD_WITHOUT_VERSION,  /* what a rebuild writes is taken whatever it follows */
    WH_BUG_UNKNOWN_IS_ABORT,      /* an outcome that nobody knows is told as an abort */
    WH_BUG_THROWN_OUT_UNTOLD,     /* who was thrown out and came back hears of a newer view only */
    WH_BUG_SNAPSHOT_OUTSIDE,      /* a snapshot counts although its transaction aborted */
    WH_BUG_SNAPSHOTS_TO_STABLE,   /* a look answers the stable end of the snapshots as their end */
    WH_BUG_TOMBSTONES_EARLY,      /* a deleted entity goes before the watermark reaches it */
    WH_BUG_CLEAR_IN_PART,         /* clearing leaves an entry behind */
    WH_BUG_COUNT
};
const char *wh_memory_bug_str(enum wh_memory_bug bug);

struct wh_memory_faults {
    uint64_t random;      /* state of the generator: the seed at first */
    uint32_t delay_max;   /* an answer takes up to so many polls */
    uint32_t fail;        /* a question gets no answer */
    uint32_t abort;       /* a transaction is aborted */
    uint32_t refuse;      /* … because the view is too old */
    uint32_t unknown;     /* … and nobody knows whether it was */
    uint32_t no_room;     /* … because nothing can be written at present */
    uint32_t lose_answer; /* a store call is applied and its answer lost */
    uint32_t late;        /* a store call is given up and applied later */
    uint32_t slow;        /* the answer to a change of the store comes long after it */
    uint32_t repeat;      /* a store call is applied again later */
    uint32_t go_back;     /* the store loses its latest writes, at a call */
    uint32_t lag;         /* polls until a committed record can be read, at most */
    enum wh_memory_bug bug;
};

/* The next number of the sequence; `below` > 0 bounds it. */
uint64_t wh_memory_random(struct wh_memory_faults *faults, uint64_t below);
bool wh_memory_chance(struct wh_memory_faults *faults, uint32_t thousandths);

#endif
