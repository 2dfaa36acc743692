#include "engine/score/tell.h"

#include "engine/base/utf8.h"
#include "engine/model/key_set.h"
#include "engine/rules/read.h"
#include "engine/score/explain.h"
#include "engine/score/family.h"
#include "engine/score/parcels_parts.h"

void
wh_told_begin(struct wh_position *position)
{
    struct wh_timeline *timeline = position->timeline;
    const struct wh_ruleset *ruleset = position->ruleset;
    if (ruleset->telling == NULL) {
        return;
    }
    if (timeline->earned == NULL) {
        timeline->earned =
            WH_ARENA_ARRAY(position->view->scratch, int64_t, ruleset->score_count + 1);
    }
    for (size_t i = 0; i < ruleset->score_count; i++) {
        timeline->earned[i] = 0;
    }
    position->earned = timeline->earned;
}

static wh_cell_t
value_of(struct wh_position *position, const struct wh_told *told)
{
    const struct wh_ruleset *ruleset = position->ruleset;
    struct wh_strings *strings = &position->timeline->state->strings;
    if (told->kind == WH_TOLD_EARNED) {
        return wh_cell_make(WH_TYPE_NUMBER, position->earned[told->index]);
    }
    if (told->kind == WH_TOLD_ATTRIBUTE) {
        return position->fold->cells[ruleset->attributes[told->index].cell];
    }
    enum wh_lead_fact fact = (enum wh_lead_fact)told->index;
    return wh_strings_to_cell(strings, wh_read_lead(position->view, fact));
}

void
wh_told_move(struct wh_position *position)
{
    struct wh_state *state = position->timeline->state;
    struct wh_history *history = &state->history;
    const struct wh_telling *telling = position->ruleset->telling;
    uint32_t row = (uint32_t)position->row;
    if (telling == NULL) {
        return;
    }
    for (size_t i = 0; i < telling->value_count; i++) {
        const struct wh_told *told = &telling->values[i];
        wh_history_set_cell(history, (uint32_t)told->column, row, value_of(position, told));
    }
    /* Other folds look at what was told long ago. */
    if (position->fold == &state->live) {
        history->flags[row] |= WH_ROW_UNTOLD;
    }
}

/* One telling. */
struct telling {
    struct wh_walk *walk;
    const struct wh_telling *what;
    struct wh_key self;
    struct wh_view view; /* as of now */
    struct wh_identity_effects *effects;
};

static struct wh_identity_tell *
send(struct telling *telling, struct wh_str domain)
{
    struct wh_state *state = telling->walk->state;
    struct wh_key company = {WH_KEY_COMPANY, wh_arena_str(telling->walk->scratch, domain)};
    struct wh_identity_message *message =
        wh_identity_effects_send(telling->effects, company, telling->self, WH_IDENTITY_TELL);
    const struct wh_adoption *adoption = telling->walk->adoption;
    message->as.tell = (struct wh_identity_tell){
        .person = wh_explain_id(&state->id, telling->walk->scratch),
        .silent = adoption != NULL && adoption->mode == WH_ADOPT_SILENT,
    };
    return &message->as.tell;
}

static void
forget(struct wh_state *state)
{
    struct wh_history *history = &state->history;
    for (uint32_t row = 0; row < history->count; row++) {
        history->told[row] = 0;
        history->flags[row] &= (uint8_t)~WH_ROW_UNTOLD;
    }
    state->told_report = 0;
    state->told_to = (struct wh_str){NULL, 0};
}

/* The domain of whom the lead works for; empty: nobody. */
static struct wh_str
company_of(struct telling *telling)
{
    struct wh_arena *scratch = telling->walk->scratch;
    struct wh_value company = wh_read_lead(&telling->view, WH_LEAD_COMPANY);
    struct wh_str domain = {NULL, 0};
    if (company.type == WH_TYPE_STRING) {
        struct wh_str lower = wh_utf8_lower(scratch, company.text);
        (void)wh_key_normalise(scratch, WH_KEY_COMPANY, lower, &domain);
    }
    return domain;
}

