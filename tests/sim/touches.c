/* Made-up people and what they do, from the seed. */
#include "engine/base/time.h"
#include "tests/sim/sim.h"

static const char *const types[] = {"page_view",  "page_view", "page_view",   "download",
                                    "email_open", "call",      "demo_request"};
/* The last ones decide something, and who was decided about is not forgotten so soon. */
#define OF_DECISIONS 2
#define OF_NOTHING   4
static const char *const paths[] = {"/pricing", "/", "/cases/one", "/careers"};

/* The number tells the kind, too; only who has no other name can be forgotten. */
static void
push_key(const struct wh_sim *sim, struct wh_buf *buf, uint64_t number, const char *between)
{
    static const char *const kinds[] = {"anon", "user", "email"};
    uint64_t kind = sim->is_fast ? 0 : number % 3;
    wh_buf_printf(buf, "\"%s%sp%u%s\"", kinds[kind], between, (unsigned)number,
                  kind == 2 ? "@acme.example" : "");
}

static void
push_keys(struct wh_sim *sim, struct wh_buf *buf)
{
    uint64_t number = wh_sim_random(sim, sim->key_count);
    push_key(sim, buf, number, "\":\"");
    for (uint64_t more = 1; more < 3 && sim->is_linked; more++) {
        if (wh_sim_random(sim, 3) == 0 && number + more < sim->key_count) {
            wh_buf_push_char(buf, ',');
            push_key(sim, buf, number + more, "\":\""); /* of another kind */
        }
    }
}

/* Some say where they work; now and then it is another place. */
static void
push_company(struct wh_buf *buf, uint32_t number, bool is_fast)
{
    if (number % 4 == 1 && !is_fast) {
        wh_buf_printf(buf, ",\"company\":{\"domain\":\"c%u.example\"}",
                      number / 4 % 5 == 0 ? 1U : 0U);
    }
}

static int64_t
pick_occurred(struct wh_sim *sim)
{
    uint64_t how = wh_sim_random(sim, 20);
    if (how == 0) {
        return sim->now - (int64_t)wh_sim_random(sim, 20 * WH_US_PER_DAY);
    }
    if (how < 4) {
        return sim->now - (int64_t)wh_sim_random(sim, WH_US_PER_HOUR);
    }
    if (how == 4) {
        return sim->now + (int64_t)wh_sim_random(sim, 5 * WH_US_PER_MINUTE);
    }
    return sim->now;
}

static const char *
pick_type(struct wh_sim *sim)
{
    uint64_t count = sizeof(types) / sizeof(types[0]);
    if (sim->is_fast && wh_sim_random(sim, 3) > 0) {
        return types[OF_NOTHING];
    }
    return types[wh_sim_random(sim, sim->is_fast ? count - OF_DECISIONS : count)];
}

/* Now and then somebody asks that one of them be erased. */
static void
push_what(struct wh_sim *sim, struct wh_buf *buf)
{
    if (wh_sim_random(sim, 30) == 0) {
        wh_buf_push_text(buf, ",\"type\":\"identity.erase\",\"properties\":{\"who\":");
        push_key(sim, buf, wh_sim_random(sim, sim->key_count), ":");
        wh_buf_push_char(buf, '}');
    } else {
        wh_buf_printf(buf, ",\"type\":\"%s\"", pick_type(sim));
    }
}

static struct wh_str
make_touch(struct wh_sim *sim, struct wh_arena *arena)
{
    struct wh_buf keys;
    struct wh_buf occurred;
    struct wh_buf received;
    struct wh_buf buf;
    uint32_t number = sim->touch_next++;
    uint64_t how = wh_sim_random(sim, 40);
    wh_buf_init(&buf, arena);
    if (how == 0) {
        wh_buf_push_text(&buf, "{ this is no touch");
        return wh_buf_str(&buf);
    }
    if (how < 4 && number > 0) {
        number = (uint32_t)wh_sim_random(sim, number); /* an id that was there before */
    }
    wh_buf_init(&occurred, arena);
    wh_time_format(&occurred, pick_occurred(sim));
    wh_buf_init(&received, arena);
    wh_time_format(&received, sim->now);
    wh_buf_init(&keys, arena);
    push_keys(sim, &keys);
    wh_buf_printf(&buf,
                  "{\"id\":\"t%u\",\"occurred_at\":\"%s\",\"received_at\":\"%s\","
                  "\"identifiers\":{%s},\"page\":{\"path\":\"%s\"}",
                  number, wh_buf_text(&occurred), wh_buf_text(&received), wh_buf_text(&keys),
                  paths[wh_sim_random(sim, sizeof(paths) / sizeof(paths[0]))]);
    push_what(sim, &buf);
    push_company(&buf, number, sim->is_fast);
    wh_buf_push_char(&buf, '}');
    return wh_buf_str(&buf);
}

void
wh_sim_send_touch(struct wh_sim *sim)
{
    struct wh_arena arena;
    struct wh_touch touch;
    struct wh_rejection why;
    struct wh_decode_counts counts = {0};
    struct wh_decode_context context = {.default_id = WH_STR("none")};
    const struct wh_codec *codec = &sim->model->codec;
    wh_arena_init(&arena, 0);
    struct wh_str bytes = make_touch(sim, &arena);
    struct wh_log_record record = {
        .topic = WH_TOPIC_TOUCHPOINTS,
        .partition = (uint32_t)wh_sim_random(sim, sim->log.partitions),
        .value = bytes,
    };
    bool is_touch =
        codec->decode_touch(codec->self, &arena, bytes, &context, &touch, &counts, &why);
    if (is_touch && wh_sim_random(sim, 4) > 0) {
        record.key = wh_key_text(&arena, touch.keys[0]);
        record.partition = WH_LOG_BY_KEY;
    }
    sim->log.now = sim->now;
    int64_t offset = wh_memory_log_append(&sim->log, &record, SIZE_MAX);
    wh_sim_trace(sim, "touch %d %.*s", (int)offset, WH_STR_ARG(bytes));
    wh_arena_fini(&arena);
}
