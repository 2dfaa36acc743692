/* The step of an entity: a walk with identity in the middle (entity.h says in which order). */
#include "engine/score/entity.h"

#include "engine/base/time.h"
#include "engine/score/company.h"
#include "engine/score/entity_event.h"
#include "engine/score/entity_route.h"
#include "engine/score/explain.h"
#include "engine/score/step.h"
#include "engine/score/tell.h"
#include "engine/score/walk.h"

void
wh_entity_effects_init(struct wh_entity_effects *effects, struct wh_arena *arena)
{
    wh_effects_init(&effects->events, arena);
    wh_identity_effects_init(&effects->identity, arena);
}

void
wh_entity_begin(struct wh_entity *entity, struct wh_arena *arena, const struct wh_ruleset *model,
                struct wh_key key, struct wh_hash_id id, int64_t now)
{
    wh_state_begin(&entity->state, arena, wh_ruleset_for(model, key.kind), wh_key_text(arena, key),
                   id, now);
    wh_identity_begin(&entity->identity, arena, key, now);
    entity->counter = (struct wh_counter){0};
}

const struct wh_ruleset *
wh_entity_ruleset(const struct wh_ruleset *model, const struct wh_entity *entity)
{
    return wh_ruleset_for(model, entity->identity.key.kind);
}

void
wh_entity_copy(struct wh_entity *to, struct wh_arena *arena, const struct wh_entity *from)
{
    wh_state_copy(&to->state, arena, &from->state);
    wh_identity_copy(&to->identity, arena, &from->identity);
    wh_counter_copy(&to->counter, arena, &from->counter);
}

bool
wh_entity_is_somebody(const struct wh_entity *entity)
{
    const struct wh_history *history = &entity->state.history;
    return wh_identity_is_lead(&entity->identity) &&
           (history->count > 0 || history->folded_at != WH_TIME_MIN);
}

struct wh_key
wh_entity_home(const struct wh_touch *touch)
{
    return touch->keys[0];
}

/* Keys are in order, so those of persons stand first. */
static uint32_t
count_persons(const struct wh_touch *touch)
{
    uint32_t count = 0;
    while (count < touch->key_count && touch->keys[count].kind <= WH_KEY_ANON) {
        count++;
    }
    return count;
}

/* As far as identity has a say in what is published. */
static struct wh_publisher
publisher_of(const struct wh_entity *entity)
{
    return (struct wh_publisher){
        .key = entity->identity.key,
        .settled_at = wh_identity_settled_at(&entity->identity),
        .is_crowd = entity->identity.crowd,
        .asks = true,
    };
}

static void
name_others(struct wh_walk *walk, const struct wh_identity *identity)
{
    struct wh_identity_names names =
        wh_identity_also(identity, &walk->ruleset->identity, walk->scratch);
    if (names.count == 0 || walk->self.secret == NULL) {
        return;
    }
    struct wh_str *ids = WH_ARENA_ARRAY(walk->scratch, struct wh_str, names.count);
    for (uint32_t i = 0; i < names.count; i++) {
        struct wh_hash_id id = wh_key_id(walk->self.secret, walk->scratch, names.items[i].key);
        ids[i] = wh_explain_id(&id, walk->scratch);
    }
    walk->self.also = ids;
    walk->self.also_count = names.count;
}

static void
look_at_identity(struct wh_walk *walk, const struct wh_entity *entity)
{
    walk->self = publisher_of(entity);
    walk->self.secret = walk->moment.secret;
    walk->is_pointer = !wh_identity_is_lead(&entity->identity);
    name_others(walk, &entity->identity);
}

/* Rules that read it are worked out again. */
static void
note_shared(struct wh_walk *walk, struct wh_entity *entity)
{
    bool shared = wh_identity_is_shared(&entity->identity, &walk->ruleset->identity);
    if (shared != entity->state.shared) {
        entity->state.shared = shared;
        wh_walk_note_all(walk);
    }
}

/* Before its first event under this id leaves, an entity knows that it has a name outside: since
 * the moment of that decision, which is not that of the step when time brought it. Also when it
 * waits for the counter of a route: it leaves under this id, whatever this is by then. */
static void
note_published(const struct wh_walk *walk, struct wh_entity *entity, size_t first)
{
    const struct wh_effects *events = walk->effects;
    const struct wh_announced *announced = &entity->state.announced;
    if (announced->pending_count > 0 && !entity->identity.published) {
        wh_identity_publish(&entity->identity, announced->pending[0].event.decided);
    }
    for (size_t i = first; i < events->count && !entity->identity.published; i++) {
        const struct wh_event *event = &events->events[i];
        if (!event->silent && wh_str_equal(event->snapshot->key, entity->state.key)) {
            wh_identity_publish(&entity->identity, event->decided);
        }
    }
}

