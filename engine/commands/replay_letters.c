/* A letter is bytes of this process only: a head as it lies in memory, then a handoff record of one
 * message. */
#include "engine/commands/replay_letters.h"

#include <pthread.h>
#include <stdlib.h>

#include "engine/commands/replay_merge.h"

struct head {
    int64_t now;
    uint64_t number, company;
    uint32_t group, side;
};

struct wh_replay_letters {
    pthread_mutex_t lock;
    struct wh_spill *spill;
    struct wh_spill_part *parts; /* [heap][side], each in order */
    size_t heap_count;
    uint32_t side_count;
};

struct wh_replay_letters *
wh_replay_letters_open(size_t heap_count, uint32_t side_count)
{
    struct wh_replay_letters *letters = calloc(1, sizeof(*letters));
    struct wh_spill_part *parts = calloc(heap_count * side_count, sizeof(*parts));
    if (letters == NULL || parts == NULL) {
        abort();
    }
    (void)pthread_mutex_init(&letters->lock, NULL); /* with default attributes it does not fail */
    letters->spill = wh_spill_open();
    letters->parts = parts;
    letters->heap_count = heap_count;
    letters->side_count = side_count;
    return letters;
}

void
wh_replay_letters_close(struct wh_replay_letters **letters)
{
    if (*letters == NULL) {
        return;
    }
    wh_spill_close(&(*letters)->spill);
    (void)pthread_mutex_destroy(&(*letters)->lock);
    free((*letters)->parts);
    free(*letters);
    *letters = NULL;
}

/* ---- writing ---- */

void
wh_replay_outbox_begin(struct wh_replay_outbox *outbox, const struct wh_codec *codec)
{
    *outbox = (struct wh_replay_outbox){.codec = codec, .err = WH_OK};
    for (size_t i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        outbox->sides[i] = wh_spill_open();
    }
}

void
wh_replay_outbox_end(struct wh_replay_outbox *outbox)
{
    for (size_t i = 0; i < WH_REPLAY_SIDES_MAX; i++) {
        wh_spill_close(&outbox->sides[i]);
    }
}

static struct wh_str
handoff_of(const struct wh_codec *codec, const struct wh_replay_letter *letter, struct wh_str key,
           struct wh_arena *arena)
{
    struct wh_buf buf;
    struct wh_handoff_message message = {.kind = WH_HANDOFF_IDENTITY,
                                         .identity = &letter->sent->message};
    struct wh_handoff handoff = {
        .key = key, .now = letter->now, .messages = &message, .message_count = 1};
    wh_buf_init(&buf, arena);
    codec->encode_handoff(codec->self, &buf, &handoff);
    return wh_buf_str(&buf);
}

void
wh_replay_outbox_put(void *self, const struct wh_replay_letter *letter)
{
    struct wh_replay_outbox *outbox = self;
    struct wh_arena scratch;
    struct head head;
    if (outbox->err != WH_OK) {
        return;
    }
    wh_arena_init(&scratch, 0);
    struct wh_str key = wh_key_text(&scratch, letter->sent->to);
    memset(&head, 0, sizeof(head));
    head.now = letter->now;
    head.number = letter->number;
    head.company = wh_hash_fingerprint(key);
    head.group = letter->group;
    head.side = letter->side;
    const struct wh_str parts[] = {{(const char *)&head, sizeof(head)},
                                   handoff_of(outbox->codec, letter, key, &scratch)};
    outbox->err = wh_spill_push(outbox->sides[letter->side], parts, 2, &outbox->error);
    wh_arena_fini(&scratch);
}

/* Everything of one spill behind what is in another. */
static enum wh_err
append(struct wh_spill *to, const struct wh_spill *from, struct wh_error *error)
{
    struct wh_arena scratch;
    struct wh_spill_reader reader;
    struct wh_str bytes;
    wh_arena_init(&scratch, 0);
    wh_spill_read(from, &scratch, &reader);
    enum wh_err err = wh_spill_next(&reader, &bytes, error);
    while (err == WH_OK) {
        err = wh_spill_push(to, &bytes, 1, error);
        err = err == WH_OK ? wh_spill_next(&reader, &bytes, error) : err;
    }
    wh_arena_fini(&scratch);
    return err == WH_ERR_NOT_FOUND ? WH_OK : err;
}

