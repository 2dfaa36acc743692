/* Recorded touchpoints go through the log like all others. Under the log clock they go in short
 * stretches of time, each after all that the one before it brought has acted: so a lead lives
 * through its past moment by moment. */
#include "engine/base/time.h"
#include "engine/commands/console.h"
#include "engine/commands/up.h"
#include "engine/runtime/intake.h"
#include "proto/limits.h"

/* Lines up to here reach the topic `rejected` whole; a record that may be used is much shorter. */
#define LINE_MAX_BYTES ((size_t)1024 * 1024)

enum wh_exit
wh_feed_open(struct wh_up *up)
{
    struct wh_feed *feed = &up->feed;
    wh_arena_init(&feed->arena, 0);
    wh_arena_init(&feed->ahead, 0);
    feed->now = WH_TIME_MIN;
    feed->has_ended = up->file.len == 0;
    if (up->file.len == 0) {
        return WH_EXIT_DONE;
    }
    const char *path = wh_arena_str(&up->arena, up->file).ptr;
    enum wh_err err = wh_lines_open(path, LINE_MAX_BYTES, &feed->lines, &feed->error);
    feed->is_open = err == WH_OK;
    return err == WH_OK ? WH_EXIT_DONE
                        : wh_console_fail(wh_console_exit(err), "%s", feed->error.message);
}

void
wh_feed_close(struct wh_up *up)
{
    wh_lines_close(&up->feed.lines);
    wh_arena_fini(&up->feed.arena);
    wh_arena_fini(&up->feed.ahead);
}

static bool
is_log_clock(const struct wh_up *up)
{
    return up->shard.env.clock_kind == WH_CLOCK_LOG;
}

static struct wh_str
time_text(struct wh_arena *arena, const char *before, int64_t us)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, before);
    wh_time_format(&buf, us);
    return wh_buf_str(&buf);
}

/* As the engine will judge it, in more words. */
static bool
is_in_time(const struct wh_up *up, struct wh_arena *arena, const struct wh_touch *touch,
           struct wh_rejection *ret_why)
{
    int64_t machine = up->clock.now(up->clock.self);
    int64_t now = machine;
    int64_t keep = up->model->ruleset.history_keep;
    if (is_log_clock(up)) {
        now = touch->received > up->feed.now ? touch->received : up->feed.now;
    }
    struct wh_intake intake = {.ruleset = &up->model->ruleset};
    if (wh_intake_is_in_time(&intake, touch, now, machine, ret_why)) {
        return true;
    }
    ret_why->detail =
        ret_why->reason == WH_REJECT_FROM_FUTURE
            ? time_text(arena, "later than the clock of this machine, ", machine)
            : time_text(arena, "older than the history kept, which begins ", now - keep);
    return false;
}

static void
note_rejected(struct wh_up *up, uint64_t line, const struct wh_rejection *why)
{
    struct wh_reject_example *example = &up->rejects.examples[why->reason];
    up->rejects.counts[why->reason]++;
    if (example->line == 0) {
        example->line = line;
        example->field = wh_arena_str(&up->arena, why->field);
        example->detail = wh_arena_str(&up->arena, why->detail);
    }
}

/* A record for the log, in the arena; `ret_at` is its moment under the log clock, WH_TIME_MIN if it
 * has none. */
static struct wh_log_record
make_record(struct wh_up *up, struct wh_arena *arena, const struct wh_line *line, int64_t *ret_at)
{
    struct wh_touch touch;
    struct wh_rejection why = {.reason = WH_REJECT_TOO_LARGE,
                               .detail = WH_STR("a record has at most 64 KiB")};
    struct wh_str bytes = wh_arena_str(arena, line->bytes);
    struct wh_decode_context context = {
        .form = WH_FORM_JSON,
        .default_id = WH_STR("play"), /* the log gives it one */
        .placeholders = up->model->ruleset.placeholders,
        .placeholder_count = up->model->ruleset.placeholder_count,
    };
    *ret_at = WH_TIME_MIN;
    bool is_good = bytes.len <= WH_RECORD_SIZE_MAX &&
                   up->codec.decode_touch(up->codec.self, arena, bytes, &context, &touch,
                                          &up->played.mended, &why) &&
                   is_in_time(up, arena, &touch, &why) &&
                   wh_intake_can_be_followed(&touch, arena, &why);
    up->played.records++;
    if (!is_good) {
        note_rejected(up, line->number, &why);
        return (struct wh_log_record){
            .topic = WH_TOPIC_REJECTED,
            .partition = WH_LOG_BY_KEY,
            .value = bytes,
            .reason = wh_str_of(wh_reject_str(why.reason)),
            .field = why.field,
            .detail = why.detail,
        };
    }
    *ret_at = touch.received;
    return (struct wh_log_record){
        .topic = WH_TOPIC_TOUCHPOINTS,
        .partition = WH_LOG_BY_KEY,
        .key = wh_key_text(arena, touch.keys[0]),
        .value = bytes,
    };
}

