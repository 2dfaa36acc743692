#include "engine/commands/replay_play.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/commands/console.h"
#include "engine/commands/machine.h"
#include "engine/host/pool.h"

/* A heap under a variant; what it found out is in the variant's rows. */
struct task {
    struct wh_replay_tally tallies[WH_REPLAY_SIDES_MAX];
    enum wh_err err;
    struct wh_error error;
};

struct playing {
    struct wh_replay_input *input;
    struct wh_replay_variant *variants;
    size_t variant_count;
    struct task *tasks;
    size_t task_count;
    struct wh_spill **companies; /* heaps of one variant, while they are played */
    size_t company_count;
    struct wh_replay_variant *present; /* that one */
    int64_t started;                   /* µs, of the machine's clock */
};

/* ---- one heap ---- */

static void
add_outcomes(const struct wh_replay_input *input, struct wh_replay *played, size_t heap)
{
    for (size_t i = 0; i < input->outcome_count; i++) {
        if (input->outcome_heaps[i] == heap) {
            wh_replay_outcome(played, &input->outcomes[i]);
        }
    }
}

static void
bring(struct wh_replay *played, struct wh_str bytes)
{
    struct wh_heap_head head;
    memcpy(&head, bytes.ptr, sizeof(head));
    struct wh_replay_record record = {
        .bytes = {bytes.ptr + sizeof(head), bytes.len - sizeof(head)},
        .number = head.number,
        .group = head.group,
        .clocks = head.clocks,
    };
    wh_replay_record(played, &record);
}

static enum wh_err
play_records(struct wh_replay *played, const struct wh_spill *heap, struct wh_error *error)
{
    struct wh_arena scratch;
    struct wh_spill_reader reader;
    struct wh_str bytes;
    wh_arena_init(&scratch, 0);
    wh_spill_read(heap, &scratch, &reader);
    enum wh_err err = wh_spill_next(&reader, &bytes, error);
    while (err == WH_OK) {
        bring(played, bytes);
        err = wh_spill_next(&reader, &bytes, error);
    }
    wh_arena_fini(&scratch);
    return err == WH_ERR_NOT_FOUND ? WH_OK : err;
}

static enum wh_err
play_letters(struct wh_replay *played, const struct playing *playing, const struct wh_spill *heap,
             struct wh_error *error)
{
    const struct wh_codec *codec = playing->present->env.codec;
    struct wh_arena memory;  /* of the reader */
    struct wh_arena scratch; /* of a letter */
    struct wh_spill_reader reader;
    struct wh_replay_letter letter;
    struct wh_str bytes;
    wh_arena_init(&memory, 0);
    wh_arena_init(&scratch, 0);
    wh_spill_read(heap, &memory, &reader);
    enum wh_err err = wh_spill_next(&reader, &bytes, error);
    while (err == WH_OK) {
        err = wh_replay_letter_decode(codec, bytes, &scratch, &letter, error);
        if (err == WH_OK) {
            wh_replay_hear(played, &letter, playing->input->clocks);
            err = wh_spill_next(&reader, &bytes, error);
        }
        wh_arena_reset(&scratch);
    }
    wh_arena_fini(&scratch);
    wh_arena_fini(&memory);
    return err == WH_ERR_NOT_FOUND ? WH_OK : err;
}

static void
count(struct task *task, const struct wh_replay *played)
{
    for (uint32_t i = 0; i < played->side_count; i++) {
        task->tallies[i].counts = played->sides[i].play.counts;
        memcpy(task->tallies[i].events, played->events[i], sizeof(played->events[i]));
    }
}

static void
play_leads(void *self, size_t number)
{
    struct playing *playing = self;
    struct task *task = &playing->tasks[number];
    size_t heap = number % playing->input->heap_count;
    struct wh_replay_variant *variant = &playing->variants[number / playing->input->heap_count];
    struct wh_replay played;
    struct wh_replay_outbox outbox;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    wh_replay_begin(&played, &variant->env, &arena);
    wh_replay_outbox_begin(&outbox, variant->env.codec);
    wh_replay_send(&played, wh_replay_outbox_put, &outbox);
    add_outcomes(playing->input, &played, heap);
    task->err = play_records(&played, playing->input->heaps[heap], &task->error);
    wh_replay_finish(&played, playing->input->clocks);
    if (task->err == WH_OK) {
        task->err = wh_replay_letters_add(variant->letters, heap, &outbox, &task->error);
    }
    if (task->err == WH_OK) {
        task->err = wh_replay_rows_add(variant->rows, heap, &played, &variant->env, &task->error);
    }
    count(task, &played);
    wh_replay_outbox_end(&outbox);
    wh_replay_end(&played);
    wh_arena_fini(&arena);
}

static void
play_companies(void *self, size_t heap)
{
    struct playing *playing = self;
    struct task *task = &playing->tasks[heap];
    struct wh_replay_variant *variant = playing->present;
    struct wh_replay played;
    struct wh_arena arena;
    wh_arena_init(&arena, 0);
    wh_replay_begin(&played, &variant->env, &arena);
    task->err = play_letters(&played, playing, playing->companies[heap], &task->error);
    wh_replay_finish(&played, playing->input->clocks);
    if (task->err == WH_OK) {
        task->err = wh_replay_rows_add(variant->rows, playing->input->heap_count + heap, &played,
                                       &variant->env, &task->error);
    }
    count(task, &played);
    wh_replay_end(&played);
    wh_arena_fini(&arena);
}

