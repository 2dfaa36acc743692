/* The JSON Schema of model files, for editors that complete and check YAML. */
#ifndef WH_COMMANDS_MODEL_SCHEMA_H
#define WH_COMMANDS_MODEL_SCHEMA_H

#include "engine/base/buf.h"

/* Draft 2020-12, indented, with a line break at the end. What expressions say is up to `check`. */
void wh_model_schema(struct wh_buf *buf);

#endif
