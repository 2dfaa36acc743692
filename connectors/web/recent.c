#include "connectors/web/recent.h"

#include "proto/json_write.h"

/* Bytes of one note; a longer one is not kept. */
#define NOTE_SIZE_MAX ((size_t)4096)

void
wh_web_recent_fini(struct wh_web_recent *recent)
{
    for (size_t i = 0; i < WH_WEB_RECENT_MAX; i++) {
        wh_arena_fini(&recent->entries[i].arena);
    }
}

/* Empty: it stays. */
static void
set_became(struct wh_web_recent_entry *entry, struct wh_str became)
{
    if (became.len > 0 && became.len < sizeof(entry->became)) {
        memcpy(entry->became, became.ptr, became.len);
        entry->became[became.len] = '\0';
    }
}

uint64_t
wh_web_recent_add(struct wh_web_recent *recent, struct wh_str id, struct wh_str touch,
                  const char *became)
{
    struct wh_web_recent_entry *entry = &recent->entries[recent->count % WH_WEB_RECENT_MAX];
    struct wh_arena arena = entry->arena;
    wh_arena_reset(&arena);
    *entry = (struct wh_web_recent_entry){
        .arena = arena,
        .number = ++recent->count,
    };
    set_became(entry, wh_str_of(became));
    entry->id = wh_arena_str(&entry->arena, id);
    entry->touch = wh_arena_str(&entry->arena, wh_str_slice(touch, 0, touch.len - 1));
    return entry->number;
}

void
wh_web_recent_set(struct wh_web_recent *recent, uint64_t number, const char *became)
{
    struct wh_web_recent_entry *entry = &recent->entries[(number - 1) % WH_WEB_RECENT_MAX];
    if (entry->number == number) {
        set_became(entry, wh_str_of(became));
    }
}

static void
add_note(struct wh_web_recent_entry *entry, struct wh_str became, struct wh_str text)
{
    set_became(entry, became);
    if (text.len > 0 && text.len <= NOTE_SIZE_MAX && entry->note_count < WH_WEB_RECENT_NOTES_MAX) {
        entry->notes[entry->note_count++] = wh_arena_str(&entry->arena, text);
    }
}

void
wh_web_recent_note(struct wh_web_recent *recent, struct wh_str id, struct wh_str became,
                   struct wh_str note)
{
    for (size_t i = 0; i < WH_WEB_RECENT_MAX && id.len > 0; i++) {
        if (wh_str_equal(recent->entries[i].id, id)) {
            add_note(&recent->entries[i], became, note);
        }
    }
}

static void
print_entry(const struct wh_web_recent_entry *entry, struct wh_buf *buf)
{
    struct wh_json json;
    wh_buf_push(buf, entry->touch);
    wh_buf_push_text(buf, ",\"became\":");
    wh_json_init(&json, buf);
    wh_json_str(&json, wh_str_of(entry->became));
    wh_buf_push_text(buf, ",\"notes\":[");
    for (size_t i = 0; i < entry->note_count; i++) {
        wh_buf_push_text(buf, i > 0 ? "," : "");
        wh_buf_push(buf, entry->notes[i]);
    }
    wh_buf_push_text(buf, "]}");
}

void
wh_web_recent_print(const struct wh_web_recent *recent, struct wh_buf *buf)
{
    wh_buf_push_text(buf, "{\"touches\":[");
    uint64_t oldest = recent->count > WH_WEB_RECENT_MAX ? recent->count - WH_WEB_RECENT_MAX : 0;
    for (uint64_t number = recent->count; number > oldest; number--) {
        wh_buf_push_text(buf, number < recent->count ? "," : "");
        print_entry(&recent->entries[(number - 1) % WH_WEB_RECENT_MAX], buf);
    }
    wh_buf_push_text(buf, "]}\n");
}
