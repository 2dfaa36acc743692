#include "engine/port/store.h"

const char *
wh_store_call_str(enum wh_store_call call)
{
    switch (call) {
    case WH_STORE_META:
        return "meta";
    case WH_STORE_CLAIM:
        return "claim";
    case WH_STORE_READ:
        return "read";
    case WH_STORE_WRITE:
        return "write";
    case WH_STORE_DUES:
        return "dues";
    case WH_STORE_SCAN:
        return "scan";
    case WH_STORE_CLEAR:
        return "clear";
    }
    return "";
}
