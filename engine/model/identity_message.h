/* What entities tell each other about who is who (score/identity.md 6). A message borrows its
 * memory from the sender's state and from the arena of its step. */
#ifndef WH_MODEL_IDENTITY_MESSAGE_H
#define WH_MODEL_IDENTITY_MESSAGE_H

#include "engine/model/identity_tell.h"
#include "engine/model/parcel.h"

/* When a command was given: the latest wins, of one time the id that is last by bytes. */
struct wh_stamp {
    int64_t at; /* µs; WH_TIME_MIN: never */
    struct wh_str id;
};
int wh_stamp_compare(struct wh_stamp a, struct wh_stamp b);

enum wh_lease_status {
    WH_LEASE_OPEN,
    WH_LEASE_SPLIT,  /* a command keeps the two apart: tell nothing */
    WH_LEASE_SHARED, /* the weaker one is used by many: tell nothing */
};
const char *wh_lease_status_str(enum wh_lease_status status);

/* An id under which something was published. */
struct wh_identity_name {
    struct wh_key key;
    int64_t since; /* µs, the batch's now */
};

struct wh_identity_names {
    const struct wh_identity_name *items; /* oldest first; a value that is never changed */
    uint32_t count;
};

enum wh_identity_message_kind {
    WH_IDENTITY_ARRIVE,   /* any → home: a touch; also the first time, from the outside */
    WH_IDENTITY_LINK,     /* strong → weak: seen with me at these minutes */
    WH_IDENTITY_LEASE,    /* weak → strong: these minutes of mine are yours */
    WH_IDENTITY_UP,       /* pointer → target: parcels under that lease */
    WH_IDENTITY_RECALL,   /* strong → its targets: parcels that came by `via` go home */
    WH_IDENTITY_HOME,     /* holder → home: parcels to be routed anew */
    WH_IDENTITY_REFUSE,   /* crowd → its kids: links to me are void */
    WH_IDENTITY_UNLINK,   /* strong → weak: what I said of these minutes is erased */
    WH_IDENTITY_DISSOLVE, /* survivor → loser: you are `into` from now on; from outside: alone */
    WH_IDENTITY_PAIR,     /* outside → weak: split or allow */
    WH_IDENTITY_JOIN,     /* outside → survivor */
    WH_IDENTITY_ERASE,    /* outside → anyone; a lead that is erased → whatever belongs to it */
    WH_IDENTITY_ASK,      /* a lead that is erased → kids, theirs, …: who has these minutes? */
    WH_IDENTITY_ANSWER,   /* back */
    WH_IDENTITY_TELL, /* lead → its company: what it did there, and what it is (rules.md 21) */
    WH_IDENTITY_MESSAGE_KIND_COUNT
};
const char *wh_identity_message_kind_str(enum wh_identity_message_kind kind);

struct wh_identity_link {
    const int64_t *minutes;
    uint32_t count;
    bool is_void; /* seen with a crowd: no link, only a companion */
    bool fresh;   /* the sender knew nothing of the receiver and wants a lease */
};

enum wh_lease_answer {
    WH_ANSWER_NONE,
    WH_ANSWER_REST, /* to UNLINK, each of which has its answer: other links of yours remain … */
    WH_ANSWER_GONE, /* … none does */
};

struct wh_identity_lease {
    struct wh_stretches held;
    enum wh_lease_status status;
    enum wh_lease_answer answer;
    int64_t floor; /* before it nothing is taken back */
    struct wh_identity_names names;
};

struct wh_identity_transfer { /* UP, HOME */
    struct wh_load *loads;
    uint32_t count;
};

struct wh_identity_recall {
    const struct wh_key *via;
    uint32_t via_count;
    struct wh_stretches minutes;
    bool whole; /* the trail equals `via`; else it ends in it */
    bool drop;  /* erased: on the spot */
};

struct wh_identity_unlink {
    struct wh_stretches minutes;
    bool rest; /* other identifications of the two remain */
};

struct wh_identity_dissolve {
    struct wh_stamp stamp;
    bool alone; /* `into` is empty */
    struct wh_key into;
};

struct wh_identity_pair {
    struct wh_key strong;
    struct wh_stamp stamp;
    bool split; /* else allow */
};

struct wh_identity_join {
    struct wh_stamp stamp;
    struct wh_key lead; /* the loser */
};

struct wh_identity_erase {
    struct wh_stretches minutes;
    bool lead; /* with everything that belongs to it, else only what has its home here */
};

struct wh_identity_ask {
    struct wh_stretches minutes; /* of the receiver */
};

/* Whom an erasure is about, and which of their minutes. */
struct wh_identity_member {
    struct wh_key key;
    struct wh_stretches minutes;
};

struct wh_identity_members { /* ANSWER: kids that hold minutes which were asked for */
    const struct wh_identity_member *items;
    uint32_t count;
};

struct wh_identity_message {
    enum wh_identity_message_kind kind;
    struct wh_key from; /* the sender; unset from outside */
    union {
        struct wh_arrival arrive;
        struct wh_identity_link link;
        struct wh_identity_lease lease;
        struct wh_identity_transfer transfer;
        struct wh_identity_recall recall;
        struct wh_identity_unlink unlink;
        struct wh_identity_dissolve dissolve;
        struct wh_identity_pair pair;
        struct wh_identity_join join;
        struct wh_identity_erase erase;
        struct wh_identity_ask ask;
        struct wh_identity_members answer;
        struct wh_identity_tell tell;
    } as;
};

#endif
