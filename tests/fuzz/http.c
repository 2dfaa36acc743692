/* What a request over HTTP brings that is ours to read (the rest is the library's): addresses in
 * headers, and the body: packed, cut into records, each with what the receiver adds. A record that
 * was good stays good. */
#include "connectors/web/body.h"
#include "connectors/web/proxy.h"
#include "connectors/web/split.h"
#include "proto/codec.h"
#include "proto/touch_splice.h"
#include "tests/fuzz/fuzz.h"

#define BODY_MAX    ((size_t)256 * 1024)
#define RECORDS_MAX 1000

static void
read_headers(struct wh_str text)
{
    struct wh_web_network network;
    struct wh_web_ip ip;
    struct wh_str host;
    struct wh_str port;
    const struct wh_web_networks trusted = {&network, wh_web_network_parse(text, &network) ? 1 : 0};
    (void)wh_web_host_split(text, &host, &port);
    (void)wh_web_host_is_loopback(text);
    (void)wh_web_proxy_has_tls(text, text);
    (void)wh_web_proxy_client(trusted, text, (struct wh_str){NULL, 0}, &ip);
    if (wh_web_proxy_client(trusted, (struct wh_str){NULL, 0}, text, &ip)) {
        struct wh_web_ip again;
        struct wh_web_ip_text shown = wh_web_ip_format(&ip);
        wh_fuzz_expect(wh_web_ip_parse(wh_str_of(shown.text), &again) &&
                       memcmp(&ip, &again, sizeof(ip)) == 0);
    }
}

static bool
is_touch(struct wh_arena *arena, struct wh_str record)
{
    const struct wh_codec codec = wh_proto_codec();
    const struct wh_decode_context context = {.form = WH_FORM_JSON, .default_id = WH_STR("d")};
    struct wh_decode_counts counts = {0};
    struct wh_touch touch;
    struct wh_rejection rejection;
    return codec.decode_touch(codec.self, arena, record, &context, &touch, &counts, &rejection);
}

static void
read_record(struct wh_arena *arena, struct wh_str record)
{
    static const struct wh_touch_additions additions = {.id = {"new", 3},
                                                        .ip = {"203.0.113.7", 11},
                                                        .user_agent = {"fuzz", 4},
                                                        .received = 1795510800000000};
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    bool is_good = is_touch(arena, record);
    bool is_spliced = wh_touch_splice_json(&buf, record, &additions);
    /* At the edge of the size of a record the additions are one too many. */
    wh_fuzz_expect(!is_good || record.len > 60000 ||
                   (is_spliced && is_touch(arena, wh_buf_str(&buf))));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_arena arena;
    struct wh_web_body body = {NULL, 0, 0};
    wh_arena_init(&arena, 0);
    read_headers(wh_fuzz_input(data, size < 200 ? size : 200));
    wh_fuzz_expect(wh_web_body_push(&body, wh_fuzz_input(data, size), BODY_MAX) || size > BODY_MAX);
    (void)wh_web_body_unpack(&body, BODY_MAX);
    struct wh_web_split split = wh_web_split(&arena, wh_web_body_str(&body), RECORDS_MAX);
    for (size_t i = 0; i < split.count; i++) {
        read_record(&arena, split.items[i]);
    }
    wh_web_body_fini(&body);
    wh_arena_fini(&arena);
    return 0;
}