/* A touch outlives this step only as a row. */
static void
pack_passed_on(const struct wh_walk *walk, struct wh_identity_effects *effects, uint32_t first)
{
    for (uint32_t i = first; i < effects->sent_count; i++) {
        struct wh_identity_message *message = &effects->sent[i].message;
        const struct wh_cargo *cargo =
            message->kind == WH_IDENTITY_ARRIVE ? message->as.arrive.touch : NULL;
        if (cargo == NULL || cargo->touch == NULL) {
            continue;
        }
        struct wh_bundle *rows = WH_ARENA_NEW(walk->scratch, struct wh_bundle);
        struct wh_cargo *packed = WH_ARENA_NEW(walk->scratch, struct wh_cargo);
        wh_parcels_pack_touch(walk->ruleset, cargo->touch, message->as.arrive.automatic,
                              walk->scratch, rows);
        packed->rows = rows;
        message->as.arrive.touch = packed;
    }
}

static void
count_folds(const struct wh_parcel_store *store, struct wh_identity_effects *effects)
{
    effects->counters[WH_COUNT_FOLDED] += store->folded;
    effects->counters[WH_COUNT_FOLD_CUT] += store->folds_cut;
    effects->counters[WH_COUNT_NAMES_UNKNOWN] += store->unknown_names;
}

/* Identity, then everything that follows from where parcels are now. */
static void
apply(struct wh_walk *walk, struct wh_entity *entity, const struct wh_identity_message *message,
      struct wh_identity_effects *effects)
{
    struct wh_identity_env env = {.limits = &walk->ruleset->identity, .now = walk->moment.now};
    struct wh_parcels parcels = wh_parcel_store_table(&walk->store);
    uint32_t first_sent = effects->sent_count;
    uint32_t first_fact = effects->fact_count;
    wh_identity_step(&env, &entity->identity, message, &parcels, effects);
    pack_passed_on(walk, effects, first_sent);
    entity->state.life = entity->identity.life;
    look_at_identity(walk, entity);
    note_shared(walk, entity);
    wh_entity_sort_pending(walk, entity);
    wh_walk_settle(walk);
    wh_entity_tell(walk, entity, effects, first_fact);
    size_t first_event = walk->effects->count;
    if (!walk->is_pointer) {
        wh_walk_decide(walk);
    }
    wh_walk_end(walk);
    note_published(walk, entity, first_event);
    count_folds(&walk->store, effects);
}

static void
hear(struct wh_walk *walk, struct wh_entity *entity, const struct wh_route_message *message)
{
    size_t first = walk->effects->count;
    wh_entity_hear(walk, entity, message);
    if (!walk->is_pointer) {
        wh_walk_decide(walk);
    }
    wh_walk_end(walk);
    note_published(walk, entity, first);
}

static bool
is_automatic(const struct wh_touch *touch)
{
    struct wh_value value = touch->fields[WH_FIELD_DEVICE_CLASS];
    return value.type == WH_TYPE_STRING && wh_str_is(value.text, "robot");
}

static enum wh_outcome
take_touch(struct wh_walk *walk, struct wh_entity *entity, const struct wh_touch *touch,
           struct wh_identity_effects *effects)
{
    struct wh_cargo cargo = {.touch = touch};
    struct wh_identity_message message = {.kind = WH_IDENTITY_ARRIVE};
    message.as.arrive = (struct wh_arrival){
        .keys = touch->keys,
        .key_count = count_persons(touch),
        .minute = wh_minute_of(touch->occurred),
        .automatic = is_automatic(touch),
        .touch = &cargo,
    };
    wh_walk_make_room(walk, touch);
    apply(walk, entity, &message, effects);
    bool is_erased = !walk->store.accepted && walk->store.outcome == WH_OUTCOME_ACCEPTED &&
                     wh_stretches_cover(entity->identity.erased, message.as.arrive.minute);
    return is_erased ? WH_OUTCOME_ERASED : walk->store.outcome;
}

