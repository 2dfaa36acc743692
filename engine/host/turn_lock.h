/* The lock of a shard's turn. A shard at work takes it again at once after each turn, which would
 * keep a waiting thread out for as long as there is work: so everybody passes a gate first, and who
 * waits behind it is next. */
#ifndef WH_HOST_TURN_LOCK_H
#define WH_HOST_TURN_LOCK_H

#include <pthread.h>

struct wh_turn_lock {
    pthread_mutex_t gate, turn;
};

static inline void
wh_turn_lock_init(struct wh_turn_lock *lock)
{
    (void)pthread_mutex_init(&lock->gate, NULL);
    (void)pthread_mutex_init(&lock->turn, NULL);
}

static inline void
wh_turn_lock_fini(struct wh_turn_lock *lock)
{
    (void)pthread_mutex_destroy(&lock->turn);
    (void)pthread_mutex_destroy(&lock->gate);
}

static inline void
wh_turn_lock_take(struct wh_turn_lock *lock)
{
    (void)pthread_mutex_lock(&lock->gate);
    (void)pthread_mutex_lock(&lock->turn);
    (void)pthread_mutex_unlock(&lock->gate);
}

static inline void
wh_turn_lock_give(struct wh_turn_lock *lock)
{
    (void)pthread_mutex_unlock(&lock->turn);
}

#endif
