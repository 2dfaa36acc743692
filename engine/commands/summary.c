#include "engine/commands/summary.h"

#include "engine/base/time.h"
#include "engine/commands/columns.h"
#include "engine/language/problem.h"
#include "engine/rules/read.h"
#include "engine/score/entity.h"

/* Width of the first column. */
#define NAME 26

struct tally {
    uint64_t leads, ripe, held, withered, withdrawn;
};

struct tallies {
    struct tally *stages; /* one where the model has none */
    size_t stage_count;
    uint64_t lead_count;
};

struct printer {
    struct wh_buf *buf;
    const struct wh_summary *summary;
    const struct wh_summary_context *context;
    struct tallies tally;
};

void
wh_summary_init(struct wh_summary *summary, struct wh_arena *arena)
{
    *summary = (struct wh_summary){.arena = arena};
    wh_table_init(&summary->triggers, arena);
}

/* The first lead that came to this end is worth a look; the latest is more telling. */
static void
remember(struct wh_summary *summary, struct wh_str *key, const struct wh_event *event)
{
    if (!wh_str_equal(*key, event->snapshot->key)) {
        *key = wh_arena_str(summary->arena, event->snapshot->key);
    }
}

void
wh_summary_add(struct wh_summary *summary, const struct wh_event *event)
{
    int64_t fired = 0;
    summary->events[event->kind]++;
    if (event->kind == WH_EVENT_QUALIFIED) {
        remember(summary, &summary->ripe_key, event);
    } else if (event->kind == WH_EVENT_WITHDRAWN) {
        remember(summary, &summary->withdrawn_key, event);
    } else if (event->kind == WH_EVENT_FIRED) {
        bool is_known = wh_table_find(&summary->triggers, event->name, &fired);
        struct wh_str name = is_known ? event->name : wh_arena_str(summary->arena, event->name);
        wh_table_put(&summary->triggers, name, fired + 1);
    }
}

static void
push_title(struct printer *printer, const char *title)
{
    bool colour = printer->context->has_colour;
    wh_buf_printf(printer->buf, "\n%s%s%s\n", wh_columns_colour(colour, WH_COLOUR_STRONG), title,
                  wh_columns_colour(colour, WH_COLOUR_PLAIN));
}

static void
push_number(struct printer *printer, uint64_t number, size_t width)
{
    struct wh_str text = wh_problem_count_text(printer->buf->arena, (int64_t)number);
    wh_columns_push_right(printer->buf, text, width);
}

static void
push_row(struct printer *printer, struct wh_str name, uint64_t number)
{
    wh_buf_push_text(printer->buf, "  ");
    wh_columns_push_left(printer->buf, name, NAME);
    push_number(printer, number, 6);
    wh_buf_push_char(printer->buf, '\n');
}

static uint64_t
count_rejected(const struct wh_rejects *rejects)
{
    uint64_t count = 0;
    for (int i = 0; i < WH_REJECT_COUNT; i++) {
        count += rejects->counts[i];
    }
    return count;
}

static void
push_input(struct printer *printer)
{
    const struct wh_played *counts = printer->context->played;
    struct wh_arena *arena = printer->buf->arena;
    struct wh_str touches =
        wh_columns_count(arena, counts->outcomes[WH_OUTCOME_ACCEPTED], "touch", "touches");
    struct wh_str leads = wh_columns_count(arena, printer->tally.lead_count, "lead", "leads");
    struct wh_str records = wh_columns_count(arena, counts->records, "record", "records");
    wh_buf_printf(printer->buf, "\nPlayed %.*s: %.*s of %.*s, %llu sent again, %llu rejected",
                  WH_STR_ARG(records), WH_STR_ARG(touches), WH_STR_ARG(leads),
                  (unsigned long long)counts->outcomes[WH_OUTCOME_DUPLICATE],
                  (unsigned long long)count_rejected(printer->context->rejects));
    if (counts->outcomes[WH_OUTCOME_HISTORY_LATE] > 0) {
        wh_buf_printf(printer->buf, ", %llu older than the history kept",
                      (unsigned long long)counts->outcomes[WH_OUTCOME_HISTORY_LATE]);
    }
    if (counts->outcomes[WH_OUTCOME_ERASED] > 0) {
        wh_buf_printf(printer->buf, ", %llu of what was erased",
                      (unsigned long long)counts->outcomes[WH_OUTCOME_ERASED]);
    }
    if (counts->commands > 0) {
        struct wh_str commands = wh_columns_count(arena, counts->commands, "command", "commands");
        wh_buf_printf(printer->buf, ", %.*s about who is who", WH_STR_ARG(commands));
    }
    wh_buf_push_text(printer->buf, ".\n");
}

static void
push_clock(struct printer *printer)
{
    const struct wh_summary_context *context = printer->context;
    const struct wh_zone *zone = context->ruleset->zone;
    if (printer->tally.lead_count == 0 || context->now == WH_TIME_MIN) {
        return;
    }
    wh_buf_push_text(printer->buf, "The clock stands at ");
    wh_buf_push(printer->buf, wh_columns_time(printer->buf->arena, zone, context->now));
    wh_buf_printf(printer->buf, " (%.*s).\n", WH_STR_ARG(zone->name));
}

