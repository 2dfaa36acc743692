/* Reads TZif (RFC 8536):
 *
 *     header | block of version 1, times of 4 bytes | header | block, times of 8 bytes | \n rule \n
 *
 * where a file of version 1 ends after its first block. A block has, in this order, the times of
 * the transitions, the number of the type of each, the types, and parts that are not needed here:
 * names of types, leap seconds, and hints for rules.
 *
 * All numbers have their highest byte first. */
#include "engine/base/zone.h"
#include "engine/base/zone_rule.h"

#define HEADER_SIZE 44
#define TYPE_SIZE   6
/* Real files have at most a few hundred transitions. */
#define TRANSITIONS_MAX 4096
#define TYPES_MAX       256
/* RFC 8536: from a little under -25 hours to a little under 26. */
#define OFFSET_MIN_S (-89999)
#define OFFSET_MAX_S 93599
/* Years of moments that fit into 64 bits of microseconds reach much further; a file's "since ever"
 * does not. */
#define MOMENT_MAX_S INT64_C(9000000000000)

#define RULE_FIRST_YEAR 1970
#define RULE_LAST_YEAR  2100

struct header {
    char version;
    uint32_t utc_hint_count;
    uint32_t standard_hint_count;
    uint32_t leap_count;
    uint32_t transition_count;
    uint32_t type_count;
    uint32_t name_size;
};

/* A block cut out of the file. */
struct block {
    struct header header;
    size_t time_size; /* 4 or 8 */
    struct wh_str times;
    struct wh_str type_numbers;
    struct wh_str types;
};

/* What is left to read. */
struct reader {
    struct wh_str rest;
};

/* Transitions as they are collected. */
struct collector {
    struct wh_zone_transition *transitions;
    size_t count;
    int32_t first_offset_s;
};

static bool
take(struct reader *reader, size_t size, struct wh_str *ret_bytes)
{
    if (reader->rest.len < size) {
        return false;
    }
    *ret_bytes = (struct wh_str){reader->rest.ptr, size};
    reader->rest = wh_str_slice(reader->rest, size, reader->rest.len);
    return true;
}

static uint64_t
load_big(const char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | (unsigned char)bytes[i];
    }
    return value;
}

static int64_t
load_time(const char *bytes, size_t size)
{
    uint64_t value = load_big(bytes, size);
    return size == 4 ? (int64_t)(int32_t)(uint32_t)value : (int64_t)value;
}

static bool
take_header(struct reader *reader, struct header *ret_header)
{
    struct wh_str bytes;
    if (!take(reader, HEADER_SIZE, &bytes) || !wh_str_starts_with(bytes, WH_STR("TZif"))) {
        return false;
    }
    uint32_t counts[6];
    for (size_t i = 0; i < 6; i++) {
        counts[i] = (uint32_t)load_big(bytes.ptr + 20 + 4 * i, 4);
    }
    *ret_header = (struct header){
        .version = bytes.ptr[4],
        .utc_hint_count = counts[0],
        .standard_hint_count = counts[1],
        .leap_count = counts[2],
        .transition_count = counts[3],
        .type_count = counts[4],
        .name_size = counts[5],
    };
    return true;
}

static bool
take_block(struct reader *reader, size_t time_size, struct block *ret_block)
{
    struct block block = {.time_size = time_size};
    if (!take_header(reader, &block.header)) {
        return false;
    }
    const struct header *header = &block.header;
    size_t rest_size = (size_t)header->name_size + header->leap_count * (time_size + 4) +
                       header->standard_hint_count + header->utc_hint_count;
    struct wh_str rest;
    bool is_whole = take(reader, header->transition_count * time_size, &block.times) &&
                    take(reader, header->transition_count, &block.type_numbers) &&
                    take(reader, (size_t)header->type_count * TYPE_SIZE, &block.types) &&
                    take(reader, rest_size, &rest);
    *ret_block = block;
    return is_whole;
}

/* The block with the longest times, and the rule; an empty one when there is none. */
static bool
take_file(struct reader *reader, struct block *ret_block, struct wh_str *ret_rule)
{
    *ret_rule = (struct wh_str){0};
    if (!take_block(reader, 4, ret_block)) {
        return false;
    }
    if (ret_block->header.version == '\0') {
        return true;
    }
    if (!take_block(reader, 8, ret_block)) {
        return false;
    }
    struct wh_str footer = reader->rest;
    if (footer.len < 2 || footer.ptr[0] != '\n' || footer.ptr[footer.len - 1] != '\n') {
        return false;
    }
    *ret_rule = wh_str_slice(footer, 1, footer.len - 1);
    return true;
}

