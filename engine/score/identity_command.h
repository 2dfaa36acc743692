/* From a command about who is who (a touch of type identity.*) to the message that does it. */
#ifndef WH_SCORE_IDENTITY_COMMAND_H
#define WH_SCORE_IDENTITY_COMMAND_H

#include "engine/model/identity_message.h"

enum wh_identity_word {
    WH_WORD_SPLIT,
    WH_WORD_ALLOW,
    WH_WORD_JOIN,
    WH_WORD_ALONE,
    WH_WORD_ERASE,      /* the touches that have their home there */
    WH_WORD_ERASE_LEAD, /* the same, and whatever else belongs to it: its kids, theirs, … */
};

struct wh_identity_command {
    enum wh_identity_word word;
    struct wh_stamp stamp;
    struct wh_key subject; /* weak; lead; who */
    struct wh_key object;  /* split, allow: strong; join: into; else unset */
    int64_t from;          /* erase: minute; FIRST: since ever */
    int64_t until;         /* erase: minute, included */
};

enum wh_command_verdict {
    WH_COMMAND_GOOD,
    WH_COMMAND_NO_PERSON, /* a company or a route */
    WH_COMMAND_NOT_CRM, /* join and alone are for records of a CRM: any touch that names both with a
                             stronger identifier joins others */
    WH_COMMAND_SAME,    /* an identifier and itself */
    WH_COMMAND_ORDER,   /* the first is not weaker than the second */
    WH_COMMAND_EMPTY,   /* the time of the erasure ends before it begins */
};
const char *wh_command_verdict_str(enum wh_command_verdict verdict);

/* On GOOD, fills whom the message is for and the message, which borrows from the command and from
 * the arena. */
enum wh_command_verdict wh_identity_command(const struct wh_identity_command *command,
                                            struct wh_arena *arena, struct wh_key *ret_to,
                                            struct wh_identity_message *ret_message);

#endif
