/* Results of model tests as text for people, as TAP, as JUnit XML. */
#ifndef WH_LAB_TEST_PRINT_H
#define WH_LAB_TEST_PRINT_H

#include "engine/base/buf.h"
#include "engine/lab/test_file.h"

enum wh_test_format {
    WH_TEST_FORMAT_TEXT,  /* a line for each file, what failed, "N passed, N failed" */
    WH_TEST_FORMAT_TAP,   /* ok and not ok, diagnostics behind #, the plan at the end */
    WH_TEST_FORMAT_JUNIT, /* a testsuite for each file */
};

/* text, tap, junit; false for another word. */
bool wh_test_format_find(struct wh_str word, enum wh_test_format *ret_format);

struct wh_test_printer {
    enum wh_test_format format;
    size_t passed, failed; /* so far */
};

/* Each appends to buf; first begin, then each file, then end. */
void wh_test_print_begin(struct wh_test_printer *printer, struct wh_buf *buf);
void wh_test_print_file(struct wh_test_printer *printer, const struct wh_test_file *file,
                        struct wh_buf *buf);
void wh_test_print_end(const struct wh_test_printer *printer, struct wh_buf *buf);

#endif
