#include "engine/model/bundle.h"

#define CAPACITY_MIN 4

/* Bytes of an entry beside its strings, and of one string beside its text; numbers as varints at
 * their longest. */
#define SIZE_OF_ROW       64
#define SIZE_OF_CELL      10
#define SIZE_OF_STRING    6
#define SIZE_OF_DECISION  96
#define SIZE_OF_FIRING    48
#define SIZE_OF_NURTURE   64
#define SIZE_OF_FOLD      160
#define SIZE_OF_RULE      96
#define SIZE_OF_STATEMENT 48
#define SIZE_OF_PAIR      22

void
wh_bundle_begin(struct wh_bundle *bundle, struct wh_arena *arena)
{
    *bundle = (struct wh_bundle){0};
    wh_strings_init(&bundle->strings, arena);
}

bool
wh_bundle_is_empty(const struct wh_bundle *bundle)
{
    return bundle->row_count == 0 && bundle->decision_count == 0 && bundle->firing_count == 0 &&
           bundle->nurture_count == 0 && bundle->fold_count == 0;
}

static uint32_t
next_capacity(uint32_t count)
{
    return count < CAPACITY_MIN ? CAPACITY_MIN : count * 2;
}

/* Makes room for one more entry of an array of the bundle. */
#define RESERVE(bundle, items, count, capacity)                                            \
    do {                                                                                   \
        if ((count) >= (capacity)) {                                                       \
            (capacity) = next_capacity(count);                                             \
            (items) = wh_arena_grow((bundle)->strings.arena, (items), (count), (capacity), \
                                    sizeof(*(items)));                                     \
        }                                                                                  \
    } while (0)

uint32_t
wh_bundle_add_row(struct wh_bundle *bundle, struct wh_bundle_row row)
{
    if (bundle->row_count >= bundle->row_capacity) {
        uint32_t capacity = next_capacity(bundle->row_count);
        struct wh_arena *arena = bundle->strings.arena;
        bundle->rows =
            wh_arena_grow(arena, bundle->rows, bundle->row_count, capacity, sizeof(*bundle->rows));
        for (uint32_t i = 0; i < bundle->column_count; i++) {
            wh_cell_t **cells = &bundle->columns[i].cells;
            *cells = wh_arena_grow(arena, *cells, bundle->row_count, capacity, sizeof(**cells));
        }
        bundle->row_capacity = capacity;
    }
    bundle->rows[bundle->row_count] = row;
    return bundle->row_count++;
}

static uint32_t
place_of_column(const struct wh_bundle *bundle, uint8_t kind, struct wh_str name)
{
    uint32_t place = 0;
    while (place < bundle->column_count && (bundle->columns[place].kind != kind ||
                                            !wh_str_equal(bundle->columns[place].name, name))) {
        place++;
    }
    return place;
}

uint32_t
wh_bundle_column(struct wh_bundle *bundle, uint8_t kind, struct wh_str name)
{
    uint32_t place = place_of_column(bundle, kind, name);
    if (place < bundle->column_count) {
        return place;
    }
    RESERVE(bundle, bundle->columns, bundle->column_count, bundle->column_capacity);
    struct wh_arena *arena = bundle->strings.arena;
    uint32_t rows =
        bundle->row_capacity > bundle->row_count ? bundle->row_capacity : bundle->row_count;
    bundle->columns[bundle->column_count++] = (struct wh_bundle_column){
        .kind = kind,
        .name = wh_arena_str(arena, name),
        .cells = WH_ARENA_ARRAY(arena, wh_cell_t, rows),
    };
    return place;
}

const struct wh_bundle_column *
wh_bundle_find_column(const struct wh_bundle *bundle, uint8_t kind, struct wh_str name)
{
    uint32_t place = place_of_column(bundle, kind, name);
    return place < bundle->column_count ? &bundle->columns[place] : NULL;
}

void
wh_bundle_add_decision(struct wh_bundle *bundle, struct wh_str qualification,
                       const struct wh_decision *decision)
{
    RESERVE(bundle, bundle->decisions, bundle->decision_count, bundle->decision_capacity);
    struct wh_arena *arena = bundle->strings.arena;
    struct wh_bundle_decision *added = &bundle->decisions[bundle->decision_count++];
    *added = (struct wh_bundle_decision){
        .qualification = wh_arena_str(arena, qualification),
        .decision = *decision,
    };
    added->decision.published.value = wh_arena_str(arena, decision->published.value);
    added->decision.route = wh_arena_str(arena, decision->route);
    added->decision.owner = wh_arena_str(arena, decision->owner);
    added->decision.began_by = wh_arena_str(arena, decision->began_by);
    added->decision.ended_by = wh_arena_str(arena, decision->ended_by);
}

void
wh_bundle_add_firing(struct wh_bundle *bundle, struct wh_str trigger,
                     const struct wh_firing *firing)
{
    RESERVE(bundle, bundle->firings, bundle->firing_count, bundle->firing_capacity);
    bundle->firings[bundle->firing_count++] = (struct wh_bundle_firing){
        .trigger = wh_arena_str(bundle->strings.arena, trigger),
        .firing = *firing,
    };
}

