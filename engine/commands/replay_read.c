#include "engine/commands/replay_read.h"

#include <string.h>

#include "connectors/file/lines.h"
#include "engine/base/time.h"
#include "engine/commands/console.h"

/* Lines up to here are kept whole; a record that may be used is much shorter. */
#define LINE_MAX_BYTES ((size_t)1024 * 1024)

static uint32_t
number_of(struct wh_replay_input *input, struct wh_arena *scratch, struct wh_key key)
{
    struct wh_str text = wh_key_text(scratch, key);
    return wh_groups_number(&input->groups, wh_hash_fingerprint(text));
}

/* Commands about who is who name identifiers in their properties. */
static void
join_named(struct wh_replay_input *input, struct wh_arena *scratch, const struct wh_touch *touch,
           uint32_t group)
{
    for (size_t i = 0; i < touch->props.count; i++) {
        struct wh_key key;
        struct wh_value value = touch->props.items[i].value;
        if (value.type == WH_TYPE_STRING && wh_key_parse(value.text, &key)) {
            wh_groups_join(&input->groups, group, number_of(input, scratch, key));
        }
    }
}

static uint32_t
group_of(struct wh_replay_input *input, struct wh_arena *scratch, const struct wh_touch *touch)
{
    uint32_t group = number_of(input, scratch, touch->keys[0]);
    struct wh_value type = touch->fields[WH_FIELD_TYPE];
    for (size_t i = 1; i < touch->key_count; i++) {
        wh_groups_join(&input->groups, group, number_of(input, scratch, touch->keys[i]));
    }
    if (type.type == WH_TYPE_STRING && wh_str_starts_with(type.text, WH_STR("identity."))) {
        join_named(input, scratch, touch, group);
    }
    input->has_outcomes = input->has_outcomes ||
                          (type.type == WH_TYPE_STRING && (wh_str_is(type.text, "outcome_won") ||
                                                           wh_str_is(type.text, "outcome_lost")));
    return group;
}

/* Moves the clocks as playing the touch will. */
static void
move_clocks(struct wh_replay_input *input, const struct wh_touch *touch)
{
    const struct wh_replay_env *env = input->env;
    if (touch->occurred > env->machine_now + WH_INTAKE_TOLERANCE) {
        return;
    }
    for (uint32_t i = 0; i < env->side_count; i++) {
        int64_t now = touch->received > input->clocks[i] ? touch->received : input->clocks[i];
        if (touch->occurred >= now - env->rulesets[i]->history_keep) {
            input->clocks[i] = now;
        }
    }
    input->first = touch->occurred < input->first ? touch->occurred : input->first;
    input->last = touch->occurred > input->last ? touch->occurred : input->last;
}

static enum wh_err
add_record(struct wh_replay_input *input, struct wh_arena *scratch, const struct wh_line *line,
           struct wh_error *error)
{
    const struct wh_codec *codec = input->env->codec;
    struct wh_decode_context context = {.form = WH_FORM_JSON, .default_id = WH_STR("-")};
    struct wh_decode_counts counts = {0};
    struct wh_rejection why;
    struct wh_touch touch;
    /* Its group is the number of the first identifier, 0 without one, until all have been read. */
    struct wh_heap_head head;
    memset(&head, 0, sizeof(head));
    head.number = input->records++;
    if (line->bytes.len <= input->env->record_max &&
        codec->decode_touch(codec->self, scratch, line->bytes, &context, &touch, &counts, &why)) {
        head.group = group_of(input, scratch, &touch);
        move_clocks(input, &touch);
    }
    memcpy(head.clocks, input->clocks, sizeof(head.clocks));
    input->bytes += line->bytes.len;
    const struct wh_str parts[] = {{(const char *)&head, sizeof(head)}, line->bytes};
    return wh_spill_push(input->all, parts, 2, error);
}

static enum wh_exit
read_file(struct wh_replay_input *input, struct wh_str path)
{
    struct wh_lines *lines = NULL;
    struct wh_line line;
    struct wh_error error;
    struct wh_arena scratch;
    enum wh_err err =
        wh_lines_open(wh_arena_str(input->arena, path).ptr, LINE_MAX_BYTES, &lines, &error);
    if (err != WH_OK) {
        return wh_console_fail(wh_console_exit(err), "%s", error.message);
    }
    wh_arena_init(&scratch, 0);
    err = wh_lines_next(lines, &line, &error);
    while (err == WH_OK) {
        err = add_record(input, &scratch, &line, &error);
        wh_arena_reset(&scratch);
        err = err == WH_OK ? wh_lines_next(lines, &line, &error) : err;
    }
    wh_arena_fini(&scratch);
    wh_lines_close(&lines);
    return err == WH_ERR_NOT_FOUND
               ? WH_EXIT_DONE
               : wh_console_fail(err == WH_ERR_INPUT ? WH_EXIT_PROBLEMS : WH_EXIT_OUTSIDE, "%s",
                                 error.message);
}

