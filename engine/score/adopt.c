#include "engine/score/adopt.h"

#include "engine/score/announce.h"
#include "engine/score/identity.h"
#include "engine/score/parcels.h"
#include "engine/score/recompute.h"
#include "engine/score/step.h"

struct adoption {
    const struct wh_ruleset *from, *to;
    const struct wh_announced *old;
    struct wh_announced *announced;
};

/* Where the thing of that id stands in an array of structs that begin `stride` bytes apart, the
 * first with its id at `ids`; `count`: nowhere. */
static size_t
find_id(const void *ids, size_t stride, size_t count, struct wh_str id)
{
    const char *at = ids;
    size_t i = 0;
    while (i < count &&
           !wh_str_equal(*(const struct wh_str *)(const void *)(at + i * stride), id)) {
        i++;
    }
    return i;
}

static void
adopt_segments(const struct adoption *adoption)
{
    const struct wh_ruleset *from = adoption->from;
    for (size_t i = 0; i < adoption->to->segment_count && from->segment_count > 0; i++) {
        size_t k = find_id(&from->segments[0].id, sizeof(from->segments[0]), from->segment_count,
                           adoption->to->segments[i].id);
        if (k < from->segment_count && from->segments[k].announce) {
            adoption->announced->segments[i] = adoption->old->segments[k];
        }
    }
}

/* Ordinal + 1 of a name, 0: it is not there. */
static int32_t
find_value(const struct wh_label *label, struct wh_str name)
{
    for (size_t i = 0; i < label->name_count; i++) {
        if (wh_str_equal(label->names[i], name)) {
            return (int32_t)i + 1;
        }
    }
    return 0;
}

static void
adopt_label(const struct adoption *adoption, size_t to, size_t from)
{
    const struct wh_label *old = &adoption->from->labels[from];
    struct wh_value_record record = adoption->old->labels[from];
    if (record.value > 0) {
        record.value = find_value(&adoption->to->labels[to], old->names[record.value - 1]);
    }
    adoption->announced->labels[to] = record;
}

static void
adopt_labels(const struct adoption *adoption)
{
    const struct wh_ruleset *from = adoption->from;
    for (size_t i = 0; i < adoption->to->label_count && from->label_count > 0; i++) {
        size_t k = find_id(&from->labels[0].id, sizeof(from->labels[0]), from->label_count,
                           adoption->to->labels[i].id);
        if (k < from->label_count && from->labels[k].announce) {
            adopt_label(adoption, i, k);
        }
    }
}

static void
adopt_triggers(const struct adoption *adoption)
{
    const struct wh_ruleset *from = adoption->from;
    for (size_t i = 0; i < adoption->to->trigger_count && from->trigger_count > 0; i++) {
        size_t k = find_id(&from->triggers[0].id, sizeof(from->triggers[0]), from->trigger_count,
                           adoption->to->triggers[i].id);
        if (k < from->trigger_count) {
            adoption->announced->triggers[i] = adoption->old->triggers[k];
        }
    }
}

static void
adopt_qualifications(const struct adoption *adoption)
{
    const struct wh_ruleset *from = adoption->from;
    for (size_t i = 0; i < adoption->to->qualification_count && from->qualification_count > 0;
         i++) {
        size_t k = find_id(&from->qualifications[0].id, sizeof(from->qualifications[0]),
                           from->qualification_count, adoption->to->qualifications[i].id);
        if (k < from->qualification_count) {
            adoption->announced->qualifications[i] = adoption->old->qualifications[k];
        }
    }
}

static void
adopt_tracks(const struct adoption *adoption)
{
    const struct wh_ruleset *from = adoption->from;
    for (size_t i = 0; i < adoption->to->track_count && from->track_count > 0; i++) {
        size_t k = find_id(&from->tracks[0].id, sizeof(from->tracks[0]), from->track_count,
                           adoption->to->tracks[i].id);
        if (k < from->track_count) {
            adoption->announced->tracks[i] = adoption->old->tracks[k];
        }
    }
}

static void
adopt_scores(const struct adoption *adoption)
{
    const struct wh_ruleset *from = adoption->from;
    for (size_t i = 0; i < adoption->to->score_count && from->score_count > 0; i++) {
        size_t k = find_id(&from->scores[0].id, sizeof(from->scores[0]), from->score_count,
                           adoption->to->scores[i].id);
        if (k < from->score_count) {
            adoption->announced->updated_scores[i] = adoption->old->updated_scores[k];
        }
    }
}

