#include "engine/runtime/milestones.h"

#include <string.h>

const struct wh_milestone *
wh_milestones_find(const struct wh_milestones *milestones, uint64_t seq)
{
    const struct wh_milestone *found = NULL;
    for (size_t i = 0; i < milestones->count && milestones->items[i].seq <= seq; i++) {
        found = &milestones->items[i];
    }
    return found;
}

static void
drop_unneeded(struct wh_milestones *milestones, uint64_t needed)
{
    const struct wh_milestone *first = wh_milestones_find(milestones, needed);
    size_t count = first == NULL ? 0 : (size_t)(first - milestones->items);
    milestones->count -= count;
    memmove(&milestones->items[0], &milestones->items[count],
            milestones->count * sizeof(struct wh_milestone));
}

/* Every other one of the older half: a place too early costs a little retention, nothing else. */
static void
thin_out(struct wh_milestones *milestones)
{
    size_t kept = 0;
    for (size_t i = 0; i < milestones->count; i++) {
        if (i % 2 == 0 || i > milestones->count / 2) {
            milestones->items[kept++] = milestones->items[i];
        }
    }
    milestones->count = kept;
}

void
wh_milestones_add(struct wh_milestones *milestones, struct wh_milestone place, uint64_t needed)
{
    if (milestones->count == WH_MILESTONES_MAX) {
        drop_unneeded(milestones, needed);
    }
    if (milestones->count == WH_MILESTONES_MAX) {
        thin_out(milestones);
    }
    milestones->items[milestones->count++] = place;
}
