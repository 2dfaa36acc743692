#include "engine/rules/eval.h"
#include "engine/rules/operators.h"
#include "engine/rules/sight.h"

/* A label of CHANGED is one of the label that the signal at hand is about. */
static struct wh_str
changed_label(struct wh_view *view, const struct wh_signal_moment *signal, int64_t ordinal)
{
    if (signal == NULL) {
        return (struct wh_str){NULL, 0};
    }
    const struct wh_signal *source = &view->ruleset->signals[signal->signal];
    const struct wh_label *label = &view->ruleset->labels[source->of];
    bool has_name = source->kind == WH_SIGNAL_CHANGED && (size_t)ordinal < label->name_count;
    return has_name ? label->names[ordinal] : (struct wh_str){NULL, 0};
}

/* The first CHANGED among the signals that an aggregate selects: all of its labels. */
static struct wh_str
label_of_selector(struct wh_view *view, const struct wh_selector *selector, int64_t ordinal)
{
    for (size_t i = 0; i < selector->signal_count; i++) {
        struct wh_signal_moment moment = {.signal = selector->signals[i]};
        struct wh_str name = changed_label(view, &moment, ordinal);
        if (name.len > 0) {
            return name;
        }
    }
    return (struct wh_str){NULL, 0};
}

static struct wh_str
label_of_meta(struct wh_view *view, enum wh_meta meta, const struct wh_signal_moment *signal,
              int64_t ordinal)
{
    return meta == WH_META_VERDICT ? wh_str_of(wh_verdict_str((enum wh_verdict)ordinal))
                                   : changed_label(view, signal, ordinal);
}

static struct wh_str
label_of_aggregate(struct wh_view *view, const struct wh_aggregate *aggregate, int64_t ordinal)
{
    const struct wh_node *root = &aggregate->value.nodes[aggregate->value.root];
    if (root->op == WH_OP_IT_META && root->arg != WH_META_VERDICT) {
        return label_of_selector(view, &aggregate->of, ordinal);
    }
    return wh_template_label(view, &aggregate->value, aggregate->value.root, ordinal);
}

struct wh_str
wh_template_label(struct wh_view *view, const struct wh_program *program, uint16_t index,
                  int64_t ordinal)
{
    const struct wh_node *node = &program->nodes[index];
    const struct wh_ruleset *ruleset = view->ruleset;
    enum wh_op op = (enum wh_op)node->op;
    if (op == WH_OP_LABEL) {
        return ruleset->labels[node->arg].names[ordinal];
    }
    if (op == WH_OP_PERSON) {
        return ruleset->hearing->report[node->arg].names[ordinal];
    }
    if (op == WH_OP_GRADE) {
        return wh_str_of(wh_grade_str((int32_t)ordinal));
    }
    if (op == WH_OP_STAGE) {
        return ruleset->stages.names[ordinal];
    }
    if (op == WH_OP_TOUCH_META) {
        return label_of_meta(view, (enum wh_meta)node->arg, view->signal, ordinal);
    }
    if (op == WH_OP_IT_META) {
        return label_of_meta(view, (enum wh_meta)node->arg, view->it_signal, ordinal);
    }
    if (op == WH_OP_STEP_META) {
        struct wh_sight sight = wh_sight_of_step(view, (int32_t)(node->arg >> WH_STEP_SHIFT));
        return label_of_meta(view, (enum wh_meta)(node->arg & WH_STEP_WHAT), sight.signal, ordinal);
    }
    if (op == WH_OP_AGGREGATE) {
        return label_of_aggregate(view, &ruleset->aggregates[node->arg], ordinal);
    }
    if (op == WH_OP_DEFAULT) {
        bool is_first = wh_value_is_known(wh_eval_node(view, program, (uint16_t)node->first));
        return wh_template_label(view, program, (uint16_t)(is_first ? node->first : node->second),
                                 ordinal);
    }
    return node->text;
}

static void
push_value(struct wh_view *view, struct wh_buf *buf, const struct wh_program *program,
           struct wh_value value)
{
    if (value.type == WH_TYPE_UNKNOWN) {
        wh_buf_push_char(buf, '?');
    } else if (value.type == WH_TYPE_LABEL) {
        wh_buf_push(buf, wh_template_label(view, program, program->root, value.number));
    } else {
        wh_value_format(buf, value);
    }
}

struct wh_str
wh_eval_text(struct wh_view *view, const struct wh_program *program, struct wh_value value)
{
    struct wh_buf buf;
    wh_buf_init(&buf, view->scratch);
    size_t count = value.type == WH_TYPE_LIST ? value.list->count : 1;
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_text(&buf, i > 0 ? ", " : "");
        push_value(view, &buf, program, value.type == WH_TYPE_LIST ? value.list->items[i] : value);
    }
    return wh_buf_str(&buf);
}

struct wh_str
wh_eval_template(struct wh_view *view, const struct wh_template *text, bool *ret_known)
{
    struct wh_buf buf;
    wh_buf_init(&buf, view->scratch);
    bool is_known = true;
    for (uint16_t i = 0; i < text->count; i++) {
        const struct wh_template_piece *piece = &text->pieces[i];
        if (piece->program == NULL) {
            wh_buf_push(&buf, piece->literal);
            continue;
        }
        struct wh_value value = wh_eval(view, piece->program);
        is_known = is_known && wh_value_is_known(value);
        wh_buf_push(&buf, wh_eval_text(view, piece->program, value));
    }
    *ret_known = is_known;
    return wh_buf_str(&buf);
}
