/* Plays recorded touchpoints through a model under the log clock (contract.md 6): decode, judge
 * the times, enrich, step. Records come one by one from whoever reads them. */
#ifndef WH_LAB_PLAY_H
#define WH_LAB_PLAY_H

#include "engine/lab/world.h"
#include "engine/runtime/intake.h"

struct wh_play_counts {
    uint64_t records;
    uint64_t outcomes[WH_OUTCOME_COUNT];
    uint64_t commands; /* about who is who */
    uint64_t rejected[WH_REJECT_COUNT];
};

/* Told each touch that reached a lead; borrowed for the call. */
typedef void (*wh_on_touch_fn)(void *self, const struct wh_touch *touch, enum wh_outcome outcome);

struct wh_play {
    struct wh_world world; /* its on_event is the caller's */
    struct wh_intake intake;
    int64_t machine_now; /* the machine's clock at the start */
    struct wh_play_counts counts;
    wh_on_touch_fn on_touch; /* NULL: nobody asks */
    void *self;
    struct wh_arena arena; /* of one record */
};

void wh_play_init(struct wh_play *play, const struct wh_ruleset *ruleset,
                  const uint8_t secret[WH_HASH_KEY_SIZE], const struct wh_codec *codec,
                  const struct wh_domain *domain);
void wh_play_fini(struct wh_play *play);

/* One record: its bytes, unchanged. too_large: its line was longer than may be kept. */
void wh_play_record(struct wh_play *play, struct wh_str bytes, bool too_large);

#endif
