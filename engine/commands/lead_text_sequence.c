/* Sequences that the lead is in the middle of. */
#include "engine/commands/lead_parts.h"

/* Runs shown of one trigger; --json has them all. */
#define RUNS_SHOWN 3

static void
push_run(struct wh_lead_page *page, const struct wh_story_sequence *told)
{
    struct wh_buf *buf = page->buf;
    struct wh_str since = wh_lead_time(page, told->since);
    struct wh_str until = wh_lead_time(page, told->until);
    wh_buf_printf(buf, "  %.*s: %u of %u step%s", WH_STR_ARG(told->trigger), told->taken,
                  told->steps, told->steps == 1 ? "" : "s");
    if (told->times > 0 && told->times < told->times_min) {
        wh_buf_printf(buf, " (the last %u of %u times)", told->times, told->times_min);
    }
    wh_buf_printf(buf, " since %.*s", WH_STR_ARG(since));
    if (told->matches) {
        wh_buf_printf(buf, ", fires at %.*s unless something comes", WH_STR_ARG(until));
    } else {
        wh_buf_printf(buf, ", until %.*s", WH_STR_ARG(until));
    }
    if (!told->matches && told->missed.len > 0) {
        wh_buf_printf(buf, ", then %.*s", WH_STR_ARG(told->missed));
    }
    wh_buf_push_char(buf, '\n');
}

void
wh_lead_push_sequences(struct wh_lead_page *page)
{
    const struct wh_story *story = page->story;
    size_t shown = 0;
    if (story->sequence_count > 0) {
        wh_lead_push_title(page, "In the middle of");
    }
    for (size_t i = 0; i < story->sequence_count; i++) {
        const struct wh_story_sequence *told = &story->sequences[i];
        bool is_new = i == 0 || !wh_str_equal(told->trigger, story->sequences[i - 1].trigger);
        bool is_last = i + 1 == story->sequence_count ||
                       !wh_str_equal(told->trigger, story->sequences[i + 1].trigger);
        shown = is_new ? 1 : shown + 1;
        if (shown <= RUNS_SHOWN) {
            push_run(page, told);
        }
        if (is_last && shown > RUNS_SHOWN) {
            wh_buf_printf(page->buf, "  %.*s: and %zu more\n", WH_STR_ARG(told->trigger),
                          shown - RUNS_SHOWN);
        }
    }
}
