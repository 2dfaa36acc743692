/* What is printed when everything has been played. */
#ifndef WH_COMMANDS_SUMMARY_H
#define WH_COMMANDS_SUMMARY_H

#include "connectors/sqlite/reader.h"
#include "engine/base/table.h"
#include "engine/commands/models.h"
#include "engine/commands/rejects.h"
#include "engine/model/effect.h"
#include "engine/model/message.h"
#include "engine/rules/ruleset.h"

/* What was read, and what became of it. */
struct wh_played {
    uint64_t records;
    uint64_t outcomes[WH_OUTCOME_COUNT];
    uint64_t commands; /* about who is who */
    struct wh_decode_counts mended;
};

struct wh_summary {
    struct wh_arena *arena; /* borrowed */
    uint64_t events[WH_EVENT_KIND_COUNT];
    struct wh_table triggers;              /* name → firings */
    uint64_t silent;                       /* older than engine.announce.not_older_than */
    struct wh_str ripe_key, withdrawn_key; /* leads worth a look */
    int64_t first, last;                   /* µs: from when to when it was */
};

void wh_summary_init(struct wh_summary *summary, struct wh_arena *arena);

void wh_summary_add(struct wh_summary *summary, const struct wh_event *event);

struct wh_summary_context {
    const struct wh_played *played;
    const struct wh_rejects *rejects;
    const struct wh_ruleset *ruleset;
    const struct wh_sqlite *database; /* holds the leads */
    const struct wh_codec *codec;
    struct wh_models *models; /* of leads that the present one has not looked at yet */
    int64_t now;              /* where the clock stands; WH_TIME_MIN: nothing was played */
    struct wh_str model;      /* path */
    struct wh_str file;       /* that was played */
    struct wh_str data;       /* folder; empty: none */
    const char *program;      /* as it was started */
    bool has_colour;
};

/* Reads all leads from the database. */
void wh_summary_print(struct wh_buf *buf, const struct wh_summary *summary,
                      const struct wh_summary_context *context);

#endif
