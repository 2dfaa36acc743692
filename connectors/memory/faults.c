#include "connectors/memory/faults.h"

const char *
wh_memory_bug_str(enum wh_memory_bug bug)
{
    static const char *const words[WH_BUG_COUNT] = {
        [WH_BUG_NONE] = "none",
        [WH_BUG_OUTPUT_OUTSIDE] = "output-outside",
        [WH_BUG_JOURNAL_OUTSIDE] = "journal-outside",
        [WH_BUG_OUTPUT_LOST] = "output-lost",
        [WH_BUG_READ_TO_STABLE] = "read-to-stable",
        [WH_BUG_WRITE_WITHOUT_VERSION] = "write-without-version",
        [WH_BUG_READ_WITHOUT_VERSION] = "read-without-version",
        [WH_BUG_CLAIM_WITHOUT_BASE] = "claim-without-base",
        [WH_BUG_WATERMARK_EARLY] = "watermark-early",
        [WH_BUG_WRITE_IN_PART] = "write-in-part",
        [WH_BUG_DUES_LOST] = "dues-lost",
        [WH_BUG_READ_AGAIN] = "read-again",
        [WH_BUG_VIEW_UNCHECKED] = "view-unchecked",
        [WH_BUG_OFFSETS_FIRST] = "offsets-first",
        [WH_BUG_FENCE_LAST_ONLY] = "fence-last-only",
        [WH_BUG_VIEW_AT_COMMIT] = "view-at-commit",
        [WH_BUG_HANDOFF_UNCOMMITTED] = "handoff-uncommitted",
        [WH_BUG_TRIM_SKIPPED] = "trimmed-input-skipped",
        [WH_BUG_LOAD_WITHOUT_VERSION] = "rebuild-without-version",
        [WH_BUG_UNKNOWN_IS_ABORT] = "unknown-is-abort",
        [WH_BUG_THROWN_OUT_UNTOLD] = "thrown-out-untold",
        [WH_BUG_SNAPSHOT_OUTSIDE] = "snapshot-outside",
        [WH_BUG_SNAPSHOTS_TO_STABLE] = "snapshots-to-stable",
        [WH_BUG_TOMBSTONES_EARLY] = "tombstones-early",
        [WH_BUG_CLEAR_IN_PART] = "clear-in-part",
    };
    return words[bug];
}

/* SplitMix64 (Steele, Lea, Flood, 2014): any seed is a good one. */
uint64_t
wh_memory_random(struct wh_memory_faults *faults, uint64_t below)
{
    faults->random += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = faults->random;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % below;
}

bool
wh_memory_chance(struct wh_memory_faults *faults, uint32_t thousandths)
{
    return thousandths > 0 && wh_memory_random(faults, 1000) < thousandths;
}