static void
tally_lead(const struct wh_announced *announced, struct tally *tally)
{
    bool ripe = false;
    bool held = false;
    bool withered = false;
    bool withdrawn = false;
    for (uint32_t i = 0; i < announced->qualification_count; i++) {
        held = held || announced->qualifications[i].held;
    }
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        enum wh_decision_state state = announced->decisions[i].state;
        ripe = ripe || state == WH_DECISION_STANDING;
        withdrawn = withdrawn || state == WH_DECISION_WITHDRAWN;
        withered = withered || state == WH_DECISION_WITHERED || state == WH_DECISION_OVER;
    }
    tally->leads++;
    tally->ripe += ripe ? 1 : 0;
    tally->held += held && !ripe ? 1 : 0;
    tally->withered += withered && !ripe ? 1 : 0;
    tally->withdrawn += withdrawn ? 1 : 0;
}

static size_t
stage_of(const struct wh_ruleset *ruleset, const struct wh_state *state, struct wh_arena *scratch)
{
    struct wh_view view;
    int64_t since = 0;
    wh_view_init(&view, ruleset, state, &state->live, scratch);
    int32_t stage = wh_read_stage(&view, &since);
    return stage < 0 ? 0 : (size_t)stage;
}

static void
push_tally(struct printer *printer, struct wh_str name, const struct tally *tally)
{
    const uint64_t numbers[] = {tally->leads, tally->ripe, tally->held, tally->withered,
                                tally->withdrawn};
    wh_buf_push_text(printer->buf, "  ");
    wh_columns_push_left(printer->buf, name, 14);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        push_number(printer, numbers[i], 11);
    }
    wh_buf_push_char(printer->buf, '\n');
}

static void
add_tally(struct tally *sum, const struct tally *tally)
{
    sum->leads += tally->leads;
    sum->ripe += tally->ripe;
    sum->held += tally->held;
    sum->withered += tally->withered;
    sum->withdrawn += tally->withdrawn;
}

/* One lead after the other: memory is that of one. */
static bool
take_lead(void *self, uint32_t partition, const struct wh_store_entry *entry)
{
    struct printer *printer = self;
    const struct wh_summary_context *context = printer->context;
    struct wh_entity entity;
    struct wh_str hash;
    struct wh_arena scratch;
    (void)partition;
    wh_arena_init(&scratch, 0);
    if (context->codec->decode_entity(context->codec->self, entry->bytes, &scratch, &hash, &entity,
                                      NULL) == WH_OK &&
        wh_models_adopt(context->models, context->database, context->ruleset, hash, &entity,
                        &scratch) &&
        wh_entity_is_somebody(&entity) && entity.identity.key.kind != WH_KEY_COMPANY) {
        size_t stage = context->ruleset->stages.present
                           ? stage_of(context->ruleset, &entity.state, &scratch)
                           : 0;
        tally_lead(&entity.state.announced, &printer->tally.stages[stage]);
        printer->tally.lead_count++;
    }
    wh_arena_fini(&scratch);
    return true;
}

static void
tally_leads(struct printer *printer)
{
    const struct wh_stages *stages = &printer->context->ruleset->stages;
    struct wh_sqlite_reader reader = wh_sqlite_reader_of(printer->context->database);
    struct wh_hash_id first = {{0}};
    struct wh_hash_id last;
    memset(last.bytes, 0xff, sizeof(last.bytes));
    printer->tally.stage_count = stages->present ? stages->count : 1;
    printer->tally.stages =
        WH_ARENA_ARRAY(printer->buf->arena, struct tally, printer->tally.stage_count);
    /* Fewer leads are shown when the file cannot be read; who writes it says so. */
    (void)!wh_sqlite_reader_states(&reader, &first, &last, take_lead, printer, NULL);
}

static void
push_stages(struct printer *printer)
{
    const struct wh_stages *stages = &printer->context->ruleset->stages;
    struct tally sum = {0};
    push_title(printer, stages->present ? "Leads by stage" : "Leads");
    wh_buf_printf(printer->buf, "  %-14s%11s%11s%11s%11s%11s\n", "", "leads", "ripe", "held back",
                  "withered", "withdrawn");
    for (size_t i = 0; i < printer->tally.stage_count; i++) {
        if (stages->present) {
            push_tally(printer, stages->names[i], &printer->tally.stages[i]);
        }
        add_tally(&sum, &printer->tally.stages[i]);
    }
    push_tally(printer, WH_STR("all"), &sum);
}

static void
push_events(struct printer *printer)
{
    const struct wh_summary *summary = printer->summary;
    push_title(printer, "Lead events");
    for (int i = 0; i < WH_EVENT_KIND_COUNT; i++) {
        if (summary->events[i] > 0 && i != WH_EVENT_FIRED) {
            push_row(printer, wh_str_of(wh_event_kind_str((enum wh_event_kind)i)),
                     summary->events[i]);
        }
    }
    for (size_t i = 0; i < summary->triggers.count; i++) {
        push_row(printer, summary->triggers.entries[i].key,
                 (uint64_t)summary->triggers.entries[i].value);
    }
    if (summary->silent > 0) {
        push_row(printer, WH_STR("too old to be announced"), summary->silent);
    }
}

