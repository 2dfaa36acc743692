/* Touchpoints to be decoded in tests, and what is expected of them. */
#ifndef WH_TESTS_SUPPORT_TOUCH_RECORDS_H
#define WH_TESTS_SUPPORT_TOUCH_RECORDS_H

#include "engine/base/buf.h"
#include "engine/model/field.h"
#include "engine/model/touch.h"
#include "engine/port/codec.h"

/* 2026-11-24T09:00:00Z: 20,781 days and 9 hours after 1970-01-01. */
#define WH_RECORD_NINE INT64_C(1795510800000000)

/* Of one test: the context may be changed before decoding, the rest is what came out last. */
struct wh_record_fixture {
    struct wh_arena arena;
    struct wh_decode_context context;
    struct wh_touch touch;
    struct wh_decode_counts counts;
    struct wh_rejection rejection;
};

/* *state becomes a fixture for JSON, with the default id "given". */
int wh_record_set_up(void **state);
int wh_record_tear_down(void **state);

bool wh_record_decode(struct wh_record_fixture *f, struct wh_str bytes);
void wh_record_accept(struct wh_record_fixture *f, const char *json);
void wh_record_reject(struct wh_record_fixture *f, const char *json, enum wh_reject reason,
                      const char *field);
void wh_record_reject_bytes(struct wh_record_fixture *f, struct wh_str bytes, enum wh_reject reason,
                            const char *field);

/* A good record of type call with more members, with another time, with other identifiers. */
const char *wh_record_with(struct wh_record_fixture *f, const char *more);
const char *wh_record_with_time(struct wh_record_fixture *f, const char *time);
const char *wh_record_with_identifiers(struct wh_record_fixture *f, const char *identifiers);

void wh_record_expect_text(struct wh_str found, const char *expected);
void wh_record_expect_field(const struct wh_record_fixture *f, enum wh_field field,
                            const char *expected);
void wh_record_expect_unknown(const struct wh_record_fixture *f, enum wh_field field);
void wh_record_expect_number(const struct wh_record_fixture *f, enum wh_field field,
                             int64_t thousandths);
void wh_record_expect_key(const struct wh_record_fixture *f, size_t index, enum wh_key_kind kind,
                          const char *value);
struct wh_value wh_record_named(struct wh_named_list list, const char *name);

#endif
