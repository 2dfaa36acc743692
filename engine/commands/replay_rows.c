/* A row is bytes of this process only: fixed parts as they lie in memory, texts and lists behind
 * their lengths. The rows of a heap stand together, in order of key; which heap comes first is
 * chance and does not matter, because reading merges them. */
#include "engine/commands/replay_rows.h"

#include <pthread.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/commands/replay_merge.h"

struct wh_replay_rows {
    pthread_mutex_t lock;
    struct wh_spill *spill;
    size_t heap_count;
    struct wh_spill_part *parts; /* by heap */
};

struct wh_replay_rows *
wh_replay_rows_open(size_t heap_count)
{
    struct wh_replay_rows *rows = calloc(1, sizeof(*rows));
    struct wh_spill_part *parts = calloc(heap_count, sizeof(*parts));
    if (rows == NULL || parts == NULL) {
        abort();
    }
    (void)pthread_mutex_init(&rows->lock, NULL); /* with default attributes it does not fail */
    rows->spill = wh_spill_open();
    rows->heap_count = heap_count;
    rows->parts = parts;
    return rows;
}

void
wh_replay_rows_close(struct wh_replay_rows **rows)
{
    if (*rows == NULL) {
        return;
    }
    wh_spill_close(&(*rows)->spill);
    (void)pthread_mutex_destroy(&(*rows)->lock);
    free((*rows)->parts);
    free(*rows);
    *rows = NULL;
}

/* ---- writing ---- */

/* Lead and ripening without what they point to. */
struct fixed_lead {
    int64_t highest[WH_REPLAY_SIDES_MAX];
    int64_t won_at, lost_at;
    bool is_known[WH_REPLAY_SIDES_MAX];
};

struct fixed_ripening {
    uint32_t episodes[WH_REPLAY_SIDES_MAX], withdrawn[WH_REPLAY_SIDES_MAX];
    int64_t at[WH_REPLAY_SIDES_MAX], score[WH_REPLAY_SIDES_MAX];
    int64_t rule_points[WH_REPLAY_SIDES_MAX];
};

static void
put(struct wh_buf *buf, const void *bytes, size_t size)
{
    wh_buf_push(buf, (struct wh_str){bytes, size});
}

static void
put_count(struct wh_buf *buf, size_t count)
{
    uint64_t number = count;
    put(buf, &number, sizeof(number));
}

static void
put_text(struct wh_buf *buf, struct wh_str text)
{
    put_count(buf, text.len);
    wh_buf_push(buf, text);
}

static void
put_end(struct wh_buf *buf, const struct wh_replay_lead *lead, uint32_t side, size_t score_count)
{
    const struct wh_replay_end *end = &lead->end[side];
    size_t count = end->scores == NULL ? 0 : score_count;
    put_count(buf, count);
    if (count > 0) {
        put(buf, end->scores, count * sizeof(*end->scores));
    }
    put_text(buf, end->grade);
    put_text(buf, end->stage);
}

static void
put_ripening(struct wh_buf *buf, const struct wh_ripening *ripening)
{
    struct fixed_ripening fixed;
    memset(&fixed, 0, sizeof(fixed));
    for (int i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        fixed.episodes[i] = ripening->episodes[i];
        fixed.withdrawn[i] = ripening->withdrawn[i];
        fixed.at[i] = ripening->at[i];
        fixed.score[i] = ripening->score[i];
        fixed.rule_points[i] = ripening->rule_points[i];
    }
    put(buf, &fixed, sizeof(fixed));
    put_text(buf, ripening->qualification);
    put_text(buf, ripening->rule);
}

static size_t
score_count(const struct wh_ruleset *model, struct wh_str key)
{
    return wh_replay_ruleset_of(model, key)->score_count;
}

static void
put_row(struct wh_buf *buf, const struct wh_replay_row *row, const struct wh_replay_env *env)
{
    const struct wh_replay_lead *lead = &row->lead;
    struct fixed_lead fixed;
    memset(&fixed, 0, sizeof(fixed));
    fixed.won_at = lead->won_at;
    fixed.lost_at = lead->lost_at;
    put_text(buf, lead->key);
    for (uint32_t i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        fixed.is_known[i] = lead->is_known[i];
        fixed.highest[i] = lead->highest[i];
        put_end(buf, lead, i, i < env->side_count ? score_count(env->rulesets[i], lead->key) : 0);
    }
    put(buf, &fixed, sizeof(fixed));
    put_count(buf, row->ripening_count);
    for (size_t i = 0; i < row->ripening_count; i++) {
        put_ripening(buf, &row->ripenings[i]);
    }
}

/* The next row of leads and ripenings, both in order of key; false when both are at their end. */
static bool
take_row(const struct wh_replay *played, size_t *lead_at, size_t *ripening_at,
         struct wh_replay_row *row)
{
    bool has_lead = *lead_at < played->lead_count;
    bool has_ripening = *ripening_at < played->ripening_count;
    if (!has_lead && !has_ripening) {
        return false;
    }
    struct wh_str key = has_lead ? played->leads[*lead_at].key : WH_STR("");
    struct wh_str other = has_ripening ? played->ripenings[*ripening_at].key : WH_STR("");
    bool is_lead = has_lead && (!has_ripening || wh_str_compare(key, other) <= 0);
    *row = (struct wh_replay_row){.ripenings = &played->ripenings[*ripening_at]};
    if (is_lead) {
        row->lead = played->leads[(*lead_at)++];
    } else {
        row->lead = (struct wh_replay_lead){
            .key = other, .won_at = WH_TIME_NEVER, .lost_at = WH_TIME_NEVER};
    }
    while (*ripening_at < played->ripening_count &&
           wh_str_equal(played->ripenings[*ripening_at].key, row->lead.key)) {
        (*ripening_at)++;
        row->ripening_count++;
    }
    return true;
}

