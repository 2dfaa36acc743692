#include "tests/support/conformance_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/base/time.h"

#define POLLS_MAX 1000

static struct wh_store_answer
ask(const struct wh_store *store, struct wh_store_request request)
{
    struct wh_store_answer answer;
    request.ticket = 5;
    store->start(store->self, &request);
    for (int i = 0; i < POLLS_MAX; i++) {
        if (store->poll(store->self, &answer)) {
            assert_int_equal(answer.call, request.call);
            assert_int_equal(answer.ticket, 5);
            return answer;
        }
    }
    fail_msg("no answer");
    return (struct wh_store_answer){.call = request.call};
}

static struct wh_hash_id
id_of(uint8_t number)
{
    return (struct wh_hash_id){{number, 1}};
}

static struct wh_store_answer
claim(const struct wh_store *store, int64_t epoch, int64_t base_epoch, uint64_t base_version)
{
    return ask(store, (struct wh_store_request){
                          .call = WH_STORE_CLAIM,
                          .lineage = id_of(77),
                          .epoch = epoch,
                          .base_epoch = base_epoch,
                          .base_version = base_version,
                      });
}

static struct wh_store_entry
entry_of(uint8_t number, uint64_t seq, int64_t due, const char *bytes)
{
    return (struct wh_store_entry){id_of(number), seq, due, wh_str_of(bytes), false};
}

static struct wh_store_answer
write_one(const struct wh_store *store, uint64_t from, uint64_t watermark,
          struct wh_store_entry entry)
{
    return ask(store, (struct wh_store_request){
                          .call = WH_STORE_WRITE,
                          .epoch = 3,
                          .from = from,
                          .watermark = watermark,
                          .offset = 40,
                          .entries = &entry,
                          .entry_count = 1,
                      });
}

static struct wh_store_answer
read_one(const struct wh_store *store, uint8_t number)
{
    struct wh_hash_id key = id_of(number);
    struct wh_store_answer answer =
        ask(store, (struct wh_store_request){.call = WH_STORE_READ, .keys = &key, .key_count = 1});
    assert_int_equal(answer.entry_count, 1);
    return answer;
}

static const struct wh_store *
open_claimed(struct wh_conformance_store *given)
{
    const struct wh_store *store = given->open(given->self);
    assert_int_equal(claim(store, 3, -1, 0).result, WH_STORE_OK);
    return store;
}

static void
a_partition_nobody_claimed_is_unknown(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = given->open(given->self);
    struct wh_store_request meta = {.call = WH_STORE_META, .partition = 1};
    assert_false(ask(store, meta).meta.exists);
    assert_int_equal(claim(store, 3, -1, 0).result, WH_STORE_OK);
    assert_false(ask(store, meta).meta.exists); /* that was partition 0 */
    given->close(given->self);
}

static void
a_claim_names_its_base(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = given->open(given->self);
    assert_int_equal(claim(store, 3, 2, 0).result, WH_STORE_REFUSED);
    struct wh_store_answer answer = claim(store, 3, -1, 0);
    assert_int_equal(answer.result, WH_STORE_OK);
    assert_int_equal(answer.meta.epoch, 3);
    assert_int_equal(answer.meta.version, 0);
    assert_int_equal(claim(store, 3, -1, 0).result, WH_STORE_OK); /* twice: the same answer */
    assert_int_equal(write_one(store, 0, 1, entry_of(1, 1, 10, "a")).result, WH_STORE_OK);
    answer = claim(store, 8, 3, 0); /* the base is version 1 by now */
    assert_int_equal(answer.result, WH_STORE_REFUSED);
    assert_int_equal(answer.meta.version, 1);
    assert_int_equal(claim(store, 2, 3, 1).result, WH_STORE_REFUSED); /* an older epoch */
    answer = claim(store, 8, 3, 1);
    assert_int_equal(answer.result, WH_STORE_OK);
    assert_int_equal(answer.meta.watermark, 1);
    assert_int_equal(answer.meta.offset, 40);
    given->close(given->self);
}

