#include "tests/support/small_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/lab/test_file.h"

static const char model_text[] =
    "waterhole: 1\n"
    "name: small\n"
    "zone: Europe/Berlin\n"
    "constants: { hot: 30 }\n"
    "data:\n"
    "  lead: { role: string, employees: number, zip: string, since: time, guest: bool }\n"
    "places:\n"
    "  - { id: pricing, match: touch.page.path.glob(\"/pricing*\"), stage: assess }\n"
    "verdict:\n"
    "  evidence:\n"
    "    - { id: robot, on: any, when: touch.device.class == \"robot\", is: bot }\n"
    "fit:\n"
    "  criteria:\n"
    "    - { id: role, when: lead.role.imatch(\"head\"), weight: 3/3 }\n"
    "    - { id: big, when: lead.employees >= 50, weight: 1/3 }\n"
    "scores:\n"
    "  - id: interest\n"
    "    limit: [0, 100]\n"
    "    rules:\n"
    "      - { id: page, on: page_view, points: 10 }\n"
    "      - { id: quiet, while: silent(30d), points: -5 }\n"
    "  - id: other\n"
    "    rules:\n"
    "      - { id: page, on: page_view, points: 1 }\n"
    "      - { id: form, on: form_submitted, points: 2.5, limit: [0, 2] }\n"
    "labels:\n"
    "  - { id: heat, of: interest, bands: { warm: 20, boiling: 40 }, announce: true }\n"
    "segments:\n"
    "  - { id: keen, when: interest >= 20 }\n"
    "triggers:\n"
    "  - { id: formed, on: form_submitted, with: { what: touch.form, n: interest, "
    "a: touch.asset } }\n"
    "stages:\n"
    "  order: [inform, assess, buy]\n"
    "  from: place\n"
    "qualification:\n"
    "  - { id: ready, arm: interest >= hot, note: \"at {touch.place}\" }\n"
    "  - { id: asked, on: demo_request }\n"
    "routes:\n"
    "  - { id: big, when: lead.employees >= 50, to: anna }\n"
    "  - { id: rest, to: inbox }\n";

/* Four pages, one a day from 0d1h on: 40 points; a form; a robot that comes to light a day late. */
static const char story_text[] =
    "    lead: { email: Ann@Stadtwerke.example, role: Head, employees: 80, zip: 01069,\n"
    "            consent: { marketing: true }, guest: false }\n"
    "    company: { name: Stadtwerke }\n"
    "    touches:\n"
    "      - { at: 0d1h, type: page_view, page: /pricing/x?a=b, repeat: 4, every: 1d, id: p }\n"
    "      - { at: 5d, type: form_submitted, form: contact, amount: 12.5, props: { seats: 3 } }\n"
    "      - { at: 6d, arrives: 7d, type: page_view, device: { class: robot }, id: crawler }\n";

struct wh_str
wh_small_path_in(struct wh_small *small, const char *name)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &small->arena);
    wh_buf_printf(&buf, "%s/%s", small->folder, name);
    return wh_arena_str(&small->arena, wh_buf_str(&buf));
}

void
wh_small_write_file(struct wh_small *small, const char *name, struct wh_str text)
{
    FILE *stream = fopen(wh_small_path_in(small, name).ptr, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text.ptr, 1, text.len, stream), text.len);
    assert_int_equal(fclose(stream), 0);
}

int
wh_small_set_up(void **state)
{
    static struct wh_small small;
    small = (struct wh_small){.folder = "/tmp/waterhole-test-XXXXXX"};
    wh_arena_init(&small.arena, 0);
    assert_non_null(mkdtemp(small.folder));
    wh_small_write_file(&small, "small.yaml", wh_str_of(model_text));
    *state = &small;
    return 0;
}

int
wh_small_tear_down(void **state)
{
    struct wh_small *small = *state;
    (void)unlink(wh_small_path_in(small, "small.yaml").ptr);
    (void)unlink(wh_small_path_in(small, "s.test.yaml").ptr);
    assert_int_equal(rmdir(small->folder), 0);
    wh_arena_fini(&small->arena);
    return 0;
}

static struct wh_str
whole_host(void *self, struct wh_arena *arena, struct wh_str host)
{
    (void)self;
    (void)arena;
    return host;
}

static bool
no_provider(void *self, struct wh_str domain)
{
    (void)self;
    (void)domain;
    return false;
}

/* Runs the text as a test file beside the model. */
void
wh_small_run_text(struct wh_small *small, struct wh_str text)
{
    struct wh_error error;
    const struct wh_domain domain = {.registrable = whole_host, .is_mail_provider = no_provider};
    wh_small_write_file(small, "s.test.yaml", text);
    enum wh_err err = wh_test_file_run(&small->arena, wh_small_path_in(small, "s.test.yaml"),
                                       &domain, NULL, &small->file, &error);
    assert_int_equal(err, WH_OK);
}

/* One test with the story's touches and these expectations, one a line. */
const struct wh_test_result *
wh_small_run_expectation(struct wh_small *small, const char *expectation)
{
    struct wh_buf buf;
    wh_buf_init(&buf, &small->arena);
    wh_buf_printf(&buf, "model: small.yaml\ntests:\n  - name: a story\n%s    expect:\n      - %s\n",
                  story_text, expectation);
    wh_small_run_text(small, wh_buf_str(&buf));
    assert_int_equal(small->file.count, 1);
    return &small->file.results[0];
}

void
wh_small_assert_holds(struct wh_small *small, const char *expectation)
{
    const struct wh_test_result *result = wh_small_run_expectation(small, expectation);
    assert_string_equal(wh_arena_str(&small->arena, result->report).ptr, "");
    assert_true(result->passed);
    assert_int_equal(small->file.failed, 0);
}

void
wh_small_assert_report(struct wh_small *small, const struct wh_test_result *result,
                       const char *message)
{
    assert_false(result->passed);
    if (!wh_str_contains(result->report, wh_str_of(message))) {
        print_message("looked for: %s\n", message);
        assert_string_equal(wh_arena_str(&small->arena, result->report).ptr, message);
    }
}

void
wh_small_assert_fails(struct wh_small *small, const char *expectation, const char *message)
{
    wh_small_assert_report(small, wh_small_run_expectation(small, expectation), message);
    assert_int_equal(small->file.failed, 1);
}
