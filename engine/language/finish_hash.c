/* The name of a model: equal hashes compute equal values from equal touches. */
#include "engine/base/hash.h"
#include "engine/language/finish.h"

/* Raised by hand when a step changes its meaning, so that kept values are worked out anew. */
#define SEMANTICS 1

void
wh_finish_hash(struct wh_compiler *compiler)
{
    struct wh_ruleset *ruleset = compiler->ruleset;
    const struct wh_source_list *sources = &compiler->model->sources;
    struct wh_buf all;
    wh_buf_init(&all, compiler->arena);
    wh_buf_printf(&all, "semantics %d\n", SEMANTICS);
    for (size_t i = 0; i < sources->count; i++) {
        wh_buf_printf(&all, "source %zu\n", sources->sources[i]->text.len);
        wh_buf_push(&all, sources->sources[i]->text);
    }
    wh_buf_push(&all, wh_buf_str(&compiler->fingerprint));
    wh_hash_sha256(wh_buf_str(&all), ruleset->hash);
    wh_hash_hex(ruleset->hash, WH_HASH_SHA256_SIZE, ruleset->hash_hex);
}

static size_t
count_windows(const struct wh_ruleset *ruleset)
{
    size_t count = 0;
    for (size_t i = 0; i < ruleset->aggregate_count; i++) {
        count += ruleset->aggregates[i].window != WH_WINDOW_LIFE ? 1 : 0;
    }
    return count;
}

static void
push_count(struct wh_buf *buf, int64_t count, const char *noun)
{
    wh_buf_push(buf, wh_problem_count_text(buf->arena, count));
    wh_buf_printf(buf, " %s%s", noun, count == 1 ? "" : "s");
}

struct wh_str
wh_finish_summary(struct wh_compiler *compiler)
{
    const struct wh_ruleset *ruleset = compiler->ruleset;
    struct wh_size size = wh_finish_size(compiler);
    int32_t type = -1;
    size_t most = wh_finish_fan_out(compiler, &type);
    struct wh_buf text;
    wh_buf_init(&text, compiler->arena);
    push_count(&text, (int64_t)ruleset->rule_count, "rule");
    wh_buf_push_text(&text, ", ");
    push_count(&text, (int64_t)count_windows(ruleset), "window");
    wh_buf_push_text(&text, ", needs ");
    wh_duration_format(&text, compiler->need);
    wh_buf_push_text(&text, " of ");
    wh_duration_format(&text, ruleset->history_keep);
    wh_buf_push_text(&text, " history, at most ");
    push_count(&text, size.history + size.runs + size.values, "byte");
    wh_buf_push_text(&text, " a lead, ");
    push_count(&text, (int64_t)most, "rule");
    wh_buf_push_text(&text, " at most for one touch");
    if (type >= 0) {
        wh_buf_printf(&text, " (%.*s)", WH_STR_ARG(compiler->types[type].name));
    }
    return wh_buf_str(&text);
}