static void
a_claim_of_another_life_is_refused(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = open_claimed(given);
    struct wh_store_answer answer = ask(store, (struct wh_store_request){
                                                   .call = WH_STORE_CLAIM,
                                                   .lineage = id_of(78),
                                                   .epoch = 9,
                                                   .base_epoch = 3,
                                               });
    assert_int_equal(answer.result, WH_STORE_REFUSED);
    assert_memory_equal(answer.meta.lineage.bytes, id_of(77).bytes, WH_HASH_ID_SIZE);
    given->close(given->self);
}

static struct wh_store_answer
replace(const struct wh_store *store, int64_t base_epoch, uint64_t base_version)
{
    return ask(store, (struct wh_store_request){
                          .call = WH_STORE_CLAIM,
                          .lineage = id_of(78),
                          .replaces = true,
                          .epoch = 1, /* of another journal: older means nothing */
                          .base_epoch = base_epoch,
                          .base_version = base_version,
                      });
}

/* The same life is claimed as ever. */
static void
a_claim_that_replaces_takes_another_life(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = open_claimed(given);
    assert_int_equal(write_one(store, 0, 1, entry_of(1, 1, 10, "a")).result, WH_STORE_OK);
    assert_int_equal(replace(store, 3, 0).result, WH_STORE_REFUSED); /* version 1 by now */
    struct wh_store_answer answer = replace(store, 3, 1);
    assert_int_equal(answer.result, WH_STORE_OK);
    assert_memory_equal(answer.meta.lineage.bytes, id_of(78).bytes, WH_HASH_ID_SIZE);
    assert_int_equal(answer.meta.epoch, 1);
    assert_int_equal(answer.meta.version, 0);
    assert_int_equal(answer.meta.watermark, 0);
    assert_int_equal(answer.meta.offset, -1);
    assert_int_equal(replace(store, 3, 1).result, WH_STORE_OK); /* twice: the same answer */
    answer = ask(store, (struct wh_store_request){.call = WH_STORE_CLEAR, .epoch = 1, .limit = 9});
    assert_int_equal(answer.result, WH_STORE_OK);
    assert_int_equal(read_one(store, 1).entries[0].seq, 0);
    assert_int_equal(replace(store, 1, 1).result,
                     WH_STORE_REFUSED); /* of this life: no newer epoch */
    given->close(given->self);
}

static void
a_write_names_the_version_it_follows(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = open_claimed(given);
    assert_int_equal(write_one(store, 1, 1, entry_of(1, 1, 10, "a")).result, WH_STORE_REFUSED);
    assert_int_equal(read_one(store, 1).entries[0].seq, 0);
    struct wh_store_answer answer = write_one(store, 0, 1, entry_of(1, 1, 10, "a"));
    assert_int_equal(answer.result, WH_STORE_OK);
    assert_int_equal(answer.meta.version, 1);
    assert_int_equal(answer.meta.watermark, 1);
    answer = write_one(store, 0, 2, entry_of(1, 2, 10, "b"));
    assert_int_equal(answer.result, WH_STORE_REFUSED);
    assert_int_equal(answer.meta.version, 1);
    answer = read_one(store, 1);
    assert_int_equal(answer.meta.version, 1);
    assert_int_equal(answer.meta.epoch, 3);
    assert_true(wh_str_is(answer.entries[0].bytes, "a"));
    given->close(given->self);
}

