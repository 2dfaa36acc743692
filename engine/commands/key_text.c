#include "engine/commands/key_text.h"

#include "engine/commands/console.h"

bool
wh_key_text_read(struct wh_arena *arena, struct wh_str text, struct wh_key *ret_key)
{
    struct wh_key key;
    if (!wh_key_parse(text, &key)) {
        if (memchr(text.ptr, '@', text.len) == NULL) {
            return false;
        }
        key = (struct wh_key){WH_KEY_EMAIL, text};
    }
    *ret_key = key;
    return wh_key_normalise(arena, key.kind, key.value, &ret_key->value);
}

enum wh_exit
wh_key_text_need(const struct wh_call *call, struct wh_str text, struct wh_key *ret_key)
{
    if (wh_key_text_read(call->arena, text, ret_key)) {
        return WH_EXIT_DONE;
    }
    return wh_console_fail(WH_EXIT_USAGE,
                           "\"%.*s\" is nobody's key: it is kind:value, such as "
                           "email:ann@stadtwerke.example, user:42, anon:c-81, crm:0035",
                           WH_STR_ARG(text));
}
