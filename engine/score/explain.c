/* The lead at a moment: contact, stage, segments, labels, campaigns. Scores and fit have a file
 * of their own (explain_score.c). */
#include "engine/score/explain.h"

#include "engine/rules/cells.h"
#include "engine/rules/read.h"
#include "engine/score/explain_score.h"

static struct wh_str
text_of(struct wh_view *view, int32_t attribute)
{
    struct wh_value value = attribute < 0 ? WH_UNKNOWN : wh_read_attribute(view, attribute);
    return value.type == WH_TYPE_STRING ? value.text : (struct wh_str){NULL, 0};
}

static struct wh_str
fact_text(struct wh_view *view, enum wh_lead_fact fact)
{
    struct wh_value value = wh_read_lead(view, fact);
    return value.type == WH_TYPE_STRING ? value.text : (struct wh_str){NULL, 0};
}

static struct wh_named_list
consent_of(struct wh_view *view, struct wh_arena *arena)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_named *items = WH_ARENA_ARRAY(arena, struct wh_named, ruleset->consent_count);
    size_t count = 0;
    for (size_t i = 0; i < ruleset->consent_count; i++) {
        struct wh_value value = wh_read_attribute(view, ruleset->consent_attributes[i]);
        if (value.type == WH_TYPE_BOOL) {
            items[count++] = (struct wh_named){ruleset->consent_names[i], value};
        }
    }
    return (struct wh_named_list){items, count};
}

static void
explain_contact(struct wh_view *view, struct wh_arena *arena, struct wh_contact *contact)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    if (ruleset->hearing != NULL) {
        contact->company = fact_text(view, WH_LEAD_COMPANY);
        contact->name = text_of(view, ruleset->company_name);
        return;
    }
    contact->email = fact_text(view, WH_LEAD_EMAIL);
    contact->name = text_of(view, ruleset->name_attr);
    contact->role = text_of(view, ruleset->role_attr);
    contact->phone = fact_text(view, WH_LEAD_PHONE);
    contact->crm = text_of(view, ruleset->crm);
    contact->company = fact_text(view, WH_LEAD_COMPANY);
    contact->country = fact_text(view, WH_LEAD_COUNTRY);
    contact->consent = consent_of(view, arena);
}

static void
explain_labels(struct wh_view *view, struct wh_arena *arena, struct wh_snapshot *snapshot)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_label_story *labels =
        WH_ARENA_ARRAY(arena, struct wh_label_story, ruleset->label_count);
    for (size_t i = 0; i < ruleset->label_count; i++) {
        int32_t ordinal = wh_read_label(view, (int32_t)i);
        labels[i].name = ruleset->labels[i].id;
        if (ordinal >= 0) {
            labels[i].value = ruleset->labels[i].names[ordinal];
        }
    }
    snapshot->labels = labels;
    snapshot->label_count = ruleset->label_count;
}

static void
explain_segments(struct wh_view *view, struct wh_arena *arena, struct wh_snapshot *snapshot)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_str *segments = WH_ARENA_ARRAY(arena, struct wh_str, ruleset->segment_count);
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        if (wh_read_segment(view, (int32_t)i)) {
            segments[snapshot->segment_count++] = ruleset->segments[i].id;
        }
    }
    snapshot->segments = segments;
}

static void
explain_stage(struct wh_view *view, struct wh_snapshot *snapshot)
{
    const struct wh_stages *stages = &view->ruleset->stages;
    snapshot->has_stage = stages->present;
    if (stages->present) {
        snapshot->stage = stages->names[wh_read_stage(view, &snapshot->stage_since)];
        snapshot->stale = wh_read_stale(view);
    }
}

static struct wh_campaign_touch
campaign_at(struct wh_view *view, int32_t cell)
{
    const struct wh_strings *strings = &view->state->strings;
    const int64_t *cells = view->fold->cells + cell;
    struct wh_campaign_touch touch = {.known = cells[WH_CAMPAIGN_CELL_AT] != WH_TIME_MIN};
    if (touch.known) {
        touch.campaign = wh_strings_of_cell(strings, cells[WH_CAMPAIGN_CELL_NAME]).text;
        touch.channel = wh_strings_of_cell(strings, cells[WH_CAMPAIGN_CELL_CHANNEL]).text;
        touch.at = cells[WH_CAMPAIGN_CELL_AT];
    }
    return touch;
}

struct wh_str
wh_explain_id(const struct wh_hash_id *id, struct wh_arena *arena)
{
    size_t len = (size_t)2 * WH_HASH_ID_SIZE;
    char *hex = wh_arena_alloc(arena, len + 1);
    wh_hash_hex(id->bytes, WH_HASH_ID_SIZE, hex);
    return (struct wh_str){hex, len};
}

const struct wh_snapshot *
wh_explain_snapshot(struct wh_view *view, struct wh_arena *arena)
{
    const struct wh_ruleset *ruleset = view->ruleset;
    struct wh_snapshot *snapshot = WH_ARENA_NEW(arena, struct wh_snapshot);
    snapshot->at = view->now;
    snapshot->is_company = ruleset->hearing != NULL;
    snapshot->lead_id = wh_explain_id(&view->state->id, arena);
    snapshot->key = view->state->key;
    snapshot->life = view->state->life;
    explain_contact(view, arena, &snapshot->contact);
    wh_explain_scores(view, arena, snapshot);
    wh_explain_fit(view, arena, snapshot);
    explain_labels(view, arena, snapshot);
    explain_stage(view, snapshot);
    explain_segments(view, arena, snapshot);
    snapshot->first = campaign_at(view, ruleset->layout.campaigns);
    snapshot->last = campaign_at(view, ruleset->layout.campaigns + WH_CAMPAIGN_CELLS);
    snapshot->model_name = ruleset->name;
    snapshot->model_hash = wh_str_of(ruleset->hash_hex);
    snapshot->is_shadow = ruleset->is_shadow;
    return snapshot;
}