/* False: the file has ended. */
static bool
read_next(struct wh_up *up)
{
    struct wh_feed *feed = &up->feed;
    struct wh_line line;
    if (feed->has_next || feed->err != WH_OK) {
        return feed->has_next;
    }
    feed->err = wh_lines_next(feed->lines, &line, &feed->error);
    if (feed->err != WH_OK) {
        return false;
    }
    wh_arena_reset(&feed->ahead);
    feed->next = make_record(up, &feed->ahead, &line, &feed->next_at);
    feed->has_next = true;
    return true;
}

/* One that goes back in time has to see the `now` of those before it, so it begins a new stretch;
 * so does one that comes much later than the first. */
static bool
fits(const struct wh_up *up)
{
    const struct wh_feed *feed = &up->feed;
    if (feed->count == 0 || feed->next_at == WH_TIME_MIN || feed->began == WH_TIME_MIN ||
        !is_log_clock(up)) {
        return true;
    }
    return feed->next_at >= feed->now && feed->next_at - feed->began <= WH_FEED_SPAN;
}

static void
take_next(struct wh_up *up)
{
    struct wh_feed *feed = &up->feed;
    struct wh_log_record *record = &feed->records[feed->count];
    *record = feed->next;
    record->key = wh_arena_str(&feed->arena, record->key);
    record->value = wh_arena_str(&feed->arena, record->value);
    record->field = wh_arena_str(&feed->arena, record->field);
    record->detail = wh_arena_str(&feed->arena, record->detail);
    if (feed->next_at > feed->now) {
        feed->now = feed->next_at;
    }
    if (feed->count == 0 || feed->began == WH_TIME_MIN) {
        feed->began = feed->now;
        wh_shard_reach(&up->shard, is_log_clock(up) ? feed->now : WH_TIME_MIN);
    }
    feed->count++;
    feed->bytes += record->value.len;
    feed->has_next = false;
}

static void
on_appended(void *self, uint64_t ticket, enum wh_log_outcome outcome)
{
    struct wh_up *up = self;
    (void)ticket;
    up->feed.is_under_way = false;
    if (outcome == WH_LOG_COMMITTED) {
        up->feed.count = up->feed.bytes = 0;
        wh_arena_reset(&up->feed.arena);
        return;
    }
    wh_say(&up->say, WH_LOG_WARNING, "the data folder has no room for more touches: playing waits");
}

bool
wh_feed_commit(struct wh_up *up)
{
    return !up->database.is_grouped || wh_sqlite_ungroup(&up->database);
}

/* A commit for each touch would be most of the work; who plays can play again. */
static void
regroup(struct wh_up *up)
{
    int64_t now = up->clock.now(up->clock.self);
    if (up->database.is_grouped && now < up->feed.group_until) {
        return;
    }
    if (wh_feed_commit(up)) {
        up->feed.group_until = now + WH_FEED_GROUP_US;
        (void)!wh_sqlite_group(&up->database); /* without it each step is committed by itself */
    }
}

void
wh_feed_go_on(struct wh_up *up)
{
    struct wh_feed *feed = &up->feed;
    if (feed->is_under_way || feed->has_ended) {
        return;
    }
    regroup(up);
    /* Those that the disk refused are still there and go again. */
    if (feed->count == 0) {
        feed->records = WH_ARENA_ARRAY(&feed->arena, struct wh_log_record, WH_FEED_RECORDS_MAX);
    }
    while (feed->count < WH_FEED_RECORDS_MAX && feed->bytes < WH_FEED_BYTES_MAX && read_next(up) &&
           fits(up)) {
        take_next(up);
    }
    if (feed->count == 0) {
        feed->has_ended = true;
        return;
    }
    feed->is_under_way = true;
    wh_relay_append(&up->relay,
                    &(struct wh_relay_append){on_appended, up, 0, feed->records, feed->count});
}