void
wh_bundle_add_nurture(struct wh_bundle *bundle, const struct wh_bundle_nurture *nurture)
{
    RESERVE(bundle, bundle->nurtures, bundle->nurture_count, bundle->nurture_capacity);
    bundle->nurtures[bundle->nurture_count++] = (struct wh_bundle_nurture){
        .track = wh_arena_str(bundle->strings.arena, nurture->track),
        .step = wh_arena_str(bundle->strings.arena, nurture->step),
        .nurture = nurture->nurture,
    };
}

struct wh_bundle_fold *
wh_bundle_add_fold(struct wh_bundle *bundle)
{
    RESERVE(bundle, bundle->folds, bundle->fold_count, bundle->fold_capacity);
    struct wh_bundle_fold *fold = &bundle->folds[bundle->fold_count++];
    wh_bundle_fold_begin(fold);
    return fold;
}

static size_t
size_of_rows(const struct wh_bundle *bundle)
{
    size_t size = (size_t)bundle->row_count * SIZE_OF_ROW;
    for (uint32_t i = 0; i < bundle->strings.count; i++) {
        size += bundle->strings.items[i].len + SIZE_OF_STRING;
    }
    for (uint32_t i = 0; i < bundle->column_count; i++) {
        const struct wh_bundle_column *column = &bundle->columns[i];
        size += column->name.len + SIZE_OF_STRING;
        for (uint32_t row = 0; row < bundle->row_count; row++) {
            size += column->cells[row] == WH_CELL_ABSENT ? 1 : SIZE_OF_CELL;
        }
    }
    return size;
}

size_t
wh_bundle_fold_size(const struct wh_bundle_fold *fold)
{
    size_t size = SIZE_OF_FOLD + (size_t)fold->totals.count * SIZE_OF_PAIR;
    for (uint32_t i = 0; i < fold->rule_count; i++) {
        const struct wh_fold_rule *rule = &fold->rules[i];
        size_t pairs = (size_t)rule->awards.count + rule->once.count + rule->highest.count;
        size += SIZE_OF_RULE + rule->score.len + rule->rule.len + pairs * SIZE_OF_PAIR;
    }
    for (uint32_t i = 0; i < fold->statement_count; i++) {
        size += SIZE_OF_STATEMENT + fold->statements[i].name.len;
    }
    return size;
}

size_t
wh_bundle_size(const struct wh_bundle *bundle)
{
    size_t size = size_of_rows(bundle);
    for (uint32_t i = 0; i < bundle->decision_count; i++) {
        const struct wh_bundle_decision *decision = &bundle->decisions[i];
        size += SIZE_OF_DECISION + decision->qualification.len +
                decision->decision.published.value.len + decision->decision.route.len +
                decision->decision.owner.len + decision->decision.began_by.len +
                decision->decision.ended_by.len;
    }
    for (uint32_t i = 0; i < bundle->firing_count; i++) {
        size += SIZE_OF_FIRING + bundle->firings[i].trigger.len;
    }
    for (uint32_t i = 0; i < bundle->nurture_count; i++) {
        const struct wh_bundle_nurture *nurture = &bundle->nurtures[i];
        size += SIZE_OF_NURTURE + nurture->track.len + nurture->step.len;
    }
    for (uint32_t i = 0; i < bundle->fold_count; i++) {
        size += wh_bundle_fold_size(&bundle->folds[i]);
    }
    return size;
}

#define COPY(arena, from, count) wh_arena_grow((arena), (from), (count), (count), sizeof(*(from)))

static void
copy_rows(struct wh_bundle *to, struct wh_arena *arena, const struct wh_bundle *from)
{
    wh_strings_copy(&to->strings, arena, &from->strings);
    to->row_count = to->row_capacity = from->row_count;
    to->rows = COPY(arena, from->rows, from->row_count);
    for (uint32_t i = 0; i < from->column_count; i++) {
        const struct wh_bundle_column *column = &from->columns[i];
        uint32_t place = wh_bundle_column(to, column->kind, column->name);
        to->columns[place].cells = COPY(arena, column->cells, from->row_count);
    }
}

void
wh_bundle_copy(struct wh_bundle *to, struct wh_arena *arena, const struct wh_bundle *from)
{
    wh_bundle_begin(to, arena);
    copy_rows(to, arena, from);
    for (uint32_t i = 0; i < from->decision_count; i++) {
        wh_bundle_add_decision(to, from->decisions[i].qualification, &from->decisions[i].decision);
    }
    for (uint32_t i = 0; i < from->firing_count; i++) {
        wh_bundle_add_firing(to, from->firings[i].trigger, &from->firings[i].firing);
    }
    for (uint32_t i = 0; i < from->nurture_count; i++) {
        wh_bundle_add_nurture(to, &from->nurtures[i]);
    }
    for (uint32_t i = 0; i < from->fold_count; i++) {
        wh_bundle_fold_copy(wh_bundle_add_fold(to), arena, &from->folds[i]);
    }
}
