#include "engine/model/story.h"

const char *
wh_story_standing_str(enum wh_story_standing standing)
{
    switch (standing) {
    case WH_STORY_GREEN:
        return "green";
    case WH_STORY_EXCLUDED:
        return "excluded";
    case WH_STORY_GATE:
        return "gate";
    case WH_STORY_COOL_DOWN:
        return "cool_down";
    case WH_STORY_SPENT:
        return "spent";
    case WH_STORY_SILENT:
        return "silent";
    case WH_STORY_WAITING:
        return "waiting";
    case WH_STORY_RECORDED:
        return "recorded";
    case WH_STORY_ANNOUNCED:
        return "announced";
    }
    return "?";
}

const char *
wh_story_coming_str(enum wh_story_coming_kind kind)
{
    switch (kind) {
    case WH_STORY_EVENT:
        return "event";
    case WH_STORY_LABEL:
        return "label";
    case WH_STORY_GRADE:
        return "grade";
    case WH_STORY_SEGMENT:
        return "segment";
    case WH_STORY_POINTS:
        return "points";
    case WH_STORY_STALE:
        return "stale";
    }
    return "?";
}
