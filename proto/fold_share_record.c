/* What folded touches have brought, so that it can go where they belong. */
#include "engine/base/time.h"
#include "engine/base/utf8.h"
#include "proto/parcel_record.h"
#include "proto/protobuf_arena.h"
#include "proto/state_parts.h"

#define SUMS (sizeof(((struct wh_fold_rule *)NULL)->sum) / sizeof(int64_t))

static Waterhole__FoldPairs *
write_pairs(struct wh_arena *arena, struct wh_fold_pairs pairs)
{
    if (pairs.count == 0) {
        return NULL;
    }
    int64_t *keys = WH_ARENA_ARRAY(arena, int64_t, pairs.count);
    Waterhole__FoldPairs *message = WH_ARENA_NEW(arena, Waterhole__FoldPairs);
    waterhole__fold_pairs__init(message);
    message->n_keys = message->n_values = pairs.count;
    message->values = WH_ARENA_ARRAY(arena, int64_t, pairs.count);
    for (uint32_t i = 0; i < pairs.count; i++) {
        keys[i] = pairs.items[i].key;
        message->values[i] = pairs.items[i].value;
    }
    message->keys = wh_part_write_rising(arena, keys, pairs.count);
    return message;
}

static bool
read_pairs(struct wh_part_reader *reader, const Waterhole__FoldPairs *message,
           struct wh_fold_pairs *ret_pairs)
{
    *ret_pairs = (struct wh_fold_pairs){NULL, 0, 0};
    if (message == NULL) {
        return true;
    }
    size_t count = message->n_keys;
    if (message->n_values != count || count > WH_PART_ITEMS_MAX) {
        return wh_part_fault(reader, "sums that do not fit together");
    }
    int64_t *keys = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    struct wh_fold_pair *items = WH_ARENA_ARRAY(reader->arena, struct wh_fold_pair, count);
    wh_state_sums(message->keys, count, keys);
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct wh_fold_pair){keys[i], message->values[i]};
    }
    *ret_pairs = (struct wh_fold_pairs){items, (uint32_t)count, (uint32_t)count};
    return true;
}

static Waterhole__FoldRule *
write_rule(struct wh_arena *arena, const struct wh_fold_rule *rule)
{
    Waterhole__FoldRule *message = WH_ARENA_NEW(arena, Waterhole__FoldRule);
    waterhole__fold_rule__init(message);
    message->has_index = rule->rule.len == 0;
    message->index = rule->index;
    message->has_score = message->has_rule = rule->rule.len > 0;
    message->score = wh_protobuf_bytes(rule->score);
    message->rule = wh_protobuf_bytes(rule->rule);
    message->has_decay = rule->decay != 0;
    message->decay = rule->decay;
    message->has_duration = rule->duration != 0;
    message->duration = rule->duration;
    message->n_sum = SUMS;
    message->sum = wh_arena_grow(arena, rule->sum, SUMS, SUMS, sizeof(*rule->sum));
    message->awards = write_pairs(arena, rule->awards);
    message->has_paid = rule->paid != 0;
    message->paid = rule->paid;
    message->has_last = rule->last != WH_TIME_MIN;
    message->last = rule->last;
    message->once = write_pairs(arena, rule->once);
    message->highest = write_pairs(arena, rule->highest);
    return message;
}

/* A name of the model. */
static bool
read_name(struct wh_part_reader *reader, ProtobufCBinaryData bytes, struct wh_str *ret_name)
{
    struct wh_str name = wh_protobuf_str(bytes);
    if (name.len > WH_STRINGS_LENGTH_MAX || !wh_utf8_is_valid(name)) {
        return wh_part_fault(reader, "a name that is too long or no UTF-8");
    }
    *ret_name = name.len == 0 ? (struct wh_str){NULL, 0} : wh_arena_str(reader->arena, name);
    return true;
}

