/* Segments, labels and the stage: an event where the announced value differs from the value. */
#include "engine/rules/read.h"
#include "engine/score/announce_family.h"

static void
announce_segments(const struct wh_look *look)
{
    const struct wh_ruleset *ruleset = look->view->ruleset;
    for (size_t i = 0; i < ruleset->segment_count; i++) {
        const struct wh_segment *segment = &ruleset->segments[i];
        struct wh_value_record *record = &look->announced->segments[i];
        int32_t inside = wh_read_segment(look->view, (int32_t)i) ? 1 : 0;
        if (!segment->announce || inside == record->value) {
            continue;
        }
        struct wh_bringer bringer = wh_bringer_of_value(look, segment->cell);
        struct wh_event *event =
            wh_announce_event(look, inside != 0 ? WH_EVENT_SEGMENT_ENTERED : WH_EVENT_SEGMENT_LEFT,
                              segment->id, &bringer);
        record->value = inside;
        event->number = ++record->number;
    }
}

static struct wh_str
label_name(const struct wh_label *label, int32_t ordinal_plus_1)
{
    return ordinal_plus_1 == 0 ? (struct wh_str){NULL, 0} : label->names[ordinal_plus_1 - 1];
}

static void
announce_labels(const struct wh_look *look)
{
    const struct wh_ruleset *ruleset = look->view->ruleset;
    for (size_t i = 0; i < ruleset->label_count; i++) {
        const struct wh_label *label = &ruleset->labels[i];
        struct wh_value_record *record = &look->announced->labels[i];
        int32_t value = label->announce ? wh_read_label(look->view, (int32_t)i) + 1 : 0;
        if (!label->announce || value == record->value) {
            continue;
        }
        struct wh_bringer bringer = wh_bringer_of_value(look, label->cell);
        struct wh_event *event =
            wh_announce_event(look, WH_EVENT_LABEL_CHANGED, label->id, &bringer);
        event->from = label_name(label, record->value);
        event->to = label_name(label, value);
        record->value = value;
        event->number = ++record->number;
    }
}

static void
announce_stage(const struct wh_look *look)
{
    const struct wh_stages *stages = &look->view->ruleset->stages;
    struct wh_value_record *record = &look->announced->stage;
    if (!stages->present) {
        return;
    }
    int64_t since = 0;
    int32_t stage = wh_read_stage(look->view, &since);
    if (stage == record->value) {
        return;
    }
    struct wh_bringer bringer = wh_bringer_of_value(look, stages->cell);
    struct wh_event *event =
        wh_announce_event(look, WH_EVENT_STAGE_CHANGED, stages->names[stage], &bringer);
    event->from = stages->names[record->value];
    event->to = stages->names[stage];
    record->value = stage;
    event->number = ++record->number;
}

void
wh_announce_values(const struct wh_look *look)
{
    announce_segments(look);
    announce_labels(look);
    announce_stage(look);
}
