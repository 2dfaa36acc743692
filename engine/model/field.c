#include "engine/model/field.h"

const struct wh_field_info wh_field_infos[WH_FIELD_COUNT] = {
#define FIELD(name, language, json, type, tag, limit, what) \
    [WH_FIELD_##name] = {language, json, WH_TYPE_##type, tag, limit, what},
#include "engine/model/fields.def"
#undef FIELD
};

enum wh_field
wh_field_find(struct wh_str language)
{
    for (int field = 0; field < WH_FIELD_COUNT; field++) {
        if (wh_str_is(language, wh_field_infos[field].language)) {
            return (enum wh_field)field;
        }
    }
    return WH_FIELD_COUNT;
}