static bool
read_rule(struct wh_part_reader *reader, const Waterhole__FoldRule *message,
          struct wh_fold_rule *rule)
{
    *rule = (struct wh_fold_rule){
        .index = message->index,
        .decay = (uint8_t)message->decay,
        .duration = message->duration,
        .paid = message->paid,
        .last = message->has_last ? message->last : WH_TIME_MIN,
    };
    if (message->n_sum != SUMS || message->decay > UINT8_MAX || message->index < 0 ||
        message->duration < 0 || message->paid < 0 || !wh_part_is_time(message->last)) {
        return wh_part_fault(reader, "sums of a rule that there is not");
    }
    memcpy(rule->sum, message->sum, sizeof(rule->sum));
    return read_name(reader, message->score, &rule->score) &&
           read_name(reader, message->rule, &rule->rule) &&
           read_pairs(reader, message->awards, &rule->awards) &&
           read_pairs(reader, message->once, &rule->once) &&
           read_pairs(reader, message->highest, &rule->highest);
}

static Waterhole__FoldStatement *
write_statement(struct wh_arena *arena, const struct wh_fold_statement *statement)
{
    Waterhole__FoldStatement *message = WH_ARENA_NEW(arena, Waterhole__FoldStatement);
    waterhole__fold_statement__init(message);
    message->has_kind = message->has_cell = message->has_at = message->has_id = true;
    message->kind = statement->kind;
    message->has_name = statement->name.len > 0;
    message->name = wh_protobuf_bytes(statement->name);
    message->has_column = statement->column != 0;
    message->column = statement->column;
    message->cell = statement->cell;
    message->at = statement->at;
    message->id = statement->id;
    return message;
}

static bool
read_statement(struct wh_part_reader *reader, const Waterhole__FoldStatement *message,
               struct wh_fold_statement *statement)
{
    *statement = (struct wh_fold_statement){
        .kind = (uint8_t)message->kind,
        .column = message->column,
        .cell = message->cell,
        .at = message->at,
        .id = message->id,
    };
    if (message->kind > UINT8_MAX || message->column < 0 ||
        (uint32_t)message->column >= reader->column_count || !wh_part_is_time(message->at) ||
        message->id >= reader->strings->count || !wh_part_is_cell(reader->strings, message->cell)) {
        return wh_part_fault(reader, "a statement that there is not");
    }
    return read_name(reader, message->name, &statement->name);
}

static Waterhole__FoldAct *
write_act(struct wh_arena *arena, const struct wh_fold_act *act)
{
    if (act->at == WH_TIME_MIN) {
        return NULL;
    }
    Waterhole__FoldAct *message = WH_ARENA_NEW(arena, Waterhole__FoldAct);
    waterhole__fold_act__init(message);
    message->has_at = true;
    message->at = act->at;
    message->has_campaign = act->campaign != WH_CELL_ABSENT;
    message->campaign = act->campaign;
    message->has_channel = act->channel != WH_CELL_ABSENT;
    message->channel = act->channel;
    return message;
}

static bool
read_act(struct wh_part_reader *reader, const Waterhole__FoldAct *message,
         struct wh_fold_act *ret_act)
{
    *ret_act = (struct wh_fold_act){.at = WH_TIME_MIN};
    if (message == NULL) {
        return true;
    }
    if (!wh_part_is_time(message->at) || !wh_part_is_cell(reader->strings, message->campaign) ||
        !wh_part_is_cell(reader->strings, message->channel)) {
        return wh_part_fault(reader, "a campaign that there is not");
    }
    *ret_act = (struct wh_fold_act){message->at, message->campaign, message->channel};
    return true;
}

