/* The parts of `waterhole up`: one process on one data folder. up.c orders them. */
#ifndef WH_COMMANDS_UP_H
#define WH_COMMANDS_UP_H

#include "connectors/file/lines.h"
#include "connectors/sqlite/log.h"
#include "connectors/sqlite/store.h"
#include "connectors/web/web.h"
#include "engine/commands/command.h"
#include "engine/commands/event_text.h"
#include "engine/commands/models.h"
#include "engine/commands/say.h"
#include "engine/commands/summary.h"
#include "engine/host/config.h"
#include "engine/host/loop.h"

/* Everything that ends in order is over after this; what is not done then is done at the next
 * start. */
#define WH_UP_END_US (5 * WH_US_PER_SECOND)

/* up_feed.c: recorded touchpoints, through the log like all others. */
#define WH_FEED_RECORDS_MAX 256
#define WH_FEED_GROUP_US    WH_US_PER_SECOND
#define WH_FEED_BYTES_MAX   ((size_t)4 * 1024 * 1024)
/* Touches this near to each other go together under the log clock. What they tell other entities is
 * heard with that delay, so it is short. */
#define WH_FEED_SPAN WH_US_PER_SECOND

struct wh_feed {
    struct wh_lines *lines;
    bool is_open;      /* there is a file to play */
    bool has_ended;    /* all of it was read */
    bool is_under_way; /* records are being appended */
    enum wh_err err;   /* why it ended: WH_ERR_NOT_FOUND is the end of the file */
    struct wh_error error;
    int64_t now;           /* of the log clock; WH_TIME_MIN: nothing was read yet */
    struct wh_arena arena; /* of the records being appended */
    struct wh_log_record *records;
    size_t count, bytes;
    int64_t began; /* time of the first of them */
    bool has_next; /* read already, and too late for them */
    struct wh_log_record next;
    int64_t next_at;
    struct wh_arena ahead; /* of the next one */
    int64_t group_until;   /* machine's clock: then what was played is committed */
};

/* up_story.c: questions about leads, answered between two turns. */
#define WH_UP_STORIES_MAX 4096
struct wh_up_story {
    uint64_t ticket;
    struct wh_str key, at;
};
struct wh_up_stories {
    struct wh_arena arena; /* of what waits */
    struct wh_up_story items[WH_UP_STORIES_MAX];
    size_t count;
};

/* up_keep.c: what may go from the file. */
struct wh_up_keep {
    int64_t next_at; /* machine's clock: look again */
    bool is_full;    /* nothing more could be removed, and there is no room */
};

struct wh_up {
    const struct wh_call *call;
    struct wh_config config;
    struct wh_str model_path, file, data;
    bool is_json, is_once, is_live; /* live: nothing is being played, or not any more */
    struct wh_arena arena;          /* of the process */
    const struct wh_model *model;   /* the present one of `models` */
    struct wh_models models;
    struct wh_codec codec;
    struct wh_domain domain;
    struct wh_clock clock;
    struct wh_say say;
    struct wh_metrics metrics;
    uint8_t secret[WH_HASH_KEY_SIZE];
    /* up_engine.c */
    struct wh_sqlite database;
    struct wh_sqlite_log log;
    struct wh_sqlite_store store;
    struct wh_relay relay;
    struct wh_log log_port, inner_log;
    struct wh_store store_port, inner_store;
    struct wh_shard shard;
    bool has_database, has_engine;
    struct wh_loop *loop;
    struct wh_web *web;
    bool web_has_news; /* it was told something in this turn: it sends at its next run */
    struct wh_feed feed;
    struct wh_up_stories *stories;
    struct wh_up_keep keep;
    /* Ending */
    bool is_ending, is_stored;
    int64_t end_by;
    enum wh_exit code;
    /* What is printed */
    struct wh_event_style style;
    struct wh_rejects rejects;
    struct wh_summary summary;
    struct wh_played played;
    struct wh_arena line;  /* of what is being printed */
    struct wh_event *held; /* of the records being played, until all of them have acted */
    size_t held_count, held_capacity;
    struct wh_str *held_json;
    struct wh_arena held_arena;
    uint64_t live_touches, live_events;
};

/* up_engine.c. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_up_open_folder(struct wh_up *up);
void wh_up_start_engine(struct wh_up *up);
void wh_up_stop_engine(struct wh_up *up);
void wh_up_count(struct wh_up *up); /* gauges, before they are read */
/* From the next batches on; the model is given away. False: it could not be kept, it is destroyed,
 * and the old one stays. A message was logged. */
bool wh_up_use_model(struct wh_up *up, struct wh_model *model);

/* up_feed.c */
WH_MUST_CHECK enum wh_exit wh_feed_open(struct wh_up *up);
void wh_feed_close(struct wh_up *up);
/* What was played until now is in the file for good. False: it is lost. */
bool wh_feed_commit(struct wh_up *up);
/* Everything that was fed has acted: the next records, if there are any. */
void wh_feed_go_on(struct wh_up *up);

/* up_web.c */
WH_MUST_CHECK enum wh_exit wh_up_start_web(struct wh_up *up);
void wh_up_publish(struct wh_up *up, struct wh_str json);

/* up_story.c */
void wh_up_ask_story(struct wh_up *up, uint64_t ticket, struct wh_str key, struct wh_str at);
void wh_up_tell_stories(struct wh_up *up);

/* up_keep.c: removes what nobody needs, a little at a time. Returns whether there is more. */
bool wh_up_keep_short(struct wh_up *up);

/* up_print.c */
void wh_up_print_heading(struct wh_up *up);
void wh_up_take_committed(void *self, const struct wh_log_transaction *transaction);
/* Events of what was played, in the order of their moments. */
void wh_up_print_held(struct wh_up *up);
void wh_up_print_summary(struct wh_up *up);
void wh_up_print_address(struct wh_up *up);
void wh_up_print_end(struct wh_up *up);

#endif
