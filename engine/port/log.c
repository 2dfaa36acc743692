#include "engine/port/log.h"

const char *
wh_log_outcome_str(enum wh_log_outcome outcome)
{
    switch (outcome) {
    case WH_LOG_COMMITTED:
        return "committed";
    case WH_LOG_ABORTED:
        return "aborted";
    case WH_LOG_REFUSED:
        return "refused";
    case WH_LOG_NO_ROOM:
        return "no room";
    case WH_LOG_UNKNOWN:
        return "unknown";
    case WH_LOG_FENCED:
        return "fenced";
    }
    return "";
}
