/* Which rows news can reach, and when time alone is news. */
#include "engine/base/time.h"
#include "engine/score/verdict_parts.h"

static int64_t
before(int64_t at, int64_t by)
{
    return at < WH_TIME_MIN + by ? WH_TIME_MIN : at - by;
}

static int64_t
after(int64_t at, int64_t by)
{
    return at > WH_TIME_NEVER - by ? WH_TIME_NEVER : at + by;
}

/* Whether the row may confirm one that it follows. */
static bool
may_confirm(const struct wh_looking *looking, uint32_t row)
{
    const struct wh_judging *judging = &looking->ruleset->judging;
    for (size_t i = 0; i < judging->confirm_count; i++) {
        if (judging->confirms[i].within > 0 &&
            wh_selector_takes_row(&judging->confirms[i].followed_by, &looking->state->history, row,
                                  false)) {
            return true;
        }
    }
    return false;
}

static uint32_t
earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Rows that are linked come with all that are linked with them, step by step: what holds of one is
 * found together with what holds of the others. */
static void
widen_back(struct wh_looking *looking, int64_t reached)
{
    const struct wh_history *history = &looking->state->history;
    int64_t link = looking->ruleset->judging.link;
    for (uint32_t row = looking->first; row > 0 && reached - history->at[row - 1] < link; row--) {
        if (wh_looking_is_linked(looking, row - 1)) {
            reached = history->at[row - 1];
            looking->first = row - 1;
        }
    }
}

static void
widen_on(struct wh_looking *looking, int64_t reached)
{
    const struct wh_history *history = &looking->state->history;
    int64_t link = looking->ruleset->judging.link;
    for (uint32_t row = looking->end; row < looking->known && history->at[row] - reached < link;
         row++) {
        if (wh_looking_is_linked(looking, row)) {
            reached = history->at[row];
            looking->end = row + 1;
        }
    }
}

static void
widen(struct wh_looking *looking)
{
    const struct wh_history *history = &looking->state->history;
    for (uint32_t row = looking->first; row < looking->end; row++) {
        if (wh_looking_is_linked(looking, row)) {
            widen_back(looking, history->at[row]);
            break;
        }
    }
    for (uint32_t row = looking->end; row > looking->first; row--) {
        if (wh_looking_is_linked(looking, row - 1)) {
            widen_on(looking, history->at[row - 1]);
            break;
        }
    }
}

void
wh_looking_reach(struct wh_looking *looking, const struct wh_verdict_news *news)
{
    const struct wh_judging *judging = &looking->ruleset->judging;
    const struct wh_history *history = &looking->state->history;
    bool is_one = news->row != UINT32_MAX;
    if (is_one) {
        looking->first = news->row;
        looking->end = news->row + 1;
    } else {
        looking->first = wh_history_until(history, before(news->from, judging->link + 1));
        looking->end = wh_history_before(history, after(news->to, judging->link + 1));
    }
    if (looking->ruleset->hearing != NULL) {
        return;
    }
    if (judging->follow > 0 && (!is_one || may_confirm(looking, news->row))) {
        looking->first =
            earlier(looking->first, wh_history_until(history, before(news->from, judging->follow)));
    }
    if (judging->has_aggregates) {
        looking->end = history->count;
    }
    if (judging->link > 0) {
        widen(looking);
    }
}

/* When the row, unconfirmed, has been quiet for long enough: the first time after `now`. */
static int64_t
calm_at(const struct wh_judging *judging, const struct wh_history *history, uint32_t row,
        int64_t now)
{
    int64_t next = WH_TIME_NEVER;
    for (size_t i = 0; i < judging->confirm_count; i++) {
        const struct wh_confirm *confirm = &judging->confirms[i];
        int64_t at = history->at[row] + confirm->quiet;
        if (confirm->within == 0 && at > now && at < next &&
            wh_selector_takes_row(&confirm->on, history, row, false)) {
            next = at;
        }
    }
    return next;
}

int64_t
wh_verdict_next(const struct wh_ruleset *ruleset, const struct wh_history *history, int64_t now)
{
    const struct wh_judging *judging = &ruleset->judging;
    int64_t next = WH_TIME_NEVER;
    bool is_calm = judging->quiet > 0 && ruleset->hearing == NULL;
    uint32_t end = is_calm ? wh_history_until(history, now) : 0;
    uint32_t row = wh_history_until(history, before(now, judging->quiet));
    for (row = row < history->base ? history->base : row; row < end; row++) {
        int64_t calm = history->verdict[row] == WH_VERDICT_UNCONFIRMED
                           ? calm_at(judging, history, row, now)
                           : WH_TIME_NEVER;
        next = calm < next ? calm : next;
    }
    return next;
}

struct wh_verdict_news
wh_verdict_news_of(const struct wh_ruleset *ruleset, const struct wh_history *history,
                   int64_t moment)
{
    const struct wh_judging *judging = &ruleset->judging;
    struct wh_verdict_news news = {.from = WH_TIME_NEVER, .to = WH_TIME_MIN, .row = UINT32_MAX};
    for (size_t i = 0; i < judging->confirm_count; i++) {
        int64_t at = moment - judging->confirms[i].quiet;
        bool is_any = judging->confirms[i].within == 0 &&
                      wh_history_before(history, at) < wh_history_until(history, at);
        news.from = is_any && at < news.from ? at : news.from;
        news.to = is_any && at > news.to ? at : news.to;
    }
    return news;
}
