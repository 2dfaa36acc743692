/* Where the values of a JSON text begin and end. It does not judge: what it passes over may be
 * wrong inside, and whoever needs to know lets the text be read afterwards. No recursion; each byte
 * is looked at once. */
#ifndef WH_PROTO_JSON_SCAN_H
#define WH_PROTO_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/str.h"

struct wh_json_scan {
    struct wh_str text; /* borrowed */
    size_t at;
};

void wh_json_scan_init(struct wh_json_scan *scan, struct wh_str text);

/* True behind the last byte that is no blank. */
bool wh_json_scan_is_done(struct wh_json_scan *scan);

/* Passes over blanks and this character; false (and stays, but for the blanks) without it. */
bool wh_json_scan_take(struct wh_json_scan *scan, char c);

/* The next value, as written: as long as its brackets and quotes say. False when there is none or
 * it does not end. */
bool wh_json_scan_value(struct wh_json_scan *scan, struct wh_str *ret_value);

/* The next member of an object that is open, and the comma behind it. The name is as written, with
 * its quotes. False, and nothing is passed over, at the end of the object and on anything else. */
bool wh_json_scan_member(struct wh_json_scan *scan, struct wh_str *ret_name,
                         struct wh_str *ret_value);

/* A text as written, with quotes and perhaps escapes, is the given one (ASCII). */
bool wh_json_scan_is_text(struct wh_str written, const char *expected);

#endif
