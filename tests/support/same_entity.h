/* Asserts that two things are equal in every field, for tests of their bytes. */
#ifndef WH_TESTS_SUPPORT_SAME_ENTITY_H
#define WH_TESTS_SUPPORT_SAME_ENTITY_H

#include "engine/model/bundle.h"
#include "engine/model/entity.h"

void wh_expect_same_identity(const struct wh_identity *a, const struct wh_identity *b);
void wh_expect_same_message(const struct wh_identity_message *a,
                            const struct wh_identity_message *b);

void wh_expect_same_counter(const struct wh_counter *a, const struct wh_counter *b);
void wh_expect_same_route_message(const struct wh_route_message *a,
                                  const struct wh_route_message *b);
void wh_expect_same_decision(const struct wh_decision *a, const struct wh_decision *b);
void wh_expect_same_firing(const struct wh_firing *a, const struct wh_firing *b);
/* Where the lead is on its nurture tracks, and what it remembers of them. */
void wh_expect_same_tracks(const struct wh_announced *a, const struct wh_announced *b);
void wh_expect_same_folds(const struct wh_bundle_fold *a, const struct wh_bundle_fold *b,
                          uint32_t count);

#endif