enum wh_exit
wh_replay_read(struct wh_replay_input *input, const struct wh_str *paths, size_t path_count)
{
    wh_groups_init(&input->groups, input->arena);
    /* What names nobody (a record that cannot be decoded) lies with number 0. */
    (void)wh_groups_number(&input->groups, 0);
    input->all = wh_spill_open();
    input->first = WH_TIME_NEVER;
    input->last = WH_TIME_MIN;
    for (uint32_t i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        input->clocks[i] = WH_TIME_MIN;
    }
    for (size_t i = 0; i < path_count; i++) {
        enum wh_exit code = read_file(input, paths[i]);
        if (code != WH_EXIT_DONE) {
            return code;
        }
    }
    return WH_EXIT_DONE;
}

void
wh_replay_add_outcome(struct wh_replay_input *input, struct wh_outcome_record outcome)
{
    if (input->outcome_count == input->outcome_capacity) {
        size_t capacity = input->outcome_capacity == 0 ? 64 : 2 * input->outcome_capacity;
        input->outcomes = wh_arena_grow(input->arena, input->outcomes, input->outcome_count,
                                        capacity, sizeof(*input->outcomes));
        input->outcome_groups = wh_arena_grow(input->arena, input->outcome_groups,
                                              input->outcome_count, capacity, sizeof(uint32_t));
        input->outcome_capacity = capacity;
    }
    input->has_outcomes = true;
    outcome.key = wh_arena_str(input->arena, outcome.key);
    input->outcomes[input->outcome_count] = outcome;
    input->outcome_groups[input->outcome_count++] =
        wh_groups_number(&input->groups, wh_hash_fingerprint(outcome.key));
}

size_t
wh_replay_heaps_for(uint64_t size, size_t threads)
{
    uint64_t count = size / WH_HEAP_SIZE + 1;
    uint64_t least = size > WH_SPILL_MEMORY ? 4 * (uint64_t)threads : 1;
    count = count < least ? least : count;
    return count > WH_HEAPS_MAX ? WH_HEAPS_MAX : (size_t)count;
}

static enum wh_err
lay(struct wh_replay_input *input, struct wh_str bytes, struct wh_error *error)
{
    struct wh_heap_head head;
    memcpy(&head, bytes.ptr, sizeof(head));
    head.group = wh_groups_root(&input->groups, head.group);
    const struct wh_str parts[] = {{(const char *)&head, sizeof(head)},
                                   {bytes.ptr + sizeof(head), bytes.len - sizeof(head)}};
    return wh_spill_push(input->heaps[head.group % input->heap_count], parts, 2, error);
}

enum wh_exit
wh_replay_divide(struct wh_replay_input *input, size_t threads)
{
    struct wh_arena scratch;
    struct wh_spill_reader reader;
    struct wh_str bytes;
    struct wh_error error;
    input->heap_count = wh_replay_heaps_for(wh_spill_size(input->all), threads);
    for (size_t i = 0; i < input->heap_count; i++) {
        input->heaps[i] = wh_spill_open();
    }
    input->outcome_heaps = WH_ARENA_ARRAY(input->arena, size_t, input->outcome_count);
    for (size_t i = 0; i < input->outcome_count; i++) {
        input->outcome_heaps[i] =
            wh_groups_root(&input->groups, input->outcome_groups[i]) % input->heap_count;
    }
    wh_arena_init(&scratch, 0);
    wh_spill_read(input->all, &scratch, &reader);
    enum wh_err err = wh_spill_next(&reader, &bytes, &error);
    while (err == WH_OK) {
        err = lay(input, bytes, &error);
        err = err == WH_OK ? wh_spill_next(&reader, &bytes, &error) : err;
    }
    wh_arena_fini(&scratch);
    wh_spill_close(&input->all);
    return err == WH_ERR_NOT_FOUND ? WH_EXIT_DONE
                                   : wh_console_fail(WH_EXIT_OUTSIDE, "%s", error.message);
}

void
wh_replay_input_fini(struct wh_replay_input *input)
{
    wh_spill_close(&input->all);
    for (size_t i = 0; i < input->heap_count; i++) {
        wh_spill_close(&input->heaps[i]);
    }
}