static bool
says_of_company(const struct telling *telling, uint32_t row)
{
    const struct wh_ruleset *ruleset = telling->walk->ruleset;
    for (size_t i = 0; i < telling->what->column_count; i++) {
        int32_t column = telling->what->columns[i];
        if (ruleset->columns[column].kind == WH_COLUMN_COMPANY &&
            wh_history_cell(&telling->walk->state->history, (uint32_t)column, row) !=
                WH_CELL_ABSENT) {
            return true;
        }
    }
    return false;
}

/* Whether the company is to know of the touch. */
static bool
is_of_interest(const struct telling *telling, uint32_t row)
{
    const struct wh_history *history = &telling->walk->state->history;
    int32_t type = history->type[row];
    if (history->verdict[row] < (uint8_t)telling->walk->ruleset->minimum) {
        return false;
    }
    return (telling->what->every_act && (history->flags[row] & WH_ROW_ACT) != 0) ||
           (type >= 0 && telling->what->types[type]) || says_of_company(telling, row);
}

static wh_cell_t
place_cell(const struct telling *telling, struct wh_strings *strings, uint32_t row)
{
    int16_t place = telling->walk->state->history.place[row];
    if (place < 0) {
        return WH_CELL_ABSENT;
    }
    struct wh_str id = telling->walk->ruleset->places[place].id;
    return wh_cell_make(WH_TYPE_STRING, wh_strings_intern_whole(strings, id));
}

static void
put_cell(struct wh_bundle *bundle, enum wh_column_kind kind, struct wh_str name, wh_cell_t cell)
{
    if (cell != WH_CELL_ABSENT) {
        uint32_t column = wh_bundle_column(bundle, (uint8_t)kind, name);
        bundle->columns[column].cells[bundle->row_count - 1] = cell;
    }
}

static void
put_column(const struct telling *telling, uint32_t row, int32_t number, struct wh_bundle *bundle)
{
    const struct wh_state *state = telling->walk->state;
    const struct wh_column *column = &telling->walk->ruleset->columns[number];
    wh_cell_t cell = wh_history_cell(&state->history, (uint32_t)number, row);
    put_cell(bundle, column->kind, column->name,
             wh_parcels_move_cell(&bundle->strings, &state->strings, cell));
}

static struct wh_str
type_of(const struct wh_state *state, uint32_t row)
{
    wh_cell_t cell = wh_history_cell(&state->history, WH_FIELD_TYPE, row);
    struct wh_value type = wh_strings_of_cell(&state->strings, cell);
    return type.type == WH_TYPE_STRING ? type.text : WH_STR("");
}

/* The person by the public id: what identifiers a touch carried is no affair of the company. */
static uint32_t
keys_of(const struct telling *telling, struct wh_strings *strings)
{
    struct wh_key person = {WH_KEY_ANON, wh_explain_id(&telling->walk->state->id, strings->arena)};
    return wh_strings_intern_whole(strings, wh_key_set_text(strings->arena, &person, 1));
}

static void
pack(const struct telling *telling, uint32_t row, struct wh_bundle *bundle)
{
    const struct wh_state *state = telling->walk->state;
    const struct wh_history *history = &state->history;
    struct wh_strings *strings = &bundle->strings;
    struct wh_bundle_row packed = {
        .at = history->at[row],
        .received = history->received[row],
        .id = wh_strings_intern_whole(strings, wh_strings_get(&state->strings, history->id[row])),
        .type = wh_strings_intern_whole(strings, type_of(state, row)),
        .flags = (uint8_t)(history->flags[row] & ~WH_ROW_UNTOLD),
        .keys = keys_of(telling, strings),
    };
    (void)wh_bundle_add_row(bundle, packed);
    for (size_t i = 0; i < telling->what->column_count; i++) {
        put_column(telling, row, telling->what->columns[i], bundle);
    }
    for (size_t i = 0; i < telling->what->value_count; i++) {
        put_column(telling, row, telling->what->values[i].column, bundle);
    }
    put_cell(bundle, WH_COLUMN_PLACE, WH_STR(""), place_cell(telling, strings, row));
    put_cell(bundle, WH_COLUMN_VERDICT, WH_STR(""),
             wh_cell_make(WH_TYPE_NUMBER, history->verdict[row]));
}

