#include "connectors/web/taking.h"

#include "connectors/web/glimpse.h"
#include "connectors/web/visitor.h"
#include "proto/limits.h"
#include "proto/touch_splice.h"

/* What has become clear about one record. */
struct finding {
    struct wh_touch touch;
    struct wh_rejection rejection; /* when it is not taken */
    struct wh_str value;           /* as it goes to the log */
    struct wh_str anon;            /* added to what touch has; may be empty */
};

static void
make_id(struct wh_web_taking *taking)
{
    const struct wh_web_env *env = &taking->request->web->env;
    struct wh_hash_id id = env->random_id(env->self);
    wh_hash_hex(id.bytes, WH_HASH_ID_SIZE, taking->id);
}

void
wh_web_taking_init(struct wh_web_taking *taking, struct wh_web_request *request,
                   struct wh_web_append *append)
{
    const struct wh_web_env *env = &request->web->env;
    *taking = (struct wh_web_taking){
        .request = request,
        .append = append,
        .now = env->now(env->self),
    };
    make_id(taking);
    wh_buf_init(&taking->buf, &append->arena);
    wh_json_init(&taking->rejected, &taking->buf);
    wh_json_open_list(&taking->rejected);
}

static bool
judge(const struct wh_web_taking *taking, struct wh_str bytes, struct finding *finding)
{
    struct wh_web *web = taking->request->web;
    struct wh_web_record record = {
        .form = taking->request->is_protobuf ? WH_FORM_PROTOBUF : WH_FORM_JSON,
        .bytes = bytes,
        .default_id = wh_str_of(taking->id),
    };
    finding->value = bytes;
    return web->env.judge(web->env.self, &web->scratch, &record, &finding->touch,
                          &finding->rejection);
}

static bool
reject(struct finding *finding, enum wh_reject reason, struct wh_str field, struct wh_str detail)
{
    finding->rejection = (struct wh_rejection){reason, field, detail};
    return false;
}

/* False when the record cannot be added to, or only beyond its limit. */
static bool
splice(const struct wh_web_taking *taking, const struct wh_touch_additions *additions,
       struct finding *finding)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &taking->request->web->scratch);
    if (taking->request->is_protobuf) {
        wh_touch_splice_protobuf(&buf, finding->value, additions);
    } else if (!wh_touch_splice_json(&buf, finding->value, additions)) {
        return reject(finding, WH_REJECT_NOT_JSON, WH_STR(""), WH_STR("expected one JSON object"));
    }
    if (buf.len > WH_RECORD_SIZE_MAX) {
        return reject(finding, WH_REJECT_TOO_LARGE, WH_STR(""),
                      WH_STR("expected room for what is added: id, received_at, network.ip, "
                             "device.user_agent, identifiers.anon"));
    }
    finding->value = wh_buf_str(&buf);
    return true;
}

