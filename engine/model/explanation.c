#include "engine/model/explanation.h"

const char *
wh_match_str(enum wh_match match)
{
    switch (match) {
    case WH_MATCH:
        return "match";
    case WH_MISMATCH:
        return "mismatch";
    case WH_MATCH_UNKNOWN:
        return "unknown";
    }
    return "?";
}
