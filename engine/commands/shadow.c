#include "engine/commands/shadow.h"

#include "engine/base/buf.h"
#include "engine/commands/console.h"
#include "engine/language/compile.h"

static void
suffix(struct wh_config *config, enum wh_option option)
{
    struct wh_buf name;
    struct wh_setting *setting = &config->settings[option];
    struct wh_str *value = WH_ARENA_NEW(config->arena, struct wh_str);
    wh_buf_init(&name, config->arena);
    wh_buf_push(&name, wh_config_text(config, option));
    wh_buf_push_text(&name, WH_SHADOW_SUFFIX);
    *value = wh_buf_str(&name);
    setting->values = value;
}

void
wh_shadow_name(struct wh_config *config, const struct wh_ruleset *ruleset)
{
    /* Each has a default, and one value. Transactional ids begin with the group's name. */
    static const enum wh_option own[] = {
        WH_OPTION_KAFKA_GROUP,  WH_OPTION_KAFKA_LEADS,   WH_OPTION_KAFKA_REJECTED,
        WH_OPTION_KAFKA_STATES, WH_OPTION_KAFKA_HANDOFF, WH_OPTION_KAFKA_JOURNAL,
        WH_OPTION_KAFKA_MODELS, WH_OPTION_STORE_PREFIX,
    };
    for (size_t i = 0; ruleset->is_shadow && i < sizeof(own) / sizeof(own[0]); i++) {
        suffix(config, own[i]);
    }
}

bool
wh_shadow_name_configured(const struct wh_call *call, struct wh_config *config)
{
    struct wh_problems problems;
    struct wh_model *model = NULL;
    struct wh_str path = wh_config_text(config, WH_OPTION_MODEL);
    bool is_shadow = false;
    if (path.len == 0) {
        return false;
    }
    wh_problems_init(&problems, call->arena);
    if (wh_compile(path, NULL, &problems, &model) == WH_OK) {
        is_shadow = model->ruleset.is_shadow;
        wh_shadow_name(config, &model->ruleset);
    } else {
        wh_console_message("the model cannot be used (%s check %.*s says why): what is meant here "
                           "is what belongs to the live one",
                           call->program, WH_STR_ARG(path));
    }
    wh_model_destroy(&model);
    return is_shadow;
}

const char *
wh_shadow_clash(const struct wh_ruleset *ruleset, const struct wh_ruleset *before)
{
    if (ruleset->is_shadow == before->is_shadow) {
        return NULL;
    }
    return ruleset->is_shadow
               ? "the model says \"shadow: true\", but the one before is live: a shadow runs "
                 "beside it, as a process of its own, and keeps what it knows for itself"
               : "the model is live, but the one before is a shadow: without \"shadow: true\" "
                 "it needs a process of its own, and what it knows is kept elsewhere";
}
