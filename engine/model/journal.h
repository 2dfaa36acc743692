/* What one transaction did to one partition: the record from which a later owner works out the
 * partition's states again (runtime/protocol.md 3). The last one of a partition says everything
 * that is needed to go on, because compaction may leave only that. */
#ifndef WH_MODEL_JOURNAL_H
#define WH_MODEL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/hash.h"
#include "engine/base/str.h"

#define WH_JOURNAL_FORMAT 1

/* Topics that the engine reads or writes, by their role. */
enum wh_topic {
    WH_TOPIC_TOUCHPOINTS,
    WH_TOPIC_HANDOFF,
    WH_TOPIC_JOURNAL,
    WH_TOPIC_LEADS,
    WH_TOPIC_REJECTED,
    WH_TOPIC_STATES, /* snapshots of entities, compacted */
    WH_TOPIC_COUNT
};
const char *wh_topic_str(enum wh_topic topic);

/* The inputs of a partition are the topics up to here. */
#define WH_INPUT_COUNT (WH_TOPIC_HANDOFF + 1)

enum wh_journal_kind { WH_JOURNAL_TAKEOVER, WH_JOURNAL_BATCH, WH_JOURNAL_RELEASE };
const char *wh_journal_kind_str(enum wh_journal_kind kind);

/* Whether `now` is the machine's clock or follows the records (commands/contract.md 6). */
enum wh_clock_kind { WH_CLOCK_WALL, WH_CLOCK_LOG };

/* A due moment of an entity; ordered by due, then by the bytes of the key. */
struct wh_due {
    int64_t due; /* µs; WH_TIME_NEVER: nothing is due */
    struct wh_hash_id key;
};

int wh_due_compare(struct wh_due a, struct wh_due b);
/* Later than every due moment at `at`. */
struct wh_due wh_due_after_all(int64_t at);

struct wh_journal_position {
    enum wh_topic topic;
    uint32_t partition;
    int64_t next; /* offset of the next record to process */
};

/* Records of one input in the order processed. Offsets may have gaps, so the count is told. */
struct wh_journal_slice {
    enum wh_topic topic;
    uint32_t partition;
    int64_t first, end; /* end: where the next slice of this input begins */
    uint32_t count;
};

/* One for each input and batch. */
#define WH_JOURNAL_SLICES_MAX WH_INPUT_COUNT

struct wh_journal {
    uint32_t format, semantics; /* WH_JOURNAL_FORMAT, WH_STATE_SEMANTICS */
    enum wh_journal_kind kind;
    enum wh_clock_kind clock;
    struct wh_hash_id lineage;   /* random, made by the first takeover of the partition */
    struct wh_str owner;         /* transactional id */
    uint64_t seq;                /* 1, 2, 3 … for each committed record of the partition */
    int64_t begin;               /* `now` with which it began, µs: not always that after the record
                                    before, since the partitions of a process may share a floor */
    int64_t now;                 /* after this record, µs; WH_TIME_MIN: nothing happened yet */
    int64_t machine;             /* the machine's clock when the batch began, µs */
    int64_t announce_from;       /* decisions of earlier moments are kept silent, µs */
    uint64_t mark;               /* snapshot mark; 0: there are none */
    struct wh_str model_hash;    /* hex */
    uint64_t model_since;        /* first record under that model; states of older ones wait */
    int64_t model_at;            /* moment at which all entities change to that model, µs: `now`
                                    after the record before it; WH_TIME_MIN: none was before */
    struct wh_str data_versions; /* of what enriches touches, one text */
    struct wh_journal_position positions[WH_INPUT_COUNT]; /* after this record */
    struct wh_due frontier; /* due moments up to here have acted, after this record */
    /* BATCH: */
    bool has_timers;
    struct wh_journal_slice slices[WH_JOURNAL_SLICES_MAX];
    uint32_t slice_count;
    const struct wh_hash_id *swept; /* looked at again because the model is another one */
    size_t swept_count;
    uint64_t digest; /* of what came out; compared at replay when nothing was skipped */
};

#endif
