/* What went out through an outflow comes back through an inflow; a file is whole or not there. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "connectors/file/inflow.h"
#include "connectors/file/outflow.h"

/* Lines that pack well, longer than any buffer on the way. */
#define LINES     20000
#define LINE_SIZE 63

struct place {
    char folder[32];
    char path[64];
};

static void
choose(struct place *place, const char *name)
{
    (void)snprintf(place->path, sizeof(place->path), "%s/%s", place->folder, name);
}

static int
set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    (void)snprintf(place->folder, sizeof(place->folder), "outflow-XXXXXX");
    *state = place;
    return mkdtemp(place->folder) == NULL ? 1 : 0;
}

static int
tear_down(void **state)
{
    struct place *place = *state;
    int result = rmdir(place->folder); /* nothing else may lie there */
    free(place);
    return result;
}

static void
line_of(int number, char *text)
{
    (void)snprintf(text, LINE_SIZE + 1, "line %08d of some that go out ......\n", number);
}

static struct wh_outflow *
write_lines(const char *path)
{
    struct wh_outflow *outflow = NULL;
    char line[LINE_SIZE + 1];
    assert_int_equal(wh_outflow_open(path, &outflow, NULL), WH_OK);
    for (int i = 0; i < LINES; i++) {
        line_of(i, line);
        assert_int_equal(wh_outflow_write(outflow, wh_str_of(line), NULL), WH_OK);
    }
    return outflow;
}

/* How far the lines have been met. */
struct met {
    int number;
    size_t place;
};

static void
meet(struct met *met, const char *bytes, size_t len)
{
    char line[LINE_SIZE + 1];
    line_of(met->number, line);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(bytes[i], line[met->place]);
        met->place++;
        if (line[met->place] == '\0') {
            met->place = 0;
            line_of(++met->number, line);
        }
    }
}

static void
check_lines(const char *path)
{
    struct wh_inflow *inflow = NULL;
    struct met met = {0, 0};
    char found[1000];
    size_t len = 0;
    assert_int_equal(wh_inflow_open(path, &inflow, NULL), WH_OK);
    do {
        assert_int_equal(wh_inflow_read(inflow, found, sizeof(found), &len, NULL), WH_OK);
        meet(&met, found, len);
    } while (len > 0);
    assert_int_equal(met.number, LINES);
    assert_int_equal(met.place, 0);
    wh_inflow_close(&inflow);
}

/* Size of the file; -1: there is none. */
static int64_t
size_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
}

static uint64_t
go_and_come_back(struct place *place, const char *name)
{
    uint64_t size = 0;
    choose(place, name);
    struct wh_outflow *outflow = write_lines(place->path);
    assert_int_equal(size_of(place->path), -1);
    assert_int_equal(wh_outflow_finish(outflow, &size, NULL), WH_OK);
    wh_outflow_close(&outflow);
    assert_null(outflow);
    assert_int_equal(size_of(place->path), size);
    check_lines(place->path);
    assert_int_equal(unlink(place->path), 0);
    return size;
}

static void
plain_lines_come_back(void **state)
{
    char line[LINE_SIZE + 1];
    line_of(0, line);
    assert_int_equal(go_and_come_back(*state, "lines.jsonl"), LINES * strlen(line));
}

static void
packed_lines_come_back_and_are_smaller(void **state)
{
    char line[LINE_SIZE + 1];
    line_of(0, line);
    assert_in_range(go_and_come_back(*state, "lines.jsonl.gz"), 1, LINES * strlen(line) / 5);
    assert_in_range(go_and_come_back(*state, "lines.jsonl.zst"), 1, LINES * strlen(line) / 5);
}

static void
nothing_at_all_is_a_file(void **state)
{
    static const char *const names[] = {"none", "none.gz", "none.zst"};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct wh_outflow *outflow = NULL;
        struct wh_inflow *inflow = NULL;
        uint64_t size = 0;
        size_t len = 0;
        char byte = 0;
        choose(place, names[i]);
        assert_int_equal(wh_outflow_open(place->path, &outflow, NULL), WH_OK);
        assert_int_equal(wh_outflow_finish(outflow, &size, NULL), WH_OK);
        wh_outflow_close(&outflow);
        assert_int_equal(wh_inflow_open(place->path, &inflow, NULL), WH_OK);
        assert_int_equal(wh_inflow_read(inflow, &byte, 1, &len, NULL), WH_OK);
        assert_int_equal(len, 0);
        wh_inflow_close(&inflow);
        assert_int_equal(unlink(place->path), 0);
    }
}

static void
what_is_not_finished_leaves_the_old_file(void **state)
{
    struct place *place = *state;
    choose(place, "lines");
    FILE *old = fopen(place->path, "w");
    assert_non_null(old);
    assert_true(fputs("old", old) >= 0);
    assert_int_equal(fclose(old), 0);
    struct wh_outflow *outflow = write_lines(place->path);
    wh_outflow_close(&outflow);
    assert_int_equal(size_of(place->path), 3);
    assert_int_equal(unlink(place->path), 0);
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
    struct wh_outflow *outflow = NULL;
    struct wh_error error;
    (void)state;
    assert_int_equal(wh_outflow_open("no/such/folder/lines.gz", &outflow, &error), WH_ERR_OUTSIDE);
    assert_null(outflow);
    assert_non_null(strstr(error.message, "no/such/folder/lines.gz: cannot be written: No such"));
}

static void
a_full_device_is_told(void **state)
{
    static const char zeros[CHAR_BIT * 65536];
    struct wh_outflow *outflow = NULL;
    struct wh_error error;
    (void)state;
    assert_int_equal(wh_outflow_open("/dev/full", &outflow, NULL), WH_OK);
    struct wh_str bytes = {zeros, sizeof(zeros)};
    assert_int_equal(wh_outflow_write(outflow, bytes, &error), WH_ERR_OUTSIDE);
    assert_non_null(strstr(error.message, "/dev/full: cannot be written: No space left"));
    wh_outflow_close(&outflow);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain_lines_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(packed_lines_come_back_and_are_smaller, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_at_all_is_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_finished_leaves_the_old_file, set_up,
                                        tear_down),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
        cmocka_unit_test(a_full_device_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
