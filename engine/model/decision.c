#include "engine/model/decision.h"

const char *
wh_decision_state_str(enum wh_decision_state state)
{
    switch (state) {
    case WH_DECISION_STANDING:
        return "standing";
    case WH_DECISION_OVER:
        return "over";
    case WH_DECISION_WITHERED:
        return "withered";
    case WH_DECISION_WITHDRAWN:
        return "withdrawn";
    }
    return "?";
}
