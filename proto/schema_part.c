#include "proto/schema_part.h"

void
wh_schema_member(struct wh_json *json, const char *name, const char *text)
{
    wh_json_name(json, name);
    wh_json_str(json, wh_str_of(text));
}

void
wh_schema_type(struct wh_json *json, const char *words)
{
    wh_json_name(json, "type");
    const char *blank = strchr(words, ' ');
    if (blank == NULL) {
        wh_json_str(json, wh_str_of(words));
        return;
    }
    wh_json_open_list(json);
    for (; blank != NULL; blank = strchr(words, ' ')) {
        wh_json_str(json, (struct wh_str){words, (size_t)(blank - words)});
        words = blank + 1;
    }
    wh_json_str(json, wh_str_of(words));
    wh_json_close_list(json);
}