static void
dues_come_in_order_and_by_pages(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = open_claimed(given);
    (void)write_one(store, 0, 1, entry_of(1, 1, 30, "a"));
    (void)write_one(store, 1, 2, entry_of(2, 2, 10, "b"));
    (void)write_one(store, 2, 3, entry_of(3, 3, WH_TIME_NEVER, "c"));
    (void)write_one(store, 3, 4, entry_of(4, 4, 10, "d"));
    struct wh_store_request dues = {.call = WH_STORE_DUES,
                                    .after = {.due = WH_TIME_MIN},
                                    .until = wh_due_after_all(30),
                                    .limit = 2};
    struct wh_store_answer answer = ask(store, dues);
    assert_int_equal(answer.due_count, 2);
    assert_true(answer.has_more);
    assert_memory_equal(answer.dues[0].key.bytes, id_of(2).bytes, WH_HASH_ID_SIZE);
    assert_memory_equal(answer.dues[1].key.bytes, id_of(4).bytes, WH_HASH_ID_SIZE);
    dues.after = answer.dues[1];
    answer = ask(store, dues);
    assert_int_equal(answer.due_count, 1);
    assert_int_equal(answer.dues[0].due, 30);
    assert_false(answer.has_more);
    given->close(given->self);
}

static void
a_due_moment_moves_with_its_entry(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = open_claimed(given);
    (void)write_one(store, 0, 1, entry_of(1, 1, 30, "a"));
    (void)write_one(store, 1, 2, entry_of(1, 2, 20, "a"));
    struct wh_store_answer answer = ask(store, (struct wh_store_request){
                                                   .call = WH_STORE_DUES,
                                                   .after = {.due = WH_TIME_MIN},
                                                   .until = wh_due_after_all(25),
                                                   .limit = 9,
                                               });
    assert_int_equal(answer.due_count, 1);
    assert_int_equal(answer.dues[0].due, 20);
    given->close(given->self);
}

static void
a_tombstone_stays_until_the_watermark_is_there(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = open_claimed(given);
    struct wh_store_entry tombstone = entry_of(1, 5, WH_TIME_NEVER, "");
    tombstone.is_deleted = true;
    (void)write_one(store, 0, 4, tombstone);
    struct wh_store_answer answer = read_one(store, 1);
    assert_int_equal(answer.entries[0].seq, 5);
    assert_true(answer.entries[0].is_deleted);
    (void)write_one(store, 1, 5, entry_of(2, 5, WH_TIME_NEVER, "b"));
    assert_int_equal(read_one(store, 1).entries[0].seq, 0);
    given->close(given->self);
}

static void
scanning_and_clearing_go_by_pieces(void **state)
{
    struct wh_conformance_store *given = *state;
    const struct wh_store *store = open_claimed(given);
    for (uint8_t i = 1; i <= 3; i++) {
        (void)write_one(store, i - 1U, i, entry_of(i, i, WH_TIME_NEVER, "a"));
    }
    struct wh_store_answer answer =
        ask(store, (struct wh_store_request){.call = WH_STORE_SCAN, .limit = 2});
    assert_int_equal(answer.entry_count, 2);
    assert_true(answer.has_more);
    assert_int_equal(answer.entries[1].seq, 2);
    struct wh_store_request clear = {.call = WH_STORE_CLEAR, .epoch = 3, .from = 3, .limit = 2};
    answer = ask(store, clear);
    assert_int_equal(answer.result, WH_STORE_OK);
    assert_true(answer.has_more);
    assert_int_equal(answer.meta.watermark, 0);
    clear.from = 4;
    assert_false(ask(store, clear).has_more);
    given->close(given->self);
}

int
wh_conformance_store_run(struct wh_conformance_store *given)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_partition_nobody_claimed_is_unknown, given),
        cmocka_unit_test_prestate(a_claim_names_its_base, given),
        cmocka_unit_test_prestate(a_claim_of_another_life_is_refused, given),
        cmocka_unit_test_prestate(a_claim_that_replaces_takes_another_life, given),
        cmocka_unit_test_prestate(a_write_names_the_version_it_follows, given),
        cmocka_unit_test_prestate(dues_come_in_order_and_by_pages, given),
        cmocka_unit_test_prestate(a_due_moment_moves_with_its_entry, given),
        cmocka_unit_test_prestate(a_tombstone_stays_until_the_watermark_is_there, given),
        cmocka_unit_test_prestate(scanning_and_clearing_go_by_pieces, given),
    };
    return cmocka_run_group_tests_name(given->name, tests, NULL, NULL);
}
