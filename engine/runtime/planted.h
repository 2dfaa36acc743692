/* Bugs that the simulator plants in the runtime, to see that it would find them (protocol.md 14).
 * In the program there are none: the question is the constant no, and what hangs on it is gone. The
 * names say what is done wrong. */
#ifndef WH_RUNTIME_PLANTED_H
#define WH_RUNTIME_PLANTED_H

#include <stdbool.h>

enum wh_planted {
    WH_PLANTED_NONE,
#define PLANTED(name, words) WH_PLANTED_##name,
#include "engine/runtime/planted.def"
#undef PLANTED
    WH_PLANTED_COUNT
};

#ifdef WH_PLANTED_BUGS
/* Of the simulator, which has one thread. Two, where one rule covers for another. */
#define WH_PLANTED_MAX 2
extern enum wh_planted wh_planted[WH_PLANTED_MAX];
#define WH_IS_PLANTED(name) \
    (wh_planted[0] == WH_PLANTED_##name || wh_planted[1] == WH_PLANTED_##name)
#else
#define WH_IS_PLANTED(name) false
#endif

#endif
