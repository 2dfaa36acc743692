/* Asserts that two announcements that wait are equal, for tests of their bytes. */
#ifndef WH_TESTS_SUPPORT_SAME_PENDING_H
#define WH_TESTS_SUPPORT_SAME_PENDING_H

#include "engine/model/pending.h"

void wh_expect_same_pending(const struct wh_pending *a, const struct wh_pending *b);

#endif
