#include "engine/model/identity_message.h"

int
wh_stamp_compare(struct wh_stamp a, struct wh_stamp b)
{
    if (a.at != b.at) {
        return a.at < b.at ? -1 : 1;
    }
    return wh_str_compare(a.id, b.id);
}

const char *
wh_lease_status_str(enum wh_lease_status status)
{
    switch (status) {
    case WH_LEASE_OPEN:
        return "open";
    case WH_LEASE_SPLIT:
        return "split";
    case WH_LEASE_SHARED:
        return "shared";
    }
    return "?";
}

const char *
wh_identity_message_kind_str(enum wh_identity_message_kind kind)
{
    switch (kind) {
    case WH_IDENTITY_ARRIVE:
        return "arrive";
    case WH_IDENTITY_LINK:
        return "link";
    case WH_IDENTITY_LEASE:
        return "lease";
    case WH_IDENTITY_UP:
        return "up";
    case WH_IDENTITY_RECALL:
        return "recall";
    case WH_IDENTITY_HOME:
        return "home";
    case WH_IDENTITY_REFUSE:
        return "refuse";
    case WH_IDENTITY_UNLINK:
        return "unlink";
    case WH_IDENTITY_DISSOLVE:
        return "dissolve";
    case WH_IDENTITY_PAIR:
        return "pair";
    case WH_IDENTITY_JOIN:
        return "join";
    case WH_IDENTITY_ERASE:
        return "erase";
    case WH_IDENTITY_ASK:
        return "ask";
    case WH_IDENTITY_ANSWER:
        return "answer";
    case WH_IDENTITY_TELL:
        return "tell";
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        break;
    }
    return "?";
}
