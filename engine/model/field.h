/* Fields of a touch, by number. */
#ifndef WH_MODEL_FIELD_H
#define WH_MODEL_FIELD_H

#include "engine/base/str.h"
#include "engine/model/value.h"

enum wh_field {
#define FIELD(name, language, json, type, tag, limit, what) WH_FIELD_##name,
#include "engine/model/fields.def"
#undef FIELD
    WH_FIELD_COUNT
};

struct wh_field_info {
    const char *language; /* behind "touch." */
    const char *json;     /* path, parts joined with '.' */
    enum wh_type type;
    int tag;      /* protobuf field number */
    size_t limit; /* bytes of a string */
    const char *what;
};

/* One entry for each field, in order. */
extern const struct wh_field_info wh_field_infos[WH_FIELD_COUNT];

/* The field with that name in the language, else WH_FIELD_COUNT. */
enum wh_field wh_field_find(struct wh_str language);

#endif
