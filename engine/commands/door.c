#include "engine/commands/door.h"

#include <yyjson.h>

#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/json.h"

enum {
    OK = 200,
    BAD = 400,
    UNAUTHORISED = 401,
    FORBIDDEN = 403,
    NOT_FOUND = 404,
    BUSY = 429,
    AWAY = 503,
};

/* Who listens everywhere is called on this machine. */
static struct wh_str
callable(struct wh_arena *arena, struct wh_str address)
{
    static const char *const everywhere[][2] = {
        {"0.0.0.0:", "127.0.0.1:"}, {"[::]:", "[::1]:"}, {"*:", "127.0.0.1:"}};
    for (size_t i = 0; i < sizeof(everywhere) / sizeof(everywhere[0]); i++) {
        struct wh_str prefix = wh_str_of(everywhere[i][0]);
        if (wh_str_starts_with(address, prefix)) {
            struct wh_buf buf;
            wh_buf_init(&buf, arena);
            wh_buf_push_text(&buf, everywhere[i][1]);
            wh_buf_push(&buf, wh_str_slice(address, prefix.len, address.len));
            return wh_buf_str(&buf);
        }
    }
    return address;
}

void
wh_door_init(struct wh_door *door, const struct wh_call *call, const struct wh_config *config,
             enum wh_option keys)
{
    struct wh_buf buf;
    struct wh_str certificate = wh_config_text(config, WH_OPTION_TLS_CERTIFICATE);
    const struct wh_setting *setting = &config->settings[keys];
    struct wh_str address = wh_config_text(config, WH_OPTION_LISTEN);
    wh_buf_init(&buf, call->arena);
    wh_buf_push_text(&buf, certificate.len > 0 ? "https://" : "http://");
    wh_buf_push(&buf, callable(call->arena, address));
    *door = (struct wh_door){
        .call = call,
        .base = wh_buf_str(&buf),
        .keys = keys,
        .certificate = certificate.len > 0 ? wh_arena_str(call->arena, certificate).ptr : NULL,
    };
    if (setting->count > 0) {
        door->key = setting->values[0];
    }
}

struct wh_http_request
wh_door_request(const struct wh_door *door, const char *path, struct wh_str body)
{
    struct wh_buf url;
    wh_buf_init(&url, door->call->arena);
    wh_buf_push(&url, door->base);
    wh_buf_push_text(&url, path);
    return (struct wh_http_request){
        .url = wh_buf_text(&url),
        .key = door->key,
        .body = body,
        .certificate = door->certificate,
    };
}

/* "not_allowed" and a sentence, from the first of what was rejected, or from the whole answer. */
static struct wh_str
explanation(struct wh_arena *arena, struct wh_str body)
{
    static const char *const members[] = {"reason", "error", "field", "detail"};
    struct wh_buf buf;
    yyjson_doc *doc = yyjson_read(body.ptr, body.len, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    yyjson_val *first = yyjson_arr_get_first(yyjson_obj_get(root, "rejected"));
    wh_buf_init(&buf, arena);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        yyjson_val *value = yyjson_obj_get(first == NULL ? root : first, members[i]);
        if (yyjson_get_len(value) > 0 && yyjson_is_str(value)) {
            wh_buf_push_text(&buf, buf.len == 0 ? "" : ": ");
            wh_columns_push_clean(&buf,
                                  (struct wh_str){yyjson_get_str(value), yyjson_get_len(value)});
        }
    }
    yyjson_doc_free(doc);
    return wh_buf_str(&buf);
}

static enum wh_exit
wants_key(const struct wh_door *door)
{
    const char *key = wh_option_infos[door->keys].key;
    struct wh_str variable = wh_option_variable(door->call->arena, door->keys);
    if (door->key.len > 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "%.*s does not accept the first key of \"%s\": the configuration of "
                               "this command and that of `up` differ",
                               WH_STR_ARG(door->base), key);
    }
    return wh_console_fail(WH_EXIT_USAGE,
                           "%.*s wants a key of \"%s\": name the configuration that `up` has with "
                           "--config FILE, or put the key into %.*s",
                           WH_STR_ARG(door->base), key, WH_STR_ARG(variable));
}

enum wh_exit
wh_door_refused(const struct wh_door *door, const struct wh_http_answer *answer)
{
    struct wh_str why = explanation(door->call->arena, answer->body);
    if (answer->status == UNAUTHORISED || answer->status == FORBIDDEN ||
        wh_str_starts_with(why, WH_STR("not_allowed"))) {
        return wants_key(door);
    }
    if (answer->status == BUSY || answer->status == AWAY) {
        return wh_console_fail(
            WH_EXIT_OUTSIDE, "%.*s takes nothing at the moment (%ld%s%.*s): try again",
            WH_STR_ARG(door->base), answer->status, why.len > 0 ? ", " : "", WH_STR_ARG(why));
    }
    if (answer->status == BAD && why.len > 0) {
        return wh_console_fail(WH_EXIT_PROBLEMS, "%.*s refuses it: %.*s", WH_STR_ARG(door->base),
                               WH_STR_ARG(why));
    }
    return wh_console_fail(WH_EXIT_OUTSIDE, "%.*s answers %ld%s%.*s; is that `waterhole up`?",
                           WH_STR_ARG(door->base), answer->status, why.len > 0 ? ", " : "",
                           WH_STR_ARG(why));
}

enum wh_exit
wh_door_ask(const struct wh_door *door, const char *path, struct wh_str body,
            struct wh_http_answer *ret_answer)
{
    struct wh_http_request request = wh_door_request(door, path, body);
    struct wh_error error;
    *ret_answer = (struct wh_http_answer){0};
    if (wh_http_send(door->call->arena, &request, ret_answer, &error) != WH_OK) {
        return wh_console_fail(WH_EXIT_OUTSIDE,
                               "%s; does `%s up` run there? Another address is given with "
                               "--listen ADDR or \"listen\" in the configuration",
                               error.message, door->call->program);
    }
    if (ret_answer->status == OK) {
        return WH_EXIT_DONE;
    }
    return ret_answer->status == NOT_FOUND ? WH_EXIT_PROBLEMS : wh_door_refused(door, ret_answer);
}

void
wh_door_push_escaped(struct wh_buf *buf, struct wh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~:@", c) != NULL);
        if (is_plain) {
            wh_buf_push_char(buf, (char)c);
        } else {
            wh_buf_printf(buf, "%%%02X", (unsigned)c);
        }
    }
}
