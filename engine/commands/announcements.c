#include "engine/commands/announcements.h"

#include <yyjson.h>

#include "engine/commands/event_read.h"

static struct wh_str
text_of(struct wh_arena *arena, yyjson_val *object, const char *name)
{
    yyjson_val *value = yyjson_obj_get(object, name);
    struct wh_str text = {yyjson_get_str(value), yyjson_get_len(value)};
    return text.ptr == NULL ? (struct wh_str){NULL, 0} : wh_arena_str(arena, text);
}

static int64_t
time_of(struct wh_arena *arena, yyjson_val *object, const char *name)
{
    int64_t us = WH_TIME_MIN;
    bool has_zone = false;
    (void)!wh_time_parse(text_of(arena, object, name), &us, &has_zone); /* as we wrote it */
    return us;
}

/* lead.NAME of a trigger is FIRED. */
static enum wh_event_kind
kind_of(struct wh_str type)
{
    int kind = 0;
    while (kind < WH_EVENT_FIRED && !wh_str_is(type, wh_event_kind_str((enum wh_event_kind)kind))) {
        kind++;
    }
    for (int other = WH_EVENT_FIRED + 1; other < WH_EVENT_KIND_COUNT; other++) {
        kind = wh_str_is(type, wh_event_kind_str((enum wh_event_kind)other)) ? other : kind;
    }
    return (enum wh_event_kind)kind;
}

/* The part of lead_id/life/name/number/what; names have no slash, a lead id neither. */
static struct wh_str
part_of_id(struct wh_str id, int part)
{
    size_t begin = 0;
    for (size_t i = 0; i < id.len; i++) {
        if (id.ptr[i] != '/') {
            continue;
        }
        if (part-- == 0) {
            return wh_str_slice(id, begin, i);
        }
        begin = i + 1;
    }
    return (struct wh_str){NULL, 0};
}

static uint32_t
number_of(struct wh_str text)
{
    uint32_t number = 0;
    for (size_t i = 0; i < text.len && text.len < 10; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return 0;
        }
        number = number * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    return number;
}

/* Of a step of a track: "send guide". */
static struct wh_str
deed_of(struct wh_arena *arena, yyjson_val *action)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    yyjson_obj_iter iter = yyjson_obj_iter_with(action);
    yyjson_val *key = yyjson_obj_iter_next(&iter);
    const char *word = yyjson_get_str(key);
    const char *text = yyjson_get_str(yyjson_obj_iter_get_val(key));
    if (word != NULL && text != NULL) {
        wh_buf_printf(&buf, "%s %s", word, text);
    }
    return wh_buf_str(&buf);
}

static struct wh_str
destination_of(struct wh_arena *arena, yyjson_val *root)
{
    yyjson_val *route = yyjson_obj_get(root, "route");
    struct wh_str owner = text_of(arena, route, "owner");
    struct wh_str to = text_of(arena, route, "to");
    yyjson_val *action = yyjson_obj_get(root, "action");
    if (action != NULL) {
        return deed_of(arena, action);
    }
    if (owner.len > 0) {
        return owner;
    }
    return to.len > 0 ? to : text_of(arena, root, "to");
}

static struct wh_story_announcement
announcement_of(struct wh_arena *arena, yyjson_val *root)
{
    struct wh_str type = text_of(arena, root, "type");
    struct wh_str id = text_of(arena, root, "id");
    type = wh_event_read_word(type);
    return (struct wh_story_announcement){
        .id = id,
        .kind = kind_of(type),
        .name = part_of_id(id, 2),
        .number = number_of(part_of_id(id, 3)),
        .occurred = time_of(arena, root, "occurred_at"),
        .decided = time_of(arena, root, "decided_at"),
        .late = yyjson_get_bool(yyjson_obj_get(root, "late")),
        .to = destination_of(arena, root),
    };
}

const struct wh_story_announcement *
wh_announcements_of(struct wh_arena *arena, const struct wh_folder_list *events,
                    struct wh_str lead_id, size_t *ret_count)
{
    struct wh_story_announcement *found =
        WH_ARENA_ARRAY(arena, struct wh_story_announcement, events->count);
    size_t count = 0;
    for (size_t i = 0; i < events->count; i++) {
        /* Few events are this lead's; the others need not be parsed. */
        if (!wh_str_contains(events->items[i], lead_id)) {
            continue;
        }
        yyjson_doc *doc = yyjson_read(events->items[i].ptr, events->items[i].len, 0);
        yyjson_val *root = yyjson_doc_get_root(doc);
        yyjson_val *id = yyjson_obj_get(root, "lead_id");
        id = id != NULL ? id : yyjson_obj_get(root, "company_id");
        if (yyjson_equals_strn(id, lead_id.ptr, lead_id.len)) {
            found[count++] = announcement_of(arena, root);
        }
        yyjson_doc_free(doc);
    }
    *ret_count = count;
    return found;
}
