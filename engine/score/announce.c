/* One look at everything that may leave, in the order of rules.md 9: segments, labels, stages,
 * triggers, qualifications, nurture tracks, and last whether the lead's update is due. Each family
 * compares its values with what was announced in a file of its own. */
#include "engine/score/announce.h"

#include "engine/rules/layout.h"
#include "engine/rules/read.h"
#include "engine/score/announce_family.h"

void
wh_announced_init(struct wh_announced *announced, struct wh_arena *arena,
                  const struct wh_ruleset *ruleset)
{
    *announced = (struct wh_announced){
        .arena = arena,
        .processed = WH_TIME_MIN,
        .qualification_count = (uint32_t)ruleset->qualification_count,
        .trigger_count = (uint32_t)ruleset->trigger_count,
        .segment_count = (uint32_t)ruleset->segment_count,
        .label_count = (uint32_t)ruleset->label_count,
        .track_count = (uint32_t)ruleset->track_count,
        .score_count = (uint32_t)ruleset->score_count,
        .updated_at = WH_TIME_MIN,
        .updated_due = WH_TIME_NEVER,
    };
    announced->qualifications =
        WH_ARENA_ARRAY(arena, struct wh_qualification_record, ruleset->qualification_count);
    announced->triggers = WH_ARENA_ARRAY(arena, struct wh_trigger_record, ruleset->trigger_count);
    announced->segments = WH_ARENA_ARRAY(arena, struct wh_value_record, ruleset->segment_count);
    announced->labels = WH_ARENA_ARRAY(arena, struct wh_value_record, ruleset->label_count);
    announced->tracks = WH_ARENA_ARRAY(arena, struct wh_track_record, ruleset->track_count);
    announced->updated_scores = WH_ARENA_ARRAY(arena, int64_t, ruleset->score_count);
}

void
wh_announce_start(struct wh_announced *announced, const struct wh_ruleset *ruleset,
                  const struct wh_state *state, struct wh_arena *scratch)
{
    struct wh_view view;
    struct wh_fold fold;
    wh_layout_init_fold(ruleset, &fold, scratch);
    wh_view_init(&view, ruleset, state, &fold, scratch);
    view.now = state->history.count > 0 ? state->history.at[0] : state->base.at;
    view.rows = 0;
    for (size_t i = 0; i < ruleset->label_count; i++) {
        if (ruleset->labels[i].announce) {
            announced->labels[i].value = wh_read_label(&view, (int32_t)i) + 1;
        }
    }
    for (size_t i = 0; i < ruleset->trigger_count; i++) {
        if (!ruleset->triggers[i].has_on) {
            announced->triggers[i].standing = wh_eval_holds(&view, &ruleset->triggers[i].when);
        }
    }
    for (size_t i = 0; i < ruleset->track_count; i++) {
        announced->tracks[i].standing = wh_eval_holds(&view, &ruleset->tracks[i].enter);
    }
}

void
wh_announce(const struct wh_look *look)
{
    const struct wh_ruleset *ruleset = look->view->ruleset;
    size_t before = look->effects->count;
    uint32_t pending = look->announced->pending_count;
    if (look->self->is_crowd) {
        wh_announce_qualifications(look);
        return;
    }
    if (!wh_eval_holds(look->view, &ruleset->audience)) {
        return;
    }
    wh_announce_values(look);
    wh_announce_triggers(look);
    wh_announce_qualifications(look);
    wh_announce_nurture(look);
    wh_announce_update(look,
                       look->effects->count > before || look->announced->pending_count > pending);
}

struct wh_publisher
wh_publisher_of(const struct wh_state *state)
{
    struct wh_publisher self = {.settled_at = WH_TIME_MIN};
    if (!wh_key_parse(state->key, &self.key)) {
        self.key = (struct wh_key){WH_KEY_ANON, state->key};
    }
    return self;
}

void
wh_announce_rest(struct wh_announced *announced)
{
    announced->updated_due = WH_TIME_NEVER;
    for (uint32_t i = 0; i < announced->qualification_count; i++) {
        announced->qualifications[i].held = false;
    }
}

static bool
may_withdraw(const struct wh_announced *announced)
{
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        if (!announced->decisions[i].settled) {
            return true;
        }
    }
    return false;
}

static int64_t
cool_at(const struct wh_ruleset *ruleset, const struct wh_announced *announced, uint32_t index)
{
    int64_t from = wh_announced_cool_from(announced, (int32_t)index);
    bool waits = announced->qualifications[index].held && from != WH_TIME_MIN;
    return waits ? from + ruleset->qualifications[index].cool_down : WH_TIME_NEVER;
}

int64_t
wh_announce_next_due(const struct wh_ruleset *ruleset, const struct wh_announced *announced,
                     const struct wh_publisher *self, int64_t now)
{
    int64_t due = wh_announce_nurture_due(announced, now);
    due =
        announced->updated_due > now && announced->updated_due < due ? announced->updated_due : due;
    /* A company did not look at all when somebody went. */
    bool waits = self->key.kind == WH_KEY_COMPANY || may_withdraw(announced);
    if (self->settled_at > now && self->settled_at < due && waits) {
        due = self->settled_at;
    }
    for (uint32_t i = 0; i < announced->qualification_count; i++) {
        int64_t over = cool_at(ruleset, announced, i);
        due = over > now && over < due ? over : due;
    }
    return due;
}
