#include "engine/commands/web_parts.h"

#include <stdio.h>

#include "engine/commands/machine.h"
#include "engine/runtime/intake.h"
#include "proto/limits.h"

int64_t
wh_web_now(void *self)
{
    (void)self;
    return wh_machine_now();
}

struct wh_hash_id
wh_web_random_id(void *self)
{
    (void)self;
    return wh_machine_random();
}

/* Touches that tell an outcome are the CRM's, also when they do not say so: who may send them is
 * decided by their source. */
static void
fill_source(const struct wh_ruleset *ruleset, struct wh_touch *touch)
{
    struct wh_value *source = &touch->fields[WH_FIELD_SOURCE];
    struct wh_str type = touch->fields[WH_FIELD_TYPE].text;
    for (size_t i = 0; i < ruleset->type_count && source->text.len == 0; i++) {
        if (wh_str_equal(ruleset->types[i].name, type)) {
            *source = wh_value_string(ruleset->types[i].source);
        }
    }
}

bool
wh_web_judge(const struct wh_web_judge *judge, struct wh_arena *arena,
             const struct wh_web_record *record, struct wh_touch *ret_touch,
             struct wh_rejection *ret_rejection)
{
    const struct wh_ruleset *ruleset = judge->ruleset;
    struct wh_intake intake = {judge->codec, judge->domain, ruleset, {0}};
    struct wh_decode_context context = {
        .form = record->form,
        .default_id = record->default_id,
        .placeholders = ruleset->placeholders,
        .placeholder_count = ruleset->placeholder_count,
    };
    if (record->bytes.len > WH_RECORD_SIZE_MAX) {
        *ret_rejection = (struct wh_rejection){.reason = WH_REJECT_TOO_LARGE,
                                               .detail = WH_STR("a record has at most 64 KiB")};
        return false;
    }
    if (!judge->codec->decode_touch(judge->codec->self, arena, record->bytes, &context, ret_touch,
                                    &intake.mended, ret_rejection)) {
        return false;
    }
    fill_source(ruleset, ret_touch);
    bool is_in_time = !judge->knows_lateness || wh_intake_is_in_time(&intake, ret_touch, judge->now,
                                                                     judge->machine, ret_rejection);
    return is_in_time && wh_intake_can_be_followed(ret_touch, arena, ret_rejection);
}

void
wh_web_count(struct wh_metrics *metrics, const char *path, unsigned status)
{
    char text[16];
    (void)snprintf(text, sizeof(text), "%u", status);
    wh_metrics_add(metrics, WH_METRIC_HTTP, wh_metrics_label(WH_LABEL_PATH, wh_str_of(path)),
                   wh_metrics_label(WH_LABEL_STATUS, wh_str_of(text)), 1);
}

static struct wh_web_texts
texts(const struct wh_config *config, enum wh_option option)
{
    const struct wh_setting *setting = &config->settings[option];
    bool is_empty = setting->count == 1 && setting->values[0].len == 0;
    return (struct wh_web_texts){setting->values, is_empty ? 0 : setting->count};
}

static const char *
path_of(const struct wh_config *config, struct wh_arena *arena, enum wh_option option)
{
    struct wh_str text = wh_config_text(config, option);
    return text.len == 0 ? NULL : wh_arena_str(arena, text).ptr;
}

struct wh_web_options
wh_web_options_of(const struct wh_config *config, struct wh_arena *arena, enum wh_option listen)
{
    return (struct wh_web_options){
        .listen = wh_config_text(config, listen),
        .tls_certificate = path_of(config, arena, WH_OPTION_TLS_CERTIFICATE),
        .tls_key = path_of(config, arena, WH_OPTION_TLS_KEY),
        .body_max = (size_t)wh_config_number(config, WH_OPTION_COLLECT_BODY),
        .queue_max = (size_t)wh_config_number(config, WH_OPTION_COLLECT_QUEUE),
        .patience = wh_config_number(config, WH_OPTION_COLLECT_PATIENCE),
        .write_keys = texts(config, WH_OPTION_COLLECT_WRITE_KEYS),
        .read_keys = texts(config, WH_OPTION_COLLECT_READ_KEYS),
        .admin_keys = texts(config, WH_OPTION_COLLECT_ADMIN_KEYS),
        .trusted_proxies = texts(config, WH_OPTION_COLLECT_PROXIES),
        .origins = texts(config, WH_OPTION_COLLECT_ORIGINS),
    };
}
