#include "engine/commands/clock_look.h"

#include "engine/base/time.h"
#include "proto/codec.h"

void
wh_clock_look_init(struct wh_clock_look *look)
{
    *look = (struct wh_clock_look){.now = WH_TIME_MIN, .machine = WH_TIME_MIN};
    wh_arena_init(&look->scratch, 0);
}

void
wh_clock_look_fini(struct wh_clock_look *look)
{
    wh_arena_fini(&look->scratch);
}

bool
wh_clock_look_take(void *self, const struct wh_log_record *record)
{
    struct wh_clock_look *look = self;
    struct wh_codec codec = wh_proto_codec();
    struct wh_journal journal;
    wh_arena_reset(&look->scratch);
    if (codec.decode_journal(codec.self, record->value, &look->scratch, &journal, NULL) != WH_OK) {
        return true; /* who works on the partition says what is wrong with it */
    }
    look->now = journal.now > look->now ? journal.now : look->now;
    if (journal.machine >= look->machine) {
        look->machine = journal.machine;
        look->is_live = journal.clock == WH_CLOCK_WALL;
    }
    return true;
}

int64_t
wh_clock_look_now(const struct wh_clock_look *look, int64_t machine)
{
    return look->is_live && machine > look->now ? machine : look->now;
}
