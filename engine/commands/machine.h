/* The machine's clock and randomness, as the ports want them. */
#ifndef WH_COMMANDS_MACHINE_H
#define WH_COMMANDS_MACHINE_H

#include "engine/port/clock.h"

/* µs since 1970. */
int64_t wh_machine_now(void);
/* 128 random bits of the system's source. */
struct wh_hash_id wh_machine_random(void);
struct wh_clock wh_machine_clock(void);

#endif