static bool
has_key(const struct wh_touch *touch, enum wh_key_kind kind)
{
    for (size_t i = 0; i < touch->key_count; i++) {
        if (touch->keys[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static bool
refuses_tracking(const struct wh_touch *touch)
{
    for (size_t i = 0; i < touch->consent.count; i++) {
        const struct wh_named *named = &touch->consent.items[i];
        if (wh_str_is(named->name, "tracking")) {
            return named->value.type == WH_TYPE_BOOL && named->value.number == 0;
        }
    }
    return false;
}

/* It says who is who or what became of a lead: nothing about this browser belongs in there. */
static bool
is_command(const struct wh_touch *touch)
{
    return wh_str_is(touch->fields[WH_FIELD_SOURCE].text, "crm") ||
           wh_str_starts_with(touch->fields[WH_FIELD_TYPE].text, WH_STR("identity."));
}

static bool
lacks_identifier(const struct wh_rejection *rejection)
{
    return rejection->reason == WH_REJECT_NO_IDENTIFIER ||
           (rejection->reason == WH_REJECT_MISSING && wh_str_is(rejection->field, "identifiers"));
}

/* A second try for a touch of nobody: with the browser's own identifier. */
static bool
judge_with_anon(struct wh_web_taking *taking, struct finding *finding)
{
    struct wh_rejection before = finding->rejection;
    struct wh_touch_additions additions = {.anon = wh_web_visitor_anon(taking->request, false)};
    if (additions.anon.len == 0 || !splice(taking, &additions, finding)) {
        finding->rejection = before;
        return false;
    }
    if (!judge(taking, finding->value, finding)) {
        return false;
    }
    bool is_refused = refuses_tracking(&finding->touch);
    taking->request->visitor.is_refused |= is_refused;
    if (is_refused || is_command(&finding->touch)) {
        finding->rejection = before;
        return false;
    }
    taking->request->visitor.is_used = true;
    return true;
}

static bool
is_given(const struct wh_touch *touch, enum wh_field field)
{
    return wh_value_is_known(touch->fields[field]) && touch->fields[field].text.len > 0;
}

static bool
complete(struct wh_web_taking *taking, struct finding *finding)
{
    struct wh_web_visitor *visitor = &taking->request->visitor;
    const struct wh_touch *touch = &finding->touch;
    struct wh_touch_additions additions = {0};
    bool needs_id = wh_str_is(touch->id, taking->id);
    if (needs_id) {
        additions.id = wh_arena_str(&taking->append->arena, touch->id);
    }
    /* In JSON it is seen whether the record has it; else it is as when it was not given. */
    if (!taking->request->is_protobuf || touch->received == touch->occurred) {
        additions.received = taking->now;
    }
    if (!is_command(touch)) {
        visitor->is_refused |= refuses_tracking(touch);
        if (!is_given(touch, WH_FIELD_NETWORK_IP)) {
            additions.ip = wh_str_of(visitor->ip.text);
        }
        if (!is_given(touch, WH_FIELD_DEVICE_AGENT)) {
            additions.user_agent = visitor->user_agent;
        }
        if (!has_key(touch, WH_KEY_ANON)) {
            additions.anon = wh_web_visitor_anon(taking->request, true);
            visitor->is_used |= additions.anon.len > 0;
            finding->anon = additions.anon;
        }
    }
    bool is_done = splice(taking, &additions, finding);
    if (needs_id) {
        make_id(taking);
    }
    return is_done;
}

static bool
settle(struct wh_web_taking *taking, struct wh_str bytes, struct finding *finding)
{
    bool is_good = judge(taking, bytes, finding);
    if (!is_good && lacks_identifier(&finding->rejection)) {
        is_good = judge_with_anon(taking, finding);
    }
    bool is_own = taking->request->is_admin;
    bool is_bad_command = !is_good && finding->rejection.reason == WH_REJECT_BAD_COMMAND;
    if (!is_own && (is_bad_command || (is_good && is_command(&finding->touch)))) {
        return reject(finding, WH_REJECT_NOT_ALLOWED, WH_STR("type"),
                      WH_STR("expected a key of collect.admin_keys for identity.* and source crm"));
    }
    return is_good && complete(taking, finding);
}

static void
tell(struct wh_web_taking *taking, const struct finding *finding, bool is_taken)
{
    struct wh_buf buf;
    struct wh_json json;
    wh_buf_init(&buf, &taking->append->arena);
    wh_json_init(&json, &buf);
    wh_json_open_object(&json);
    if (is_taken) {
        wh_web_glimpse_touch(&json, &finding->touch, finding->anon);
    } else {
        wh_web_glimpse_rejection(&json, &finding->rejection);
    }
    wh_json_name(&json, "received_at");
    wh_json_time(&json, taking->now);
    wh_json_close_object(&json);
    struct wh_web_told_touch touch = {
        .id = is_taken ? wh_arena_str(&taking->append->arena, finding->touch.id) : WH_STR(""),
        .json = wh_buf_str(&buf),
        .became = is_taken ? "accepted" : "rejected",
    };
    wh_web_append_touch(taking->append, &touch);
}

static void
put_rejected(struct wh_web_taking *taking, struct wh_str bytes, const struct wh_rejection *why)
{
    struct wh_log_record record = {
        .topic = WH_TOPIC_REJECTED,
        .partition = WH_LOG_BY_KEY,
        .value = wh_arena_str(&taking->append->arena, bytes),
        .reason = wh_str_of(wh_reject_str(why->reason)),
    };
    wh_web_append_record(taking->append, &record);
    wh_json_open_object(&taking->rejected);
    wh_json_name(&taking->rejected, "index");
    wh_json_int(&taking->rejected, (int64_t)taking->index);
    wh_web_glimpse_rejection(&taking->rejected, why);
    wh_json_close_object(&taking->rejected);
}

static void
put_taken(struct wh_web_taking *taking, const struct finding *finding)
{
    struct wh_arena *arena = &taking->append->arena;
    struct wh_log_record record = {
        .topic = WH_TOPIC_TOUCHPOINTS,
        .partition = WH_LOG_BY_KEY,
        .key = wh_key_text(arena, finding->touch.keys[0]),
        .value = wh_arena_str(arena, finding->value),
    };
    wh_web_append_record(taking->append, &record);
    taking->accepted++;
}

void
wh_web_taking_record(struct wh_web_taking *taking, struct wh_str bytes, size_t left)
{
    struct wh_web *web = taking->request->web;
    struct finding finding = {0};
    wh_arena_reset(&web->scratch);
    bool is_taken = settle(taking, bytes, &finding);
    if (is_taken) {
        put_taken(taking, &finding);
    } else {
        put_rejected(taking, bytes, &finding.rejection);
    }
    if (left <= WH_WEB_RECENT_MAX || web->feed.touch_count > 0) {
        tell(taking, &finding, is_taken);
    }
    taking->index++;
}

void
wh_web_taking_refuse(struct wh_web_taking *taking, struct wh_str bytes)
{
    struct finding finding = {0};
    (void)reject(&finding, WH_REJECT_NOT_JSON, WH_STR(""),
                 WH_STR("expected gzip, as Content-Encoding says, found something that is none or "
                        "breaks off"));
    put_rejected(taking, bytes, &finding.rejection);
    tell(taking, &finding, false);
    taking->index++;
}

void
wh_web_taking_finish(struct wh_web_taking *taking)
{
    struct wh_web_append *append = taking->append;
    size_t rejected_count = taking->index - taking->accepted;
    struct wh_buf buf;
    wh_json_close_list(&taking->rejected);
    wh_buf_init(&buf, &append->arena);
    wh_buf_printf(&buf, "{\"accepted\":%zu", taking->accepted);
    if (rejected_count > 0) {
        wh_buf_push_text(&buf, ",\"rejected\":");
        wh_buf_push(&buf, wh_buf_str(&taking->buf));
    }
    wh_buf_push_text(&buf, "}\n");
    append->answer = wh_buf_str(&buf);
    append->status = rejected_count == 0    ? MHD_HTTP_OK
                     : taking->accepted > 0 ? MHD_HTTP_MULTI_STATUS
                                            : MHD_HTTP_BAD_REQUEST;
}

void
wh_web_taking_note(struct wh_web_append *append)
{
    for (size_t i = 0; i < append->touch_count; i++) {
        struct wh_web_told_touch *touch = &append->touches[i];
        touch->number = wh_web_recent_add(&append->web->recent, touch->id, touch->json, "waiting");
    }
}