static void
push_example(struct printer *printer, int reason)
{
    const struct wh_reject_example *example = &printer->context->rejects->examples[reason];
    wh_buf_push_text(printer->buf, "  ");
    wh_columns_push_left(printer->buf, wh_str_of(wh_reject_str((enum wh_reject)reason)), 16);
    push_number(printer, printer->context->rejects->counts[reason], 4);
    wh_buf_printf(printer->buf, "   line %llu", (unsigned long long)example->line);
    if (example->field.len > 0) {
        wh_buf_push_text(printer->buf, ", ");
        wh_columns_push_clean(printer->buf, example->field);
    }
    if (example->detail.len > 0) {
        wh_buf_push_text(printer->buf, ": ");
        wh_columns_push_clean(printer->buf, example->detail);
    }
    wh_buf_push_char(printer->buf, '\n');
}

static void
push_rejected(struct printer *printer)
{
    uint64_t count = count_rejected(printer->context->rejects);
    if (count == 0) {
        return;
    }
    push_title(printer, "Rejected input, with the first of each kind");
    for (int i = 0; i < WH_REJECT_COUNT; i++) {
        if (printer->context->rejects->counts[i] > 0) {
            push_example(printer, i);
        }
    }
    if (printer->context->data.len > 0) {
        wh_buf_printf(printer->buf, "  All of it, byte by byte, is kept in %.*s\n",
                      WH_STR_ARG(printer->context->data));
    }
}

static void
push_mended(struct printer *printer)
{
    const struct wh_decode_counts *mended = &printer->context->played->mended;
    const struct {
        const char *what;
        uint64_t count;
    } rows[] = {
        {"too long, cut", mended->cut},
        {"fields kept as properties", mended->unknown_names},
        {"identifiers over 8 dropped", mended->ids_dropped},
        {"identifiers of nobody", mended->placeholders},
    };
    bool has_any = false;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].count > 0 && !has_any) {
            push_title(printer, "Mended on the way in");
            has_any = true;
        }
        if (rows[i].count > 0) {
            push_row(printer, wh_str_of(rows[i].what), rows[i].count);
        }
    }
}

static bool
is_plain(struct wh_str text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@:._/+=-";
    for (size_t i = 0; i < text.len; i++) {
        if (memchr(plain, text.ptr[i], sizeof(plain) - 1) == NULL) {
            return false;
        }
    }
    return text.len > 0;
}

/* A word as a shell reads it back; one that holds a quote itself is left to the reader. */
static void
push_word(struct wh_buf *buf, struct wh_str word)
{
    const char *quote = is_plain(word) ? "" : "'";
    wh_buf_push_text(buf, quote);
    wh_columns_push_clean(buf, word);
    wh_buf_push_text(buf, quote);
}

static void
push_command(struct printer *printer, const char *command, struct wh_str word)
{
    wh_buf_printf(printer->buf, "  %s %s ", printer->context->program, command);
    push_word(printer->buf, word);
}

static void
push_lead_command(struct printer *printer, struct wh_str key, struct wh_str data, const char *why)
{
    if (key.len > 0) {
        push_command(printer, "lead", key);
        wh_buf_push_text(printer->buf, " --data ");
        push_word(printer->buf, data);
        wh_buf_printf(printer->buf, "\n      %s\n", why);
    }
}

static void
push_next(struct printer *printer)
{
    const struct wh_summary_context *context = printer->context;
    struct wh_str data = context->data;
    push_title(printer, "What to try next");
    if (data.len == 0) {
        data = WH_STR("state");
        push_command(printer, "up --model", context->model);
        wh_buf_push_text(printer->buf, " --play ");
        push_word(printer->buf, context->file);
        wh_buf_printf(printer->buf,
                      " --clock log --once --data %.*s\n"
                      "      the same once more, and it keeps the leads; then:\n",
                      WH_STR_ARG(data));
    }
    push_lead_command(printer, printer->summary->ripe_key, data,
                      "a ripe lead: every touch, every point, what comes next");
    push_lead_command(printer, printer->summary->withdrawn_key, data,
                      "one that was handed over and taken back");
    push_command(printer, "check", context->model);
    wh_buf_push_text(printer->buf,
                     "\n      after you have changed a number in it; then play it again\n");
}

void
wh_summary_print(struct wh_buf *buf, const struct wh_summary *summary,
                 const struct wh_summary_context *context)
{
    struct printer printer = {.buf = buf, .summary = summary, .context = context};
    tally_leads(&printer);
    push_input(&printer);
    push_clock(&printer);
    push_stages(&printer);
    push_events(&printer);
    push_rejected(&printer);
    push_mended(&printer);
    push_next(&printer);
}
