/* Who is who: the lead's identifiers, since when they belong to it and what shows it. */
#include "engine/commands/lead_parts.h"

enum { KEY = 38 };

static void
push_span(struct wh_lead_page *page, int64_t from, int64_t until)
{
    struct wh_buf *buf = page->buf;
    if (from == WH_TIME_MIN && until == WH_TIME_NEVER) {
        wh_buf_push_text(buf, " since ever");
        return;
    }
    if (from != WH_TIME_MIN) {
        struct wh_str since = wh_lead_time(page, from);
        wh_buf_printf(buf, " %s %.*s", until == WH_TIME_NEVER ? "since" : "from",
                      WH_STR_ARG(since));
    }
    if (until != WH_TIME_NEVER) {
        struct wh_str end = wh_lead_time(page, until);
        wh_buf_printf(buf, " until %.*s", WH_STR_ARG(end));
    }
}

static void
push_proof(struct wh_lead_page *page, const struct wh_story_proof *proof)
{
    struct wh_str at = wh_lead_time(page, proof->at);
    wh_columns_push_clean(page->buf, proof->id);
    wh_buf_printf(page->buf, " at %.*s", WH_STR_ARG(at));
}

static void
push_link(struct wh_lead_page *page, const struct wh_story_link *link)
{
    struct wh_buf *buf = page->buf;
    wh_buf_push_text(buf, link->known ? "belongs to " : "was seen with ");
    wh_columns_push_clean(buf, link->to);
    if (link->known) {
        push_span(page, link->from, link->until);
    }
    if (link->first.id.len > 0) {
        wh_buf_push_text(buf, "; both in touch ");
        push_proof(page, &link->first);
    }
    if (link->first.id.len > 0 && !wh_str_equal(link->first.id, link->last.id)) {
        wh_buf_push_text(buf, ", last in ");
        push_proof(page, &link->last);
    }
}

static void
push_key(struct wh_lead_page *page, struct wh_str key)
{
    wh_buf_push_text(page->buf, "  ");
    wh_columns_push_left(page->buf, key, KEY);
}

static void
push_identifier(struct wh_lead_page *page, const struct wh_story_identifier *identifier)
{
    struct wh_buf *buf = page->buf;
    if (identifier->link_count == 0) {
        push_key(page, identifier->key);
        wh_buf_push_text(buf, "the lead itself");
        wh_columns_end_line(buf);
    }
    for (size_t i = 0; i < identifier->link_count; i++) {
        push_key(page, i == 0 ? identifier->key : WH_STR(""));
        push_link(page, &identifier->links[i]);
        wh_columns_end_line(buf);
    }
    if (identifier->contested) {
        push_key(page, WH_STR(""));
        wh_lead_push_coloured(page, WH_COLOUR_WARNING,
                              WH_STR("contested: changed hands more than 4 times in 30 days"));
        wh_columns_end_line(buf);
    }
}

/* Those that were seen with this one and belong to somebody else, or to nobody. */
static void
push_apart(struct wh_lead_page *page, const struct wh_story_identifier *identifier)
{
    for (size_t i = 0; i < identifier->device_count; i++) {
        const struct wh_story_device *device = &identifier->devices[i];
        if (device->holds) {
            continue;
        }
        push_key(page, device->key);
        if (device->status == WH_LEASE_SPLIT) {
            wh_buf_push_text(page->buf, "kept apart by a split");
        } else if (device->status == WH_LEASE_SHARED) {
            wh_buf_push_text(page->buf, "shared by many: belongs to nobody");
        } else {
            wh_buf_push_text(page->buf, "seen with it, belongs to another");
        }
        wh_columns_end_line(page->buf);
    }
}

void
wh_lead_push_identity(struct wh_lead_page *page)
{
    const struct wh_story *story = page->story;
    if (story->identifier_count == 0) {
        return;
    }
    struct wh_str count =
        wh_columns_count(page->buf->arena, story->identifier_count, "identifier", "identifiers");
    wh_lead_push_title(page, "Who is who%s: %.*s", story->is_past ? " (as of now, not then)" : "",
                       WH_STR_ARG(count));
    for (size_t i = 0; i < story->identifier_count; i++) {
        push_identifier(page, &story->identifiers[i]);
        push_apart(page, &story->identifiers[i]);
    }
}