static void
adopt_stage(const struct adoption *adoption)
{
    const struct wh_stages *old = &adoption->from->stages;
    const struct wh_stages *stages = &adoption->to->stages;
    size_t value = (size_t)adoption->old->stage.value;
    adoption->announced->stage.number = adoption->old->stage.number;
    for (size_t i = 0; i < stages->count && value < old->count; i++) {
        if (wh_str_equal(stages->names[i], old->names[value])) {
            adoption->announced->stage.value = (int32_t)i;
        }
    }
}

static void
adopt_announced(const struct adoption *adoption)
{
    const struct wh_announced *old = adoption->old;
    struct wh_announced *announced = adoption->announced;
    announced->processed = old->processed;
    announced->updated_at = old->updated_at;
    announced->updated_due = old->updated_due;
    announced->updated_number = old->updated_number;
    announced->updated_digest = old->updated_digest;
    adopt_segments(adoption);
    adopt_labels(adoption);
    adopt_triggers(adoption);
    adopt_qualifications(adoption);
    adopt_tracks(adoption);
    adopt_scores(adoption);
    adopt_stage(adoption);
    for (uint32_t i = 0; i < old->pending_count; i++) {
        wh_announced_add_pending(announced, &old->pending[i]);
    }
}

/* Everything that travels, trail by trail. */
static void
move_parcels(struct wh_parcel_store *to, struct wh_parcel_store *from, uint32_t trail_count,
             struct wh_arena *scratch)
{
    struct wh_parcels source = wh_parcel_store_table(from);
    struct wh_parcels target = wh_parcel_store_table(to);
    bool *in_use = WH_ARENA_ARRAY(scratch, bool, (size_t)trail_count + 1);
    source.list_trails(source.self, in_use);
    for (uint32_t trail = 0; trail <= trail_count; trail++) {
        void *content =
            in_use[trail] ? source.take(source.self, scratch, trail, wh_stretches_all()) : NULL;
        if (content != NULL) {
            (void)target.put(target.self, scratch, trail, content, wh_stretches_all());
        }
    }
}

/* Each family takes over what it had; what is new has started as for a lead without touches. */
static void
start(const struct wh_ruleset *ruleset, struct wh_state *state, struct wh_arena *scratch)
{
    if (state->history.count > 0 || state->fold_count > 0) {
        wh_announce_start(&state->announced, ruleset, state, scratch);
    }
}

static void
adopt_state(const struct adoption *adoption, struct wh_adopted to, struct wh_entity *from,
            struct wh_arena *scratch)
{
    struct wh_parcel_store source;
    struct wh_parcel_store target;
    struct wh_state *state = &to.entity->state;
    state->life = from->state.life;
    /* The company is told anew, under the new model. */
    state->told_to = wh_arena_str(state->arena, from->state.told_to);
    state->duplicates = from->state.duplicates;
    state->late_refused = from->state.late_refused;
    state->unknowns = from->state.unknowns;
    wh_parcel_store_init(&source, adoption->from, &from->state, scratch);
    wh_parcel_store_init(&target, adoption->to, state, scratch);
    move_parcels(&target, &source, from->identity.trail_count, scratch);
    start(adoption->to, state, scratch);
    adopt_announced(adoption);
    wh_recompute(adoption->to, state, state->now, scratch);
}

void
wh_entity_adopt(struct wh_adopted to, struct wh_arena *arena, struct wh_adopted from, int64_t at)
{
    struct wh_entity *old = from.entity;
    struct wh_entity *entity = to.entity;
    enum wh_key_kind kind = old->identity.key.kind;
    struct adoption adoption = {
        .from = wh_ruleset_for(from.model, kind),
        .to = wh_ruleset_for(to.model, kind),
        .old = &old->state.announced,
        .announced = &entity->state.announced,
    };
    int64_t now = at > old->state.now ? at : old->state.now;
    struct wh_arena scratch;
    wh_arena_init(&scratch, 0);
    wh_state_begin(&entity->state, arena, adoption.to, old->state.key, old->state.id, now);
    wh_identity_copy(&entity->identity, arena, &old->identity);
    wh_counter_copy(&entity->counter, arena, &old->counter);
    entity->state.shared = wh_identity_is_shared(&entity->identity, &adoption.to->identity);
    adopt_state(&adoption, to, old, &scratch);
    wh_arena_fini(&scratch);
}
