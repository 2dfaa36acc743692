/* Folds of trails: what of base can leave it again. */
#include "engine/score/parcels_parts.h"

void
wh_parcels_fold_stale(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle *bundle,
                      const bool *marked)
{
    (void)trail;
    for (uint32_t i = 0; i < bundle->row_count; i++) {
        store->state->late_refused += marked[i];
    }
}

void
wh_parcels_take_folds(struct wh_parcel_store *store, uint32_t trail, struct wh_stretches minutes,
                      struct wh_bundle *bundle)
{
    (void)store;
    (void)trail;
    (void)minutes;
    (void)bundle;
}

void
wh_parcels_put_fold(struct wh_parcel_store *store, uint32_t trail, const struct wh_bundle *bundle,
                    const struct wh_bundle_fold *fold)
{
    (void)store;
    (void)trail;
    (void)bundle;
    (void)fold;
}

void
wh_parcels_rename_folds(struct wh_parcel_store *store, uint32_t from, uint32_t to)
{
    (void)store;
    (void)from;
    (void)to;
}
