/* What an entity keeps to know whose a touch is (score/identity.md 6). Plain data in one arena:
 * copied as a whole, written down field by field. What is derived (bounds) says so. */
#ifndef WH_MODEL_IDENTITY_H
#define WH_MODEL_IDENTITY_H

#include "engine/model/identity_message.h"
#include "engine/model/minutes.h"
#include "engine/model/parcel.h"

/* Bounds of identity.md 9. A parameter, because tests make them bite. */
struct wh_identity_limits {
    uint32_t people;  /* an identifier seen with more of one kind is shared */
    uint32_t crowd;   /* one seen with more weaker ones of a kind above anon is nobody … */
    uint32_t devices; /* … or with more devices on one UTC day */
    uint32_t kids;
    uint32_t kept;  /* minutes of a kid that were told to nobody */
    uint32_t days;  /* on which a kid was seen */
    uint32_t links; /* told to one identifier */
    uint32_t pairs;
    uint32_t erased; /* intervals */
    uint32_t names;
    uint32_t trail;  /* hops */
    uint32_t trails; /* of one entity */
};
extern const struct wh_identity_limits wh_identity_limits_default;

enum wh_pair_word { WH_PAIR_NONE, WH_PAIR_SPLIT, WH_PAIR_ALLOW };

/* Identifiers that one erasure of a lead can reach: far above kids of kids of a person. */
#define WH_ERASE_MEMBERS_MAX 4096

/* As weaker: an identifier that this one was told to point to, or has a word about. */
struct wh_identity_target {
    struct wh_key key;
    bool seen;              /* counts among the companions */
    bool refused;           /* it is a crowd: links to it are void */
    enum wh_pair_word word; /* the latest of split and allow */
    struct wh_stamp word_stamp;
    struct wh_minutes told;
    /* What its last lease said. */
    struct wh_stretches granted;
    enum wh_lease_status granted_status;
    struct wh_identity_names granted_names;
    enum wh_lease_answer answer; /* that the lease of this step has to give */
};

/* As stronger: an identifier that may point here. */
struct wh_identity_kid {
    struct wh_key key;
    struct wh_stretches lease; /* its minutes that are ours */
    enum wh_lease_status status;
    struct wh_minutes kept; /* identifications that changed nothing and were told to nobody */
    struct wh_minutes days; /* on which a device was seen */
    int64_t last_seen;      /* minute */
    struct wh_identity_names names; /* what was published under it and now lives here */
    uint32_t unlinks;               /* sent and not answered yet */
    bool forgotten; /* erased, and not seen since: goes when the last of them is answered */
};

struct wh_identity_bound {
    int64_t from; /* minute; the first is FIRST */
    uint32_t target;
};

/* A trail that parcels of this entity lie under. */
struct wh_identity_trail {
    struct wh_key *hops;
    uint32_t count;
    bool sealed;
    bool used; /* false: free for another; found out when there is no free one */
};

struct wh_identity {
    struct wh_arena *arena; /* borrowed; everything below lives in it */
    struct wh_key key;
    int64_t life; /* `now` at which it began, or began again after an erasure, µs; rises */

    struct wh_identity_target *targets; /* in order of first mention */
    uint32_t target_count, target_capacity;
    struct wh_stamp join_stamp; /* of the latest word of join or alone about this crm record … */
    struct wh_key into;         /* … which was: into, if `joined` */
    int64_t floor;              /* before this minute links were forgotten: what lies there stays */
    struct wh_identity_bound *bounds; /* derived: who holds which minutes; none: a lead */
    uint32_t bound_count, bound_capacity;

    struct wh_identity_kid *kids; /* in order of first mention */
    uint32_t kid_count, kid_capacity;
    struct wh_identity_trail *trails; /* by number; 0: no hops, not sealed */
    uint32_t trail_count, trail_capacity;
    struct wh_stretches erased;
    struct wh_identity_member *erasing; /* what is found to belong to a lead that is erased */
    uint32_t erasing_count, erasing_capacity;
    uint32_t asked; /* ANSWERs that are still to come */

    uint32_t turn;           /* counts what was told; never falls, also after an erasure */
    struct wh_key told_into; /* the outside knows this id as an alias of that one, if `told` */
    int64_t published_at;    /* µs: when a decision first left under this id, if `published` */
    int64_t
        hands_changed_at; /* µs: when a parcel or a link last came or went; WH_TIME_MIN: never */

    bool joined;
    bool overflow; /* more companions of one kind were seen than are remembered: shared for ever */
    bool crowd;    /* for ever */
    bool published;
    bool told;
};

/* An identifier of which nothing is known. The key is copied; the arena is kept. */
void wh_identity_begin(struct wh_identity *identity, struct wh_arena *arena, struct wh_key key,
                       int64_t now);

/* A deep copy into another arena, without the garbage of the old one. */
void wh_identity_copy(struct wh_identity *to, struct wh_arena *arena,
                      const struct wh_identity *from);

/* NULL when there is none; `get` makes one. Valid until the next is made or removed. */
struct wh_identity_target *wh_identity_find_target(const struct wh_identity *identity,
                                                   struct wh_key key);
struct wh_identity_target *wh_identity_get_target(struct wh_identity *identity, struct wh_key key);
struct wh_identity_kid *wh_identity_find_kid(const struct wh_identity *identity, struct wh_key key);
struct wh_identity_kid *wh_identity_add_kid(struct wh_identity *identity, struct wh_key key);
void wh_identity_remove_kid(struct wh_identity *identity, struct wh_identity_kid *kid);

/* Removes targets about which nothing is known any more. */
void wh_identity_sweep_targets(struct wh_identity *identity);

#endif
