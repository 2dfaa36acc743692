#include "engine/model/journal.h"

#include <string.h>

const char *
wh_topic_str(enum wh_topic topic)
{
    static const char *const words[WH_TOPIC_COUNT] = {
        [WH_TOPIC_TOUCHPOINTS] = "touchpoints", [WH_TOPIC_HANDOFF] = "handoff",
        [WH_TOPIC_JOURNAL] = "journal",         [WH_TOPIC_LEADS] = "leads",
        [WH_TOPIC_REJECTED] = "rejected",       [WH_TOPIC_STATES] = "states",
    };
    return words[topic];
}

const char *
wh_journal_kind_str(enum wh_journal_kind kind)
{
    switch (kind) {
    case WH_JOURNAL_TAKEOVER:
        return "takeover";
    case WH_JOURNAL_BATCH:
        return "batch";
    case WH_JOURNAL_RELEASE:
        return "release";
    }
    return "";
}

int
wh_due_compare(struct wh_due a, struct wh_due b)
{
    if (a.due != b.due) {
        return a.due < b.due ? -1 : 1;
    }
    return memcmp(a.key.bytes, b.key.bytes, sizeof(a.key.bytes));
}

struct wh_due
wh_due_after_all(int64_t at)
{
    struct wh_due due = {.due = at};
    memset(due.key.bytes, 0xff, sizeof(due.key.bytes));
    return due;
}