/* ---- all of them ---- */

static void
show_bar(void *self, size_t done)
{
    const struct playing *playing = self;
    double seconds = (double)(wh_machine_now() - playing->started) / 1e6;
    double part = (double)done / (double)playing->task_count;
    double records = part * (double)(playing->input->records * playing->variant_count);
    if (done > 0) {
        (void)fprintf(stderr, "\rreplay: %3.0f %%, %.0f records/s, %.0f s left   ", 100 * part,
                      records / (seconds + 1e-6), seconds * (1 - part) / part);
    }
}

static void
begin_tasks(struct playing *playing, size_t task_count)
{
    assert(task_count > 0);
    playing->tasks = calloc(task_count, sizeof(*playing->tasks));
    playing->task_count = task_count;
    if (playing->tasks == NULL) {
        abort();
    }
}

static void
add_up(struct wh_replay_tally *tally, const struct wh_replay_tally *part)
{
    tally->counts.commands += part->counts.commands;
    for (size_t i = 0; i < WH_OUTCOME_COUNT; i++) {
        tally->counts.outcomes[i] += part->counts.outcomes[i];
    }
    for (size_t i = 0; i < WH_REJECT_COUNT; i++) {
        tally->counts.rejected[i] += part->counts.rejected[i];
    }
    for (size_t i = 0; i < WH_EVENT_KIND_COUNT; i++) {
        tally->events[i] += part->events[i];
    }
}

/* Adds up what tasks of a variant counted; the first that failed is told. */
static enum wh_exit
end_tasks(struct playing *playing, size_t from, size_t until, struct wh_replay_variant *variant)
{
    for (size_t i = from; i < until; i++) {
        const struct task *task = &playing->tasks[i];
        if (task->err != WH_OK) {
            return wh_console_fail(WH_EXIT_OUTSIDE, "%s", task->error.message);
        }
        for (size_t side = 0; side < WH_REPLAY_SIDES_MAX; side++) {
            add_up(&variant->tallies[side], &task->tallies[side]);
        }
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
play_all_leads(struct playing *playing, bool has_bar)
{
    size_t heaps = playing->input->heap_count;
    enum wh_exit code = WH_EXIT_DONE;
    begin_tasks(playing, playing->variant_count * heaps);
    wh_pool_run(wh_pool_cores(), playing->task_count, play_leads, has_bar ? show_bar : NULL,
                playing);
    if (has_bar) {
        (void)fprintf(stderr, "\r\033[K");
    }
    for (size_t i = 0; i < playing->variant_count && code == WH_EXIT_DONE; i++) {
        code = end_tasks(playing, i * heaps, (i + 1) * heaps, &playing->variants[i]);
    }
    free(playing->tasks);
    return code;
}

static enum wh_exit
play_all_companies(struct playing *playing, struct wh_replay_variant *variant)
{
    struct wh_spill *heaps[WH_HEAPS_MAX];
    struct wh_error error;
    uint64_t size = wh_replay_letters_size(variant->letters);
    size_t heap_count = size == 0 ? 0 : wh_replay_heaps_for(size, wh_pool_cores());
    enum wh_exit code = WH_EXIT_DONE;
    for (size_t i = 0; i < heap_count; i++) {
        heaps[i] = wh_spill_open();
    }
    if (heap_count > 0 &&
        wh_replay_letters_divide(variant->letters, heaps, heap_count, &error) != WH_OK) {
        code = wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
    }
    wh_replay_letters_close(&variant->letters);
    if (heap_count > 0 && code == WH_EXIT_DONE) {
        playing->companies = heaps;
        playing->present = variant;
        begin_tasks(playing, heap_count);
        wh_pool_run(wh_pool_cores(), heap_count, play_companies, NULL, playing);
        code = end_tasks(playing, 0, heap_count, variant);
        free(playing->tasks);
    }
    for (size_t i = 0; i < heap_count; i++) {
        wh_spill_close(&heaps[i]);
    }
    return code;
}

enum wh_exit
wh_replay_play(struct wh_replay_input *input, struct wh_replay_variant *variants,
               size_t variant_count, bool has_bar)
{
    struct playing playing = {
        .input = input,
        .variants = variants,
        .variant_count = variant_count,
        .started = wh_machine_now(),
    };
    for (size_t i = 0; i < variant_count; i++) {
        variants[i].rows = wh_replay_rows_open(input->heap_count + WH_HEAPS_MAX);
        variants[i].letters = wh_replay_letters_open(input->heap_count, variants[i].env.side_count);
    }
    enum wh_exit code = play_all_leads(&playing, has_bar);
    wh_replay_input_fini(input);
    for (size_t i = 0; i < variant_count && code == WH_EXIT_DONE; i++) {
        code = play_all_companies(&playing, &variants[i]);
    }
    return code;
}

void
wh_replay_variant_fini(struct wh_replay_variant *variant)
{
    wh_replay_rows_close(&variant->rows);
    wh_replay_letters_close(&variant->letters);
}
