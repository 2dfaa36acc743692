/* A model as it was read, as bytes (model_bundle.proto): for the data folder. */
#ifndef WH_PROTO_MODEL_BUNDLE_H
#define WH_PROTO_MODEL_BUNDLE_H

#include "engine/base/buf.h"
#include "engine/base/err.h"

struct wh_model_file {
    struct wh_str name; /* as it is named in messages */
    struct wh_str bytes;
};

struct wh_model_bundle {
    struct wh_str path; /* as the model was named */
    struct wh_str hash; /* hex */
    const struct wh_model_file *sources, *data;
    size_t source_count, data_count;
};

void wh_model_bundle_encode(struct wh_buf *buf, const struct wh_model_bundle *bundle);

/* Everything decoded lives in the arena. WH_ERR_INPUT when bytes are none. */
WH_MUST_CHECK enum wh_err wh_model_bundle_decode(struct wh_str bytes, struct wh_arena *arena,
                                                 struct wh_model_bundle *ret_bundle,
                                                 struct wh_error *error);

#endif
