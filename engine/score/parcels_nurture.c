/* Ways along nurture tracks as parcels: a lead goes on where it was, and what began a way once
 * begins no other one, whoever holds the touches now. */
#include "engine/base/time.h"
#include "engine/score/parcels_parts.h"

/* "" stands behind the last one. */
static struct wh_str
step_name(const struct wh_track *track, int32_t step)
{
    return (size_t)step < track->step_count ? track->steps[step].name : WH_STR("");
}

void
wh_parcels_take_nurtures(struct wh_parcel_store *store, uint32_t trail, struct wh_stretches minutes,
                         struct wh_bundle *bundle)
{
    struct wh_announced *announced = &store->state->announced;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < announced->nurture_count; i++) {
        struct wh_nurture nurture = announced->nurtures[i];
        if (nurture.trail == trail && wh_stretches_cover(minutes, nurture.minute)) {
            const struct wh_track *track = &store->ruleset->tracks[nurture.track];
            struct wh_bundle_nurture packed = {track->id, step_name(track, nurture.step), nurture};
            wh_bundle_add_nurture(bundle, &packed);
            store->hands = true;
        } else {
            announced->nurtures[kept++] = nurture;
        }
    }
    announced->nurture_count = kept;
}

static const struct wh_track *
find_track(const struct wh_ruleset *ruleset, struct wh_str id)
{
    for (size_t i = 0; i < ruleset->track_count; i++) {
        if (wh_str_equal(ruleset->tracks[i].id, id)) {
            return &ruleset->tracks[i];
        }
    }
    return NULL;
}

/* -1: the track has no such step. */
static int32_t
find_step(const struct wh_track *track, struct wh_str name)
{
    for (size_t i = 0; i < track->step_count; i++) {
        if (wh_str_equal(track->steps[i].name, name)) {
            return (int32_t)i;
        }
    }
    return name.len == 0 ? (int32_t)track->step_count : -1;
}

/* Under a model whose track has no such step any more the way is over. */
static void
put_nurture(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle_nurture *given)
{
    const struct wh_track *track = find_track(store->ruleset, given->track);
    if (track == NULL) {
        store->unknown_names++;
        return;
    }
    struct wh_nurture *nurture = wh_announced_add_nurture(&store->state->announced);
    int32_t step = given->nurture.over ? -1 : find_step(track, given->step);
    *nurture = given->nurture;
    nurture->track = (int32_t)(track - store->ruleset->tracks);
    nurture->trail = trail;
    nurture->over = step < 0;
    nurture->step = step < 0 ? 0 : step;
    nurture->due = step < 0 ? WH_TIME_NEVER : nurture->due;
    store->hands = true;
}

void
wh_parcels_put_nurtures(struct wh_parcel_store *store, uint32_t trail, struct wh_stretches minutes,
                        const struct wh_bundle *given, struct wh_bundle *rest)
{
    for (uint32_t i = 0; i < given->nurture_count; i++) {
        const struct wh_bundle_nurture *nurture = &given->nurtures[i];
        if (wh_stretches_cover(minutes, nurture->nurture.minute)) {
            put_nurture(store, trail, nurture);
        } else {
            wh_bundle_add_nurture(rest, nurture);
        }
    }
}
