/* What was announced, held against what was read again: fails at the first difference. */
#ifndef WH_TESTS_SUPPORT_SAME_ANNOUNCED_H
#define WH_TESTS_SUPPORT_SAME_ANNOUNCED_H

#include "engine/model/announced.h"

void wh_expect_same_announced(const struct wh_announced *a, const struct wh_announced *b);

#endif
