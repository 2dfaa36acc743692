#include "engine/score/alike.h"

/* The latest row of each key so far, by open addressing: at most half of the places are used. */
struct latest {
    uint32_t *rows; /* row + 1; 0: free */
    uint32_t mask;
};

/* The place of the key, or a free one for it. */
static uint32_t
place_of(const struct latest *latest, const uint64_t *keys, uint64_t key)
{
    uint32_t place = (uint32_t)(key ^ key >> 32) & latest->mask;
    while (latest->rows[place] != 0 && keys[latest->rows[place] - 1] != key) {
        place = (place + 1) & latest->mask;
    }
    return place;
}

void
wh_alike_link(struct wh_alike *alike, const uint64_t *keys, uint32_t count,
              struct wh_arena *scratch)
{
    uint32_t size = 4;
    while (size < 2 * count) {
        size *= 2;
    }
    struct latest latest = {WH_ARENA_ARRAY(scratch, uint32_t, size), size - 1};
    alike->before = WH_ARENA_ARRAY(scratch, uint32_t, count);
    alike->after = WH_ARENA_ARRAY(scratch, uint32_t, count);
    for (uint32_t row = 0; row < count; row++) {
        alike->before[row] = WH_ALIKE_NONE;
        alike->after[row] = WH_ALIKE_NONE;
        if (keys[row] == 0) {
            continue;
        }
        uint32_t place = place_of(&latest, keys, keys[row]);
        if (latest.rows[place] != 0) {
            alike->before[row] = latest.rows[place] - 1;
            alike->after[latest.rows[place] - 1] = row;
        }
        latest.rows[place] = row + 1;
    }
}
