/* Strings: joining, searching, regular expressions. PCRE2 gets all its memory from scratch. */
#include "engine/base/decimal.h"
#include "engine/base/utf8.h"
#include "engine/rules/operators.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* How often PCRE2 may try before the answer is unknown; some milliseconds at worst. */
#define MATCH_LIMIT 10000
/* Memory of one match, in KiB: more than any match within the limit takes. */
#define HEAP_LIMIT_KIB 16384

struct regex_room {
    pcre2_match_data *data;
    pcre2_match_context *context;
};

struct wh_value
wh_text_join(struct wh_view *view, struct wh_str a, struct wh_str b)
{
    struct wh_buf buf;
    wh_buf_init(&buf, view->scratch);
    wh_buf_push(&buf, a);
    wh_buf_push(&buf, b);
    return wh_value_string(wh_buf_str(&buf));
}

static void *
scratch_alloc(size_t size, void *arena)
{
    return wh_arena_alloc(arena, size);
}

static void
scratch_free(void *block, void *arena)
{
    (void)block;
    (void)arena;
}

/* Made once for each view: match data keeps its stack from match to match. */
static struct regex_room *
room_of(struct wh_view *view)
{
    if (view->memo->regex_room != NULL) {
        return view->memo->regex_room;
    }
    pcre2_general_context *general =
        pcre2_general_context_create(scratch_alloc, scratch_free, view->scratch);
    struct regex_room *room = WH_ARENA_NEW(view->scratch, struct regex_room);
    room->data = pcre2_match_data_create(1, general);
    room->context = pcre2_match_context_create(general);
    pcre2_set_match_limit(room->context, MATCH_LIMIT);
    pcre2_set_depth_limit(room->context, MATCH_LIMIT);
    pcre2_set_heap_limit(room->context, HEAP_LIMIT_KIB);
    view->memo->regex_room = room;
    return room;
}

static struct wh_value
match(struct wh_view *view, const struct wh_regex *regex, struct wh_str subject)
{
    struct regex_room *room = room_of(view);
    const char *bytes = subject.ptr == NULL ? "" : subject.ptr;
    int found =
        pcre2_match(regex->code, (PCRE2_SPTR)bytes, subject.len, 0, 0, room->data, room->context);
    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {
        return wh_operators_fault(view);
    }
    return wh_value_bool(found >= 0);
}

static struct wh_value
of_one(struct wh_view *view, const struct wh_node *node, struct wh_str text)
{
    if (node->op == WH_OP_MATCHES) {
        return match(view, &view->ruleset->regexes[node->arg], text);
    }
    if (node->op == WH_OP_LOWER) {
        return wh_value_string(wh_utf8_lower(view->scratch, text));
    }
    return wh_value_of(WH_TYPE_NUMBER, (int64_t)wh_utf8_count(text) * WH_DECIMAL_ONE);
}

struct wh_value
wh_text_apply(struct wh_view *view, const struct wh_node *node, struct wh_value a,
              struct wh_value b)
{
    enum wh_op op = (enum wh_op)node->op;
    if (a.type != WH_TYPE_STRING) {
        return wh_operators_fault(view);
    }
    if (op == WH_OP_MATCHES || op == WH_OP_LOWER || op == WH_OP_SIZE) {
        return of_one(view, node, a.text);
    }
    if (b.type != WH_TYPE_STRING) {
        return wh_operators_fault(view);
    }
    if (op == WH_OP_STARTS_WITH) {
        return wh_value_bool(wh_str_starts_with(a.text, b.text));
    }
    if (op == WH_OP_ENDS_WITH) {
        return wh_value_bool(wh_str_ends_with(a.text, b.text));
    }
    if (op == WH_OP_CONTAINS) {
        return wh_value_bool(wh_str_contains(a.text, b.text));
    }
    return wh_value_bool(wh_str_glob(a.text, b.text));
}