enum wh_err
wh_replay_letters_add(struct wh_replay_letters *letters, size_t heap,
                      const struct wh_replay_outbox *outbox, struct wh_error *error)
{
    enum wh_err err = outbox->err;
    if (err != WH_OK) {
        *error = outbox->error;
        return err;
    }
    (void)pthread_mutex_lock(&letters->lock);
    for (uint32_t side = 0; side < letters->side_count && err == WH_OK; side++) {
        struct wh_spill_part *part = &letters->parts[heap * letters->side_count + side];
        part->from = wh_spill_size(letters->spill);
        err = append(letters->spill, outbox->sides[side], error);
        part->until = wh_spill_size(letters->spill);
    }
    (void)pthread_mutex_unlock(&letters->lock);
    return err;
}

uint64_t
wh_replay_letters_size(const struct wh_replay_letters *letters)
{
    return wh_spill_size(letters->spill);
}

/* ---- reading ---- */

static struct head
head_of(struct wh_str bytes)
{
    struct head head;
    memcpy(&head, bytes.ptr, sizeof(head));
    return head;
}

static int
compare_letters(struct wh_str a, struct wh_str b)
{
    struct head first = head_of(a);
    struct head second = head_of(b);
    if (first.now != second.now) {
        return first.now < second.now ? -1 : 1;
    }
    if (first.number != second.number) {
        return first.number < second.number ? -1 : 1;
    }
    if (first.side != second.side) {
        return first.side < second.side ? -1 : 1;
    }
    return (first.group > second.group) - (first.group < second.group);
}

enum wh_err
wh_replay_letters_divide(const struct wh_replay_letters *letters, struct wh_spill *const *heaps,
                         size_t heap_count, struct wh_error *error)
{
    struct wh_str bytes;
    struct wh_replay_merge *merge = wh_replay_merge_open(
        letters->spill, letters->parts, letters->heap_count * letters->side_count, compare_letters);
    enum wh_err err = wh_replay_merge_next(merge, &bytes, error);
    while (err == WH_OK) {
        err = wh_spill_push(heaps[head_of(bytes).company % heap_count], &bytes, 1, error);
        err = err == WH_OK ? wh_replay_merge_next(merge, &bytes, error) : err;
    }
    wh_replay_merge_close(&merge);
    return err == WH_ERR_NOT_FOUND ? WH_OK : err;
}

static enum wh_err
decode_sent(const struct wh_codec *codec, struct wh_str bytes, struct wh_arena *arena,
            struct wh_identity_sent *ret_sent, struct wh_error *error)
{
    struct wh_handoff handoff;
    enum wh_err err = codec->decode_handoff(codec->self, bytes, arena, &handoff, error);
    if (err != WH_OK) {
        return err;
    }
    const struct wh_identity_message *message =
        handoff.message_count == 1 ? handoff.messages[0].identity : NULL;
    if (message == NULL || !wh_key_parse(handoff.key, &ret_sent->to)) {
        return wh_error_set(error, WH_ERR_INPUT, "a temporary file holds something else");
    }
    ret_sent->message = *message;
    return WH_OK;
}

enum wh_err
wh_replay_letter_decode(const struct wh_codec *codec, struct wh_str bytes, struct wh_arena *arena,
                        struct wh_replay_letter *ret_letter, struct wh_error *error)
{
    struct head head = head_of(bytes);
    struct wh_str rest = {bytes.ptr + sizeof(head), bytes.len - sizeof(head)};
    *ret_letter = (struct wh_replay_letter){
        .now = head.now,
        .number = head.number,
        .group = head.group,
        .side = head.side,
    };
    struct wh_identity_sent *sent = WH_ARENA_NEW(arena, struct wh_identity_sent);
    enum wh_err err = decode_sent(codec, rest, arena, sent, error);
    ret_letter->sent = sent;
    return err;
}
