/* What each target of this folder is: libFuzzer calls it with bytes of any kind. Nothing may
 * crash, hang or ask for all memory; what is accepted must come back the same after writing and
 * reading. */
#ifndef WH_TESTS_FUZZ_FUZZ_H
#define WH_TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

/* The name is libFuzzer's. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct wh_str
wh_fuzz_input(const uint8_t *data, size_t size)
{
    return (struct wh_str){(const char *)data, size};
}

/* What must hold; a failure is a finding. */
static inline void
wh_fuzz_expect(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Numbers are seconds, milliseconds or microseconds by their magnitude: the canonical form, which
 * is always in µs, says the same time only from 1973 on (and as long before 1970). */
#define WH_FUZZ_TIME_MIN INT64_C(100000000000000)

static inline bool
wh_fuzz_is_plain_time(int64_t us)
{
    return us >= WH_FUZZ_TIME_MIN || us <= -WH_FUZZ_TIME_MIN;
}

#endif
