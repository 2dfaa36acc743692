/* `waterhole version`: the program, how it computes, what it stands on. */
#include "connectors/curl/http.h"
#include "connectors/file/libraries.h"
#include "connectors/psl/libraries.h"
#include "connectors/redis/redis.h"
#include "engine/commands/console.h"
#include "engine/commands/json.h"
#include "engine/language/libraries.h"
#include "engine/model/state.h"
#include "proto/libraries.h"

typedef struct wh_str (*version_fn)(struct wh_arena *arena);

static const struct {
    const char *name;
    version_fn version;
} libraries[] = {
    {"libcurl", wh_libraries_curl},        {"libyaml", wh_libraries_yaml},
    {"pcre2", wh_libraries_pcre2},         {"yyjson", wh_libraries_yyjson},
    {"protobuf-c", wh_libraries_protobuf}, {"libpsl", wh_libraries_psl},
    {"zlib", wh_libraries_zlib},           {"zstd", wh_libraries_zstd},
    {"hiredis", wh_libraries_hiredis},
};

#define LIBRARY_COUNT (sizeof(libraries) / sizeof(libraries[0]))

static void
print_text(struct wh_buf *buf)
{
    wh_buf_printf(buf, "waterhole %s\nstate semantics %d\n", WH_VERSION, WH_STATE_SEMANTICS);
    for (size_t i = 0; i < LIBRARY_COUNT; i++) {
        struct wh_str version = libraries[i].version(buf->arena);
        wh_buf_printf(buf, "%-15s %.*s\n", libraries[i].name, WH_STR_ARG(version));
    }
}

static void
print_json(struct wh_buf *buf)
{
    wh_buf_printf(buf, "{\"version\":\"%s\",\"semantics\":%d,\"libraries\":{", WH_VERSION,
                  WH_STATE_SEMANTICS);
    for (size_t i = 0; i < LIBRARY_COUNT; i++) {
        wh_buf_printf(buf, "%s\"%s\":", i == 0 ? "" : ",", libraries[i].name);
        wh_json_push_string(buf, libraries[i].version(buf->arena));
    }
    wh_buf_push_text(buf, "}}\n");
}

enum wh_exit
wh_command_version(const struct wh_call *call)
{
    struct wh_buf buf;
    wh_buf_init(&buf, call->arena);
    if (wh_args_has(call->args, "--json")) {
        print_json(&buf);
    } else {
        print_text(&buf);
    }
    wh_console_result(wh_buf_str(&buf));
    return WH_EXIT_DONE;
}