static Waterhole__FoldShare *
write_fold(struct wh_arena *arena, const struct wh_bundle_fold *fold)
{
    Waterhole__FoldShare *message = WH_ARENA_NEW(arena, Waterhole__FoldShare);
    waterhole__fold_share__init(message);
    message->has_trail = fold->trail != 0;
    message->trail = fold->trail;
    message->has_from = message->has_lasted = message->has_count = true;
    message->from = fold->from;
    message->lasted = (int64_t)((uint64_t)fold->to - (uint64_t)fold->from);
    message->count = fold->count;
    message->has_visible = fold->visible != 0;
    message->visible = fold->visible;
    message->has_seen_from = fold->seen_from != WH_TIME_NEVER;
    message->seen_from = fold->seen_from;
    message->has_named = message->named = fold->named;
    message->first = write_act(arena, &fold->first);
    message->last = write_act(arena, &fold->last);
    message->n_rules = fold->rule_count;
    message->rules = WH_ARENA_ARRAY(arena, Waterhole__FoldRule *, fold->rule_count);
    for (uint32_t i = 0; i < fold->rule_count; i++) {
        message->rules[i] = write_rule(arena, &fold->rules[i]);
    }
    message->n_statements = fold->statement_count;
    message->statements = WH_ARENA_ARRAY(arena, Waterhole__FoldStatement *, fold->statement_count);
    for (uint32_t i = 0; i < fold->statement_count; i++) {
        message->statements[i] = write_statement(arena, &fold->statements[i]);
    }
    message->has_model = fold->model != 0;
    message->model = fold->model;
    message->totals = write_pairs(arena, fold->totals);
    return message;
}

Waterhole__FoldShare **
wh_parcel_write_folds(struct wh_arena *arena, const struct wh_bundle_fold *folds, uint32_t count)
{
    Waterhole__FoldShare **messages = WH_ARENA_ARRAY(arena, Waterhole__FoldShare *, count);
    for (uint32_t i = 0; i < count; i++) {
        messages[i] = write_fold(arena, &folds[i]);
    }
    return messages;
}

static bool
read_lists(struct wh_part_reader *reader, const Waterhole__FoldShare *message,
           struct wh_bundle_fold *fold)
{
    if (message->n_rules > WH_PART_ITEMS_MAX || message->n_statements > WH_PART_ITEMS_MAX) {
        return wh_part_fault(reader, "more sums than there can be");
    }
    fold->rule_count = fold->rule_capacity = (uint32_t)message->n_rules;
    fold->rules = WH_ARENA_ARRAY(reader->arena, struct wh_fold_rule, message->n_rules);
    for (size_t i = 0; i < message->n_rules; i++) {
        if (!read_rule(reader, message->rules[i], &fold->rules[i])) {
            return false;
        }
    }
    fold->statement_count = fold->statement_capacity = (uint32_t)message->n_statements;
    fold->statements =
        WH_ARENA_ARRAY(reader->arena, struct wh_fold_statement, message->n_statements);
    for (size_t i = 0; i < message->n_statements; i++) {
        if (!read_statement(reader, message->statements[i], &fold->statements[i])) {
            return false;
        }
    }
    return read_pairs(reader, message->totals, &fold->totals);
}

static bool
read_fold(struct wh_part_reader *reader, const Waterhole__FoldShare *message,
          struct wh_bundle_fold *fold)
{
    *fold = (struct wh_bundle_fold){
        .trail = message->trail,
        .from = message->from,
        .to = (int64_t)((uint64_t)message->from + (uint64_t)message->lasted),
        .count = message->count,
        .visible = message->visible,
        .seen_from = message->has_seen_from ? message->seen_from : WH_TIME_NEVER,
        .named = message->named,
        .model = message->model,
    };
    if (!wh_part_is_time(fold->from) || !wh_part_is_time(fold->to) || fold->from > fold->to ||
        fold->visible > fold->count || !wh_part_is_time(message->seen_from) ||
        fold->trail >= reader->trail_count) {
        return wh_part_fault(reader, "a fold of touches that there are not");
    }
    return read_act(reader, message->first, &fold->first) &&
           read_act(reader, message->last, &fold->last) && read_lists(reader, message, fold);
}

bool
wh_parcel_read_folds(struct wh_part_reader *reader, Waterhole__FoldShare *const *messages,
                     size_t count, struct wh_bundle_fold **ret_folds)
{
    if (count > UINT16_MAX) {
        return wh_part_fault(reader, "more folds than there can be");
    }
    *ret_folds = WH_ARENA_ARRAY(reader->arena, struct wh_bundle_fold, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_fold(reader, messages[i], &(*ret_folds)[i])) {
            return false;
        }
    }
    return true;
}
