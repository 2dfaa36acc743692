/* Records that only this program can write, to begin with: fuzz_make_seeds FOLDER
 * writes FOLDER/{state,journal,handoff,touch_protobuf}/N. They are made anew for each run, because
 * a seed of a former form would lead nowhere. */
#include <stdio.h>

#include "engine/base/time.h"
#include "proto/codec.h"
#include "proto/touch_json.h"
#include "proto/touch_protobuf.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/any_entity.h"

#define SEEDS 6

static void
write_seed(const char *corpus, const char *target, int number, struct wh_str bytes)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s/%s/%d", corpus, target, number);
    wh_fuzz_expect(len > 0 && (size_t)len < sizeof(path));
    FILE *file = fopen(path, "wb");
    wh_fuzz_expect(file != NULL && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len &&
                   fclose(file) == 0);
}

static void
make_state(const char *corpus, struct wh_random *random, struct wh_arena *arena, int number)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_entity entity;
    struct wh_buf buf;
    wh_any_entity(random, arena, &entity);
    wh_buf_init(&buf, arena);
    codec.encode_entity(codec.self, &buf, WH_STR("00"), &entity);
    write_seed(corpus, "state", number, wh_buf_str(&buf));
}

static void
make_handoff(const char *corpus, struct wh_random *random, struct wh_arena *arena, int number)
{
    const struct wh_codec codec = wh_proto_codec();
    struct wh_identity_message message;
    struct wh_buf buf;
    wh_any_message(random, arena, (enum wh_identity_message_kind)number, &message);
    const struct wh_handoff_message messages[] = {
        {.bytes = WH_STR("{}"), .default_id = WH_STR("t-0-1")},
        {.kind = WH_HANDOFF_IDENTITY, .identity = &message},
    };
    wh_buf_init(&buf, arena);
    codec.encode_handoff(codec.self, &buf, &(struct wh_handoff){WH_STR("user:1"), 7, messages, 2});
    write_seed(corpus, "handoff", number, wh_buf_str(&buf));
}

static void
make_journal(const char *corpus, struct wh_arena *arena)
{
    static const struct wh_hash_id swept[] = {{{1}}, {{2}}};
    const struct wh_codec codec = wh_proto_codec();
    struct wh_journal journal = {
        .format = WH_JOURNAL_FORMAT,
        .semantics = 2,
        .kind = WH_JOURNAL_BATCH,
        .owner = WH_STR("engine-0"),
        .seq = 9,
        .now = 1795510800000000,
        .model_hash = WH_STR("00"),
        .data_versions = WH_STR("psl"),
        .positions = {{WH_TOPIC_TOUCHPOINTS, 0, 5}, {WH_TOPIC_HANDOFF, 0, 6}},
        .has_timers = true,
        .slices = {{WH_TOPIC_TOUCHPOINTS, 0, 1, 5, 4}},
        .slice_count = 1,
        .swept = swept,
        .swept_count = 2,
        .digest = 77,
    };
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    codec.encode_journal(codec.self, &buf, &journal);
    write_seed(corpus, "journal", 0, wh_buf_str(&buf));
}

static void
make_touch(const char *corpus, struct wh_arena *arena)
{
    static const char json[] =
        "{\"id\":\"1\",\"type\":\"page_view\",\"source\":\"web\",\"occurred_at\":1795510800,"
        "\"identifiers\":{\"anon\":\"c\",\"email\":[\"a@x.example\",\"b@x.example\"]},"
        "\"page\":{\"path\":\"/p\"},\"links\":2,\"seconds\":40,\"consent\":{\"marketing\":true},"
        "\"amount\":\"1.5\",\"properties\":{\"seats\":12,\"plan\":\"pro\"}}";
    const struct wh_decode_context context = {.form = WH_FORM_JSON};
    struct wh_decode_counts counts = {0};
    struct wh_rejection rejection;
    struct wh_touch touch;
    struct wh_buf buf;
    wh_fuzz_expect(
        wh_touch_json_decode(arena, wh_str_of(json), &context, &touch, &counts, &rejection));
    wh_buf_init(&buf, arena);
    wh_touch_protobuf_encode(&buf, &touch);
    write_seed(corpus, "touch_protobuf", 0, wh_buf_str(&buf));
}

int
main(int argc, char **argv)
{
    struct wh_random random = {.state = 7};
    struct wh_arena arena;
    wh_fuzz_expect(argc == 2);
    wh_arena_init(&arena, 0);
    for (int i = 0; i < SEEDS; i++) {
        make_state(argv[1], &random, &arena, i);
        make_handoff(argv[1], &random, &arena, i);
    }
    make_journal(argv[1], &arena);
    make_touch(argv[1], &arena);
    wh_arena_fini(&arena);
    return 0;
}
