#include "engine/port/codec.h"

const char *
wh_reject_str(enum wh_reject reject)
{
    static const char *const words[WH_REJECT_COUNT] = {
        [WH_REJECT_NOT_JSON] = "not_json",
        [WH_REJECT_NOT_UTF8] = "not_utf8",
        [WH_REJECT_TOO_LARGE] = "too_large",
        [WH_REJECT_TOO_DEEP] = "too_deep",
        [WH_REJECT_TOO_MANY] = "too_many",
        [WH_REJECT_BAD_TYPE] = "bad_type",
        [WH_REJECT_MISSING] = "missing",
        [WH_REJECT_BAD_TIME] = "bad_time",
        [WH_REJECT_FROM_FUTURE] = "from_future",
        [WH_REJECT_TOO_LATE] = "too_late",
        [WH_REJECT_NO_IDENTIFIER] = "no_identifier",
        [WH_REJECT_DUPLICATE_KEY] = "duplicate_key",
        [WH_REJECT_BAD_NUMBER] = "bad_number",
        [WH_REJECT_NOT_PROTOBUF] = "not_protobuf",
        [WH_REJECT_BAD_COMMAND] = "bad_command",
        [WH_REJECT_NOT_ALLOWED] = "not_allowed",
    };
    return words[reject];
}
