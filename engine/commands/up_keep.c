/* Retention of the data folder: what is older than data.keep, or the oldest when data.size is
 * nearly reached, and only what no takeover can need any more. */
#include "engine/base/time.h"
#include "engine/commands/up.h"

/* Records of one topic and partition that go at a time: the loop is never held up for long. */
#define TRIM_MAX 1000
/* From this share of data.size on the oldest goes, whatever data.keep says. */
#define TIGHT_PERCENT 90
#define LOOK_EVERY    WH_US_PER_HOUR

static bool
trim(struct wh_up *up, enum wh_topic topic, uint32_t partition, int64_t below, int64_t before)
{
    int64_t start = wh_sqlite_log_start(&up->log, topic, partition);
    int64_t end = below - start > TRIM_MAX ? start + TRIM_MAX : below;
    if (end <= start || !wh_sqlite_log_trim(&up->log, topic, partition, end, before)) {
        return false;
    }
    return wh_sqlite_log_start(&up->log, topic, partition) == start + TRIM_MAX;
}

static bool
trim_partition(struct wh_up *up, uint32_t partition, int64_t before)
{
    struct wh_shard_needed needed;
    bool has_more = false;
    if (wh_shard_needed(&up->shard, partition, &needed)) {
        has_more = trim(up, WH_TOPIC_JOURNAL, partition, needed.journal, before);
        for (int topic = 0; topic < WH_INPUT_COUNT; topic++) {
            has_more =
                trim(up, (enum wh_topic)topic, partition, needed.inputs[topic], before) || has_more;
        }
    }
    static const enum wh_topic outputs[] = {WH_TOPIC_LEADS, WH_TOPIC_REJECTED};
    for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
        int64_t end = wh_sqlite_log_end(&up->log, outputs[i], partition);
        has_more = trim(up, outputs[i], partition, end, before) || has_more;
    }
    return has_more;
}

bool
wh_up_keep_short(struct wh_up *up)
{
    int64_t now = up->clock.now(up->clock.self);
    int64_t before = now - wh_config_number(&up->config, WH_OPTION_DATA_KEEP);
    bool is_tight = wh_sqlite_percent_used(&up->database) >= TIGHT_PERCENT;
    bool has_more = false;
    if (is_tight) {
        wh_say(&up->say, WH_LOG_WARNING,
               "the data folder has nearly reached data.size: the oldest is removed before "
               "data.keep is over");
        before = INT64_MAX;
    }
    for (uint32_t p = 0; p < up->shard.partition_count; p++) {
        has_more = trim_partition(up, p, before) || has_more;
    }
    has_more = has_more && (!is_tight || wh_sqlite_percent_used(&up->database) >= TIGHT_PERCENT ||
                            before != INT64_MAX);
    up->keep.next_at = now + (has_more ? 0 : LOOK_EVERY);
    return has_more;
}