static enum wh_outcome
take(struct wh_walk *walk, struct wh_entity *entity, const struct wh_message *message,
     struct wh_identity_effects *effects)
{
    switch (message->kind) {
    case WH_MESSAGE_TIME:
        break;
    case WH_MESSAGE_TOUCH:
        /* A company is nobody's identifier: its touches are its own. */
        return count_persons(message->touch) > 0 ? take_touch(walk, entity, message->touch, effects)
                                                 : wh_walk_take(walk, message->touch);
    case WH_MESSAGE_IDENTITY:
        if (message->identity->kind == WH_IDENTITY_TELL) {
            return walk->ruleset->hearing == NULL
                       ? WH_OUTCOME_DUPLICATE
                       : wh_company_take(walk, entity, &message->identity->as.tell);
        }
        apply(walk, entity, message->identity, effects);
        return walk->store.outcome;
    case WH_MESSAGE_ROUTE:
        hear(walk, entity, message->route);
        break;
    }
    return WH_OUTCOME_ACCEPTED;
}

static bool
is_nobody(const struct wh_entity *entity)
{
    return !wh_entity_is_somebody(entity) || entity->identity.crowd;
}

enum wh_outcome
wh_entity_step(const struct wh_ruleset *model, struct wh_entity *entity,
               const struct wh_message *message, const struct wh_moment *moment,
               struct wh_entity_effects *effects)
{
    struct wh_walk walk;
    size_t first = effects->events.count;
    struct wh_key self = entity->identity.key;
    if (self.kind == WH_KEY_ROUTE) {
        wh_entity_count(model, entity, message, moment->now, &effects->events);
        return WH_OUTCOME_ACCEPTED;
    }
    wh_walk_init(&walk, wh_entity_ruleset(model, entity), &entity->state, moment, &effects->events);
    look_at_identity(&walk, entity);
    wh_walk_advance(&walk);
    note_published(&walk, entity, first);
    first = effects->events.count;
    enum wh_outcome outcome = take(&walk, entity, message, &effects->identity);
    if (self.kind == WH_KEY_COMPANY) {
        note_published(&walk, entity, first);
        return outcome;
    }
    wh_tell(&walk, self, is_nobody(entity), &effects->identity);
    return outcome;
}

void
wh_entity_look_adopted(const struct wh_ruleset *model, struct wh_entity *entity,
                       struct wh_str former, const struct wh_moment *moment,
                       struct wh_entity_effects *effects)
{
    struct wh_walk walk;
    struct wh_adoption adoption = {model->adopt, former};
    size_t first = effects->events.count;
    struct wh_key self = entity->identity.key;
    if (self.kind == WH_KEY_ROUTE) {
        return;
    }
    wh_walk_init(&walk, wh_entity_ruleset(model, entity), &entity->state, moment, &effects->events);
    walk.adoption = &adoption;
    look_at_identity(&walk, entity);
    if (!walk.is_pointer) {
        wh_walk_decide(&walk);
    }
    wh_walk_end(&walk);
    note_published(&walk, entity, first);
    if (self.kind != WH_KEY_COMPANY) {
        wh_tell(&walk, self, is_nobody(entity), &effects->identity);
    }
}

/* Also not when somebody said something about it that must not be forgotten. */
static bool
is_bare(const struct wh_identity *identity)
{
    return identity->key.kind == WH_KEY_ANON && wh_identity_is_lead(identity) &&
           identity->target_count == 0 && identity->kid_count == 0 && !identity->published &&
           !identity->told && !identity->crowd && !identity->overflow && !identity->joined &&
           identity->turn == 0 && identity->erased.count == 0 && identity->erasing_count == 0 &&
           identity->asked == 0;
}

/* When its last touch is old enough to be folded. */
static int64_t
forgotten_at(const struct wh_ruleset *ruleset, const struct wh_entity *entity)
{
    const struct wh_history *history = &entity->state.history;
    if (!is_bare(&entity->identity) || history->base == history->count) {
        return WH_TIME_NEVER;
    }
    return history->at[history->count - 1] + ruleset->history_keep + ruleset->verdict_need + 1;
}

int64_t
wh_entity_next_due(const struct wh_ruleset *model, struct wh_entity *entity,
                   struct wh_arena *scratch)
{
    struct wh_publisher self = publisher_of(entity);
    const struct wh_ruleset *ruleset = wh_entity_ruleset(model, entity);
    if (!wh_identity_is_lead(&entity->identity) || self.key.kind == WH_KEY_ROUTE) {
        return WH_TIME_NEVER;
    }
    int64_t due = wh_walk_next_due(ruleset, &entity->state, &self, scratch);
    int64_t forgotten = forgotten_at(ruleset, entity);
    return forgotten < due ? forgotten : due;
}

bool
wh_entity_is_forgettable(const struct wh_entity *entity)
{
    const struct wh_state *state = &entity->state;
    return is_bare(&entity->identity) && state->history.folded_at != WH_TIME_MIN &&
           state->history.base == state->history.count && state->announced.decision_count == 0 &&
           state->announced.pending_count == 0;
}