static void
push_cell(struct wh_buf *buf, const struct wh_strings *strings, wh_cell_t cell)
{
    struct wh_value value = wh_strings_of_cell(strings, cell);
    wh_buf_push_int(buf, cell == WH_CELL_ABSENT ? -1 : (int64_t)value.type);
    wh_buf_push_char(buf, ':');
    wh_buf_push_int(buf, value.type == WH_TYPE_STRING ? (int64_t)value.text.len : value.number);
    wh_buf_push_char(buf, ' ');
    if (value.type == WH_TYPE_STRING) {
        wh_buf_push(buf, value.text);
    }
}

/* Of everything that one row of a bundle says; never 0. */
static uint64_t
fingerprint(const struct wh_bundle *bundle, uint32_t row, struct wh_arena *scratch)
{
    const struct wh_bundle_row *from = &bundle->rows[row];
    struct wh_buf buf;
    wh_buf_init(&buf, scratch);
    wh_buf_push_int(&buf, from->at);
    wh_buf_push_char(&buf, ' ');
    wh_buf_push_int(&buf, from->received);
    wh_buf_push_char(&buf, ' ');
    wh_buf_push_int(&buf, from->flags);
    push_cell(&buf, &bundle->strings, wh_cell_make(WH_TYPE_STRING, from->type));
    for (uint32_t i = 0; i < bundle->column_count; i++) {
        const struct wh_bundle_column *column = &bundle->columns[i];
        if (column->cells[row] != WH_CELL_ABSENT) {
            wh_buf_push_int(&buf, column->kind);
            wh_buf_push(&buf, column->name);
            push_cell(&buf, &bundle->strings, column->cells[row]);
        }
    }
    uint64_t digest = wh_hash_fingerprint(wh_buf_str(&buf));
    return digest == 0 ? 1 : digest;
}

/* By itself, so that the order of its columns is always the same. */
static uint64_t
fingerprint_of(const struct telling *telling, uint32_t row)
{
    struct wh_bundle alone;
    wh_bundle_begin(&alone, telling->walk->scratch);
    pack(telling, row, &alone);
    return fingerprint(&alone, 0, telling->walk->scratch);
}

static struct wh_value
reported(struct telling *telling, const struct wh_told *told)
{
    const struct wh_ruleset *ruleset = telling->walk->ruleset;
    struct wh_view *view = &telling->view;
    int32_t ordinal = -1;
    switch (told->kind) {
    case WH_TOLD_ATTRIBUTE:
        return wh_read_attribute(view, told->index);
    case WH_TOLD_FACT:
        return wh_read_lead(view, (enum wh_lead_fact)told->index);
    case WH_TOLD_SEGMENT:
        return wh_value_bool(wh_read_segment(view, told->index));
    case WH_TOLD_LABEL:
        ordinal = wh_read_label(view, told->index);
        return ordinal < 0 ? WH_UNKNOWN
                           : wh_value_string(ruleset->labels[told->index].names[ordinal]);
    case WH_TOLD_STAGE:
        ordinal = wh_read_stage(view, &(int64_t){0});
        return ordinal < 0 ? WH_UNKNOWN : wh_value_string(ruleset->stages.names[ordinal]);
    case WH_TOLD_GRADE:
        return wh_value_string(wh_str_of(wh_grade_str(wh_read_grade(view))));
    case WH_TOLD_EARNED:
        break;
    }
    return WH_UNKNOWN;
}

/* What he is now; NULL: as he told before. */
static struct wh_bundle *
report(struct telling *telling)
{
    struct wh_state *state = telling->walk->state;
    struct wh_arena *scratch = telling->walk->scratch;
    struct wh_bundle *bundle = WH_ARENA_NEW(scratch, struct wh_bundle);
    wh_bundle_begin(bundle, scratch);
    uint32_t nothing = wh_strings_intern(&bundle->strings, WH_STR(""));
    struct wh_bundle_row row = {.id = nothing, .type = nothing};
    row.keys = keys_of(telling, &bundle->strings);
    row.flags = WH_ROW_REPORT;
    (void)wh_bundle_add_row(bundle, row);
    for (size_t i = 0; i < telling->what->report_count; i++) {
        const struct wh_told *told = &telling->what->report[i];
        struct wh_value value = reported(telling, told);
        put_cell(bundle, WH_COLUMN_REPORT, told->name,
                 wh_value_is_known(value) ? wh_strings_to_cell(&bundle->strings, value)
                                          : WH_CELL_UNKNOWN);
    }
    uint64_t digest = fingerprint(bundle, 0, scratch);
    if (digest == state->told_report) {
        return NULL;
    }
    state->told_report = digest;
    bundle->rows[0].at = bundle->rows[0].received = telling->walk->moment.now;
    return bundle;
}

