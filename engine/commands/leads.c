/* `waterhole leads`: many leads, from what `up --data` keeps. */
#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/leads_text.h"
#include "engine/score/entity.h"

struct leads {
    const struct wh_call *call;
    struct wh_kept kept;
    struct wh_leads_filter filter;
    struct wh_leads_rows rows;
    size_t limit;
};

static bool
is_of_companies(const struct leads *leads)
{
    return wh_args_has(leads->call->args, "--companies");
}

static const struct wh_ruleset *
ruleset_of(const struct leads *leads)
{
    const struct wh_ruleset *model = leads->kept.ruleset;
    return is_of_companies(leads) ? model->company : model;
}

static struct wh_str
stage_at(const struct wh_ruleset *ruleset, size_t index)
{
    return ruleset->stages.names[index];
}

static struct wh_str
segment_at(const struct wh_ruleset *ruleset, size_t index)
{
    return ruleset->segments[index].id;
}

/* The index of the name that the flag has, -1 without the flag. */
static enum wh_exit
read_name(const struct leads *leads, const char *flag, size_t count,
          struct wh_str (*at)(const struct wh_ruleset *, size_t), int32_t *ret_index)
{
    struct wh_str text = wh_args_text(leads->call->args, flag);
    struct wh_nearest nearest = wh_nearest_to(text);
    *ret_index = -1;
    if (!wh_args_has(leads->call->args, flag)) {
        return WH_EXIT_DONE;
    }
    for (size_t i = 0; i < count; i++) {
        struct wh_str name = at(ruleset_of(leads), i);
        if (wh_str_equal(name, text)) {
            *ret_index = (int32_t)i;
            return WH_EXIT_DONE;
        }
        wh_nearest_offer(&nearest, name, 0);
    }
    if (wh_nearest_found(&nearest)) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"%s\": the model has no \"%.*s\"; did you mean \"%.*s\"?", flag,
                               WH_STR_ARG(text), WH_STR_ARG(nearest.best));
    }
    return wh_console_fail(WH_EXIT_USAGE, "\"%s\": the model has no \"%.*s\"", flag,
                           WH_STR_ARG(text));
}

static enum wh_exit
read_owner(struct leads *leads)
{
    const struct wh_ruleset *ruleset = ruleset_of(leads);
    leads->filter.owner = -1;
    for (size_t i = 0; i < ruleset->attribute_count; i++) {
        const struct wh_column *column = &ruleset->columns[ruleset->attributes[i].column];
        if (column->kind == WH_COLUMN_LEAD && wh_str_is(column->name, "owner")) {
            leads->filter.owner = (int32_t)i;
        }
    }
    leads->filter.has_owner = wh_args_has(leads->call->args, "--owner");
    leads->filter.owner_is = wh_args_text(leads->call->args, "--owner");
    if (leads->filter.has_owner && leads->filter.owner < 0) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--owner\": no rule of the model reads lead.owner, so it is not "
                               "kept");
    }
    return WH_EXIT_DONE;
}

static enum wh_exit
read_since(struct leads *leads)
{
    struct wh_str text = wh_args_text(leads->call->args, "--since");
    int64_t duration = 0;
    leads->filter.since = WH_TIME_MIN;
    if (!wh_args_has(leads->call->args, "--since")) {
        return WH_EXIT_DONE;
    }
    if (wh_duration_parse(text, &duration) != WH_OK) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--since\" is a duration such as 7d or 12h, found \"%.*s\"",
                               WH_STR_ARG(text));
    }
    leads->filter.since = leads->kept.now - duration;
    return WH_EXIT_DONE;
}

static enum wh_exit
read_limit(struct leads *leads)
{
    struct wh_str text = wh_args_text(leads->call->args, "--limit");
    size_t limit = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool is_digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        limit = is_digit && limit <= WH_LEADS_ROWS_MAX ? 10 * limit + (size_t)(text.ptr[i] - '0')
                                                       : WH_LEADS_ROWS_MAX + 1;
    }
    if (limit < 1 || limit > WH_LEADS_ROWS_MAX) {
        return wh_console_fail(WH_EXIT_USAGE,
                               "\"--limit\" is a number from 1 to %d, found \"%.*s\"",
                               WH_LEADS_ROWS_MAX, WH_STR_ARG(text));
    }
    leads->limit = limit;
    return WH_EXIT_DONE;
}

static enum wh_exit
read_filter(struct leads *leads)
{
    const struct wh_ruleset *ruleset = ruleset_of(leads);
    enum wh_exit code =
        read_name(leads, "--stage", ruleset->stages.count, stage_at, &leads->filter.stage);
    if (code == WH_EXIT_DONE) {
        code = read_name(leads, "--segment", ruleset->segment_count, segment_at,
                         &leads->filter.segment);
    }
    leads->filter.only_ripe = wh_args_has(leads->call->args, "--ripe");
    code = code == WH_EXIT_DONE ? read_owner(leads) : code;
    code = code == WH_EXIT_DONE ? read_since(leads) : code;
    return code == WH_EXIT_DONE ? read_limit(leads) : code;
}

/* A wh_kept_lead_fn. */
static bool
take(void *self, struct wh_kept_lead *lead)
{
    struct leads *leads = self;
    struct wh_leads_row row;
    bool is_company = lead->entity.identity.key.kind == WH_KEY_COMPANY;
    if (!wh_entity_is_somebody(&lead->entity) || is_company != is_of_companies(leads)) {
        return true;
    }
    wh_kept_go_on(&leads->kept, lead, lead->entity.state.arena);
    if (wh_leads_row_of(ruleset_of(leads), lead, &leads->filter, &row)) {
        wh_leads_rows_add(&leads->rows, &row);
    }
    return true;
}

static void
print(struct leads *leads)
{
    struct wh_buf buf;
    struct wh_str format = wh_args_text(leads->call->args, "--format");
    const struct wh_leads_rows *rows = &leads->rows;
    struct wh_leads_style style = {.ruleset = ruleset_of(leads),
                                   .has_owner = leads->filter.owner >= 0};
    wh_buf_init(&buf, leads->call->arena);
    if (wh_args_has(leads->call->args, "--json") || wh_str_is(format, "json")) {
        wh_leads_json(&buf, &style, rows);
    } else if (wh_str_is(format, "csv")) {
        wh_leads_csv(&buf, &style, rows);
    } else {
        wh_leads_table(&buf, &style, rows);
    }
    wh_console_result(wh_buf_str(&buf));
    if (rows->seen > rows->count) {
        wh_console_message("%zu of %llu leads are shown: the ripe, then the most interested; "
                           "--limit N shows more",
                           rows->count, (unsigned long long)rows->seen);
    }
}

static enum wh_exit
look_at_all(struct leads *leads)
{
    struct wh_hash_id first = {{0}};
    struct wh_hash_id last;
    memset(last.bytes, UINT8_MAX, sizeof(last.bytes));
    return wh_kept_each(&leads->kept, &first, &last, take, leads);
}

enum wh_exit
wh_command_leads(const struct wh_call *call)
{
    struct leads leads = {.call = call};
    enum wh_exit code = wh_kept_open(call, &leads.kept);
    code = code == WH_EXIT_DONE ? read_filter(&leads) : code;
    if (code == WH_EXIT_DONE) {
        wh_leads_rows_init(&leads.rows, leads.limit, call->arena);
        code = look_at_all(&leads);
        wh_leads_rows_end(&leads.rows);
        if (code == WH_EXIT_DONE) {
            print(&leads);
        }
        wh_leads_rows_fini(&leads.rows);
    }
    wh_kept_close(&leads.kept);
    return code;
}