/* Under the lock. */
static enum wh_err
push_rows(struct wh_replay_rows *rows, const struct wh_replay *played,
          const struct wh_replay_env *env, struct wh_error *error)
{
    struct wh_arena scratch;
    struct wh_replay_row row;
    size_t lead_at = 0;
    size_t ripening_at = 0;
    enum wh_err err = WH_OK;
    wh_arena_init(&scratch, 0);
    while (err == WH_OK && take_row(played, &lead_at, &ripening_at, &row)) {
        struct wh_buf buf;
        wh_buf_init(&buf, &scratch);
        put_row(&buf, &row, env);
        struct wh_str bytes = wh_buf_str(&buf);
        err = wh_spill_push(rows->spill, &bytes, 1, error);
        wh_arena_reset(&scratch);
    }
    wh_arena_fini(&scratch);
    return err;
}

enum wh_err
wh_replay_rows_add(struct wh_replay_rows *rows, size_t heap, const struct wh_replay *played,
                   const struct wh_replay_env *env, struct wh_error *error)
{
    (void)pthread_mutex_lock(&rows->lock);
    rows->parts[heap].from = wh_spill_size(rows->spill);
    enum wh_err err = push_rows(rows, played, env, error);
    rows->parts[heap].until = wh_spill_size(rows->spill);
    (void)pthread_mutex_unlock(&rows->lock);
    return err;
}

/* ---- reading ---- */

struct wh_replay_rows_reader {
    struct wh_replay_merge *merge;
    struct wh_arena memory; /* of the row that was given */
};

/* Bytes still to be read. */
struct cursor {
    const char *at;
    struct wh_arena *arena;
};

static void
get(struct cursor *cursor, void *ret_bytes, size_t size)
{
    memcpy(ret_bytes, cursor->at, size);
    cursor->at += size;
}

static size_t
get_count(struct cursor *cursor)
{
    uint64_t number = 0;
    get(cursor, &number, sizeof(number));
    return (size_t)number;
}

static struct wh_str
get_text(struct cursor *cursor)
{
    struct wh_str text = {NULL, get_count(cursor)};
    text.ptr = cursor->at;
    cursor->at += text.len;
    return text;
}

static void
get_end(struct cursor *cursor, struct wh_replay_end *end)
{
    size_t count = get_count(cursor);
    int64_t *scores = count == 0 ? NULL : WH_ARENA_ARRAY(cursor->arena, int64_t, count);
    if (count > 0) {
        get(cursor, scores, count * sizeof(*scores));
    }
    end->scores = scores;
    end->grade = get_text(cursor);
    end->stage = get_text(cursor);
}

static void
get_ripening(struct cursor *cursor, struct wh_str key, struct wh_ripening *ripening)
{
    struct fixed_ripening fixed;
    get(cursor, &fixed, sizeof(fixed));
    *ripening = (struct wh_ripening){.key = key};
    for (int i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        ripening->episodes[i] = fixed.episodes[i];
        ripening->withdrawn[i] = fixed.withdrawn[i];
        ripening->at[i] = fixed.at[i];
        ripening->score[i] = fixed.score[i];
        ripening->rule_points[i] = fixed.rule_points[i];
    }
    ripening->qualification = get_text(cursor);
    ripening->rule = get_text(cursor);
}

static void
get_row(struct cursor *cursor, struct wh_replay_row *row)
{
    struct wh_replay_lead *lead = &row->lead;
    struct fixed_lead fixed;
    lead->key = get_text(cursor);
    for (int i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        get_end(cursor, &lead->end[i]);
    }
    get(cursor, &fixed, sizeof(fixed));
    lead->won_at = fixed.won_at;
    lead->lost_at = fixed.lost_at;
    for (int i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        lead->is_known[i] = fixed.is_known[i];
        lead->highest[i] = fixed.highest[i];
    }
    row->ripening_count = get_count(cursor);
    struct wh_ripening *ripenings =
        WH_ARENA_ARRAY(cursor->arena, struct wh_ripening, row->ripening_count);
    for (size_t i = 0; i < row->ripening_count; i++) {
        get_ripening(cursor, lead->key, &ripenings[i]);
    }
    row->ripenings = ripenings;
}

static struct wh_str
key_of(struct wh_str bytes)
{
    struct cursor cursor = {.at = bytes.ptr};
    return get_text(&cursor);
}

static int
compare_keys(struct wh_str a, struct wh_str b)
{
    return wh_str_compare(key_of(a), key_of(b));
}

struct wh_replay_rows_reader *
wh_replay_rows_read(const struct wh_replay_rows *rows)
{
    struct wh_replay_rows_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) {
        abort();
    }
    wh_arena_init(&reader->memory, 0);
    reader->merge = wh_replay_merge_open(rows->spill, rows->parts, rows->heap_count, compare_keys);
    return reader;
}

enum wh_err
wh_replay_rows_next(struct wh_replay_rows_reader *reader, struct wh_replay_row *ret_row,
                    struct wh_error *error)
{
    struct wh_str bytes;
    enum wh_err err = wh_replay_merge_next(reader->merge, &bytes, error);
    if (err != WH_OK) {
        return err;
    }
    wh_arena_reset(&reader->memory);
    struct cursor cursor = {.at = bytes.ptr, .arena = &reader->memory};
    get_row(&cursor, ret_row);
    return WH_OK;
}

void
wh_replay_rows_end(struct wh_replay_rows_reader **reader)
{
    if (*reader != NULL) {
        wh_replay_merge_close(&(*reader)->merge);
        wh_arena_fini(&(*reader)->memory);
        free(*reader);
        *reader = NULL;
    }
}