/* What of a row is new: to be packed, or struck. */
enum news { NEWS_NONE, NEWS_CHANGED, NEWS_STRUCK };

static enum news
news_of(const struct telling *telling, uint32_t row, bool whole)
{
    struct wh_history *history = &telling->walk->state->history;
    if (!whole && (history->flags[row] & WH_ROW_UNTOLD) == 0) {
        return NEWS_NONE;
    }
    history->flags[row] &= (uint8_t)~WH_ROW_UNTOLD;
    uint64_t before = history->told[row];
    bool interests = is_of_interest(telling, row);
    history->told[row] = interests ? fingerprint_of(telling, row) : 0;
    if (interests && (whole || history->told[row] != before)) {
        return NEWS_CHANGED;
    }
    return !interests && before != 0 ? NEWS_STRUCK : NEWS_NONE;
}

/* The message that is being filled. */
struct draft {
    struct wh_bundle *touches;
    struct wh_str *struck;
    uint32_t struck_count;
    bool whole;
};

static void
begin(struct telling *telling, struct draft *draft)
{
    draft->touches = WH_ARENA_NEW(telling->walk->scratch, struct wh_bundle);
    wh_bundle_begin(draft->touches, telling->walk->scratch);
}

static void
finish(struct telling *telling, struct draft *draft, struct wh_bundle *news)
{
    bool any = draft->touches->row_count > 0 || draft->struck_count > 0;
    if (!any && news == NULL && !draft->whole) {
        return;
    }
    struct wh_identity_tell *tell = send(telling, telling->walk->state->told_to);
    tell->whole = draft->whole;
    tell->struck = draft->struck;
    tell->struck_count = draft->struck_count;
    tell->touches = draft->touches->row_count > 0 ? draft->touches : NULL;
    tell->report = news;
    draft->struck_count = 0;
    draft->whole = false;
    begin(telling, draft);
}

static void
tell_differences(struct telling *telling, bool whole)
{
    struct wh_state *state = telling->walk->state;
    const struct wh_history *history = &state->history;
    struct draft draft = {
        .struck = WH_ARENA_ARRAY(telling->walk->scratch, struct wh_str, history->count),
        .whole = whole,
    };
    begin(telling, &draft);
    for (uint32_t row = 0; row < state->live.rows; row++) {
        enum news news = news_of(telling, row, whole);
        if (news == NEWS_STRUCK) {
            draft.struck[draft.struck_count++] = wh_strings_get(&state->strings, history->id[row]);
        } else if (news == NEWS_CHANGED) {
            pack(telling, row, draft.touches);
            draft.touches->rows[draft.touches->row_count - 1].digest = history->told[row];
        }
        if (draft.touches->row_count % 64 == 63 && wh_bundle_size(draft.touches) > WH_TELL_SIZE) {
            finish(telling, &draft, NULL);
        }
    }
    finish(telling, &draft, telling->what->reports ? report(telling) : NULL);
}

void
wh_tell(struct wh_walk *walk, struct wh_key self, bool nobody, struct wh_identity_effects *effects)
{
    struct wh_state *state = walk->state;
    struct telling telling = {
        .walk = walk, .what = walk->ruleset->telling, .self = self, .effects = effects};
    if (telling.what == NULL && state->told_to.len == 0) {
        return;
    }
    wh_view_init(&telling.view, walk->ruleset, state, &state->live, walk->scratch);
    telling.view.now = walk->moment.now;
    telling.view.rows = state->live.rows;
    bool is_told = telling.what != NULL && !nobody && state->live.at != WH_TIME_MIN;
    struct wh_str domain = is_told ? company_of(&telling) : (struct wh_str){NULL, 0};
    bool moved = !wh_str_equal(domain, state->told_to);
    if (moved && state->told_to.len > 0) {
        send(&telling, state->told_to)->gone = true;
    }
    if (moved) {
        forget(state);
        state->told_to = wh_arena_str(state->arena, domain);
    }
    if (domain.len > 0) {
        tell_differences(&telling, moved || walk->store.left > 0);
    }
}
