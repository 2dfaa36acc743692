/* What leads tell companies, put aside while heaps of leads are played on several threads, then
 * laid into heaps of companies in the order in which they hear it: the same, whatever ran when.
 * What is large lies on the disk. */
#ifndef WH_COMMANDS_REPLAY_LETTERS_H
#define WH_COMMANDS_REPLAY_LETTERS_H

#include "connectors/file/spill.h"
#include "engine/lab/replay.h"

struct wh_replay_letters;

struct wh_replay_letters *wh_replay_letters_open(size_t heap_count, uint32_t side_count);
/* Accepts NULL. */
void wh_replay_letters_close(struct wh_replay_letters **letters);

/* The letters of one heap of leads, while it is played; for one thread. */
struct wh_replay_outbox {
    const struct wh_codec *codec;
    struct wh_spill *sides[WH_REPLAY_SIDES_MAX];
    enum wh_err err; /* the first that went wrong */
    struct wh_error error;
};
void wh_replay_outbox_begin(struct wh_replay_outbox *outbox, const struct wh_codec *codec);
void wh_replay_outbox_end(struct wh_replay_outbox *outbox);
/* A wh_on_letter_fn; self: the outbox. */
void wh_replay_outbox_put(void *self, const struct wh_replay_letter *letter);

/* The outbox of a heap, once it is finished. For several threads at once, each heap once.
 * WH_ERR_OUTSIDE: the disk did not take it. */
WH_MUST_CHECK enum wh_err wh_replay_letters_add(struct wh_replay_letters *letters, size_t heap,
                                                const struct wh_replay_outbox *outbox,
                                                struct wh_error *error);

uint64_t wh_replay_letters_size(const struct wh_replay_letters *letters); /* bytes */

/* All of them into spills of companies, each in order. Nothing is added any more. */
WH_MUST_CHECK enum wh_err wh_replay_letters_divide(const struct wh_replay_letters *letters,
                                                   struct wh_spill *const *heaps, size_t heap_count,
                                                   struct wh_error *error);

/* A letter from the bytes of such a spill; it lives in the arena. WH_ERR_INPUT: the disk gave
 * something else than it took. */
WH_MUST_CHECK enum wh_err wh_replay_letter_decode(const struct wh_codec *codec, struct wh_str bytes,
                                                  struct wh_arena *arena,
                                                  struct wh_replay_letter *ret_letter,
                                                  struct wh_error *error);

#endif
