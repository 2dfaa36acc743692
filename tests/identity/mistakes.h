/* The mistakes of identity.md 12, each of which a world must find. They are planted in what is
 * between the entities, messages lost, changed or out of order, or in their stores, never in the
 * engine. */
#ifndef WH_TESTS_IDENTITY_MISTAKES_H
#define WH_TESTS_IDENTITY_MISTAKES_H

#include "engine/score/identity.h"

struct net;
struct flight;

enum mistake {
    MISTAKE_NONE,
    MISTAKE_NO_FIFO,
    MISTAKE_STRAIGHT_OVER,
    MISTAKE_NO_RECALL,
    MISTAKE_NO_RETELL,
    MISTAKE_FIRST_ONLY,
    MISTAKE_TIE_BY_ARRIVAL,
    MISTAKE_JOIN_ONE_SIDED,
    MISTAKE_LAST_COMMAND_WINS,
    MISTAKE_CROWD_IS_SILENT,
    MISTAKE_KIOSK_KEEPS,
    MISTAKE_ERASE_FORGETS,
    MISTAKE_DECISIONS_STAY,
    MISTAKE_DECISIONS_LATE,
    MISTAKE_COUNT
};

/* Before and after a message is handled. */
struct planted { /* what was changed for the time of one step */
    bool lease_changed, erased_changed;
    struct wh_stretches lease, erased;
};
/* False: the message is not handled at all. */
bool mistake_before(struct net *net, struct flight *flight, struct planted *planted);
void mistake_after(struct net *net, const struct flight *flight, struct planted *planted,
                   struct wh_identity_effects *effects);
/* False: this message is not sent. */
bool mistake_send(struct net *net, const struct flight *cause, int from,
                  const struct wh_identity_sent *sent);
const char *mistake_str(enum mistake mistake);
const char *mistake_story(enum mistake mistake);

#endif