static bool
offset_of_type(const struct block *block, size_t type, int32_t *ret_offset_s)
{
    if (type >= block->header.type_count) {
        return false;
    }
    int64_t offset_s = load_time(block->types.ptr + type * TYPE_SIZE, 4);
    *ret_offset_s = (int32_t)offset_s;
    return offset_s >= OFFSET_MIN_S && offset_s <= OFFSET_MAX_S;
}

static int32_t
last_offset_s(const struct collector *collector)
{
    return collector->count == 0 ? collector->first_offset_s
                                 : collector->transitions[collector->count - 1].offset_s;
}

/* A change of the zone's name or of its summer flag is not a transition here. */
static void
collect(struct collector *collector, struct wh_zone_transition transition)
{
    if (transition.offset_s != last_offset_s(collector)) {
        collector->transitions[collector->count++] = transition;
    }
}

static bool
collect_block(struct collector *collector, const struct block *block)
{
    int64_t previous_s = INT64_MIN;
    for (size_t i = 0; i < block->header.transition_count; i++) {
        int64_t at_s = load_time(block->times.ptr + i * block->time_size, block->time_size);
        int32_t offset_s = 0;
        if ((i > 0 && at_s <= previous_s) ||
            !offset_of_type(block, (unsigned char)block->type_numbers.ptr[i], &offset_s)) {
            return false;
        }
        previous_s = at_s;
        if (at_s < -MOMENT_MAX_S) {
            collector->first_offset_s = offset_s;
        } else if (at_s <= MOMENT_MAX_S) {
            collect(collector, (struct wh_zone_transition){at_s * WH_US_PER_SECOND, offset_s});
        }
    }
    return true;
}

static void
collect_year(struct collector *collector, const struct wh_zone_rule *rule, int32_t year,
             int64_t after_us)
{
    struct wh_zone_transition pair[2];
    wh_zone_rule_transitions(rule, year, pair);
    for (size_t i = 0; i < 2; i++) {
        if (pair[i].at_us > after_us) {
            collect(collector, pair[i]);
        }
    }
}

/* Unrolls the rule from the last transition of the block on. */
static void
collect_rule(struct collector *collector, const struct wh_zone_rule *rule)
{
    int64_t last_us = WH_TIME_MIN;
    if (collector->count > 0) {
        last_us = collector->transitions[collector->count - 1].at_us;
    }
    for (int32_t year = RULE_FIRST_YEAR; year <= RULE_LAST_YEAR; year++) {
        collect_year(collector, rule, year, last_us);
    }
}

static bool
is_usable(const struct block *block)
{
    const struct header *header = &block->header;
    /* Files with leap seconds count time differently from everything else here. */
    return header->leap_count == 0 && header->transition_count <= TRANSITIONS_MAX &&
           header->type_count >= 1 && header->type_count <= TYPES_MAX;
}

enum wh_err
wh_zone_parse(struct wh_arena *arena, struct wh_str name, struct wh_str tzif,
              struct wh_zone *ret_zone)
{
    struct reader reader = {tzif};
    struct block block;
    struct wh_str rule_text;
    struct wh_zone_rule rule = {0};
    struct collector collector = {0};
    if (!take_file(&reader, &block, &rule_text) || !is_usable(&block)) {
        return WH_ERR_INPUT;
    }
    if (rule_text.len > 0 && wh_zone_rule_parse(rule_text, &rule) != WH_OK) {
        return WH_ERR_INPUT;
    }
    size_t rule_max = (RULE_LAST_YEAR - RULE_FIRST_YEAR + 1) * (size_t)2;
    size_t max = block.header.transition_count + (rule.has_summer ? rule_max : 0);
    collector.transitions = WH_ARENA_ARRAY(arena, struct wh_zone_transition, max);
    if (!offset_of_type(&block, 0, &collector.first_offset_s) ||
        !collect_block(&collector, &block)) {
        return WH_ERR_INPUT;
    }
    if (rule.has_summer) {
        collect_rule(&collector, &rule);
    }
    *ret_zone = (struct wh_zone){
        .name = wh_arena_str(arena, name),
        .first_offset_s = collector.first_offset_s,
        .count = collector.count,
        .transitions = collector.transitions,
    };
    return WH_OK;
}
