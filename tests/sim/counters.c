#include "tests/sim/counters.h"

#include "engine/base/buf.h"

void
wh_sim_counters_init(struct wh_sim_counters *counters, struct wh_arena *arena)
{
    counters->arena = arena;
    wh_table_init(&counters->open, arena);
    wh_table_init(&counters->shares, arena);
}

static void
add(struct wh_sim_counters *counters, struct wh_table *table, struct wh_str key, int64_t n)
{
    int64_t sum = 0;
    (void)wh_table_find(table, key, &sum);
    wh_table_put(table, wh_arena_str(counters->arena, key), sum + n);
}

/* Asker, route and announcement: the same for an ask and its answer. */
static struct wh_str
ticket_of(struct wh_sim_counters *counters, const struct wh_route_sent *sent)
{
    const struct wh_route_message *message = &sent->message;
    bool is_ask = message->kind == WH_ROUTE_ASK;
    struct wh_str lead = wh_key_text(counters->arena, is_ask ? message->from : sent->to);
    struct wh_str route = wh_key_text(counters->arena, is_ask ? sent->to : message->from);
    struct wh_buf text;
    wh_buf_init(&text, counters->arena);
    wh_buf_printf(&text, "%.*s asks %.*s about %.*s %lld/%u/%u", WH_STR_ARG(lead),
                  WH_STR_ARG(route), WH_STR_ARG(message->ticket.qualification),
                  (long long)message->ticket.life, message->ticket.episode, message->ticket.asked);
    return wh_buf_str(&text);
}

void
wh_sim_counters_note(struct wh_sim_counters *counters, const struct wh_route_sent *sent)
{
    const struct wh_route_message *message = &sent->message;
    if (message->kind == WH_ROUTE_LEFT) {
        return;
    }
    bool is_ask = message->kind == WH_ROUTE_ASK;
    add(counters, &counters->open, ticket_of(counters, sent), is_ask ? 1 : -1);
    if (!is_ask && message->given && wh_str_is(message->from.value, "team")) {
        add(counters, &counters->shares, message->owner, 1);
    }
}

static void
check_shares(const struct wh_sim_counters *counters, struct wh_sim *sim)
{
    static const char *const team[] = {"anna", "ben", "cem"};
    int64_t least = INT64_MAX;
    int64_t most = 0;
    for (size_t i = 0; i < sizeof(team) / sizeof(team[0]); i++) {
        int64_t leads = 0;
        (void)wh_table_find(&counters->shares, wh_str_of(team[i]), &leads);
        least = leads < least ? leads : least;
        most = leads > most ? leads : most;
    }
    if (most - least > 1) {
        wh_sim_fail(sim, "who takes turns has %d leads, another one %d", (int)most, (int)least);
    }
}

void
wh_sim_counters_check(const struct wh_sim_counters *counters, struct wh_sim *sim)
{
    for (size_t i = 0; i < counters->open.count; i++) {
        const struct wh_table_entry *entry = &counters->open.entries[i];
        if (entry->value != 0) {
            wh_sim_fail(sim, "%.*s: %d answers are missing", WH_STR_ARG(entry->key),
                        (int)entry->value);
        }
        sim->asked++;
    }
    check_shares(counters, sim);
}
