#include "engine/commands/lead_find.h"

#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/commands/key_text.h"
#include "engine/rules/read.h"
#include "engine/score/entity.h"
#include "engine/score/identity.h"

/* That many leads are named when none is meant, or several may be. */
#define NAMED_MAX 5
/* A beginning of a lead id that is long enough to be no accident. */
#define ID_LEN_MIN 6
/* Strengths, and joins of CRM records after each other. */
#define HOPS_MAX 64

struct finder {
    struct wh_arena *arena;
    struct wh_kept *kept;
    struct wh_str text; /* as typed, or normalised */
    struct wh_key key;  /* when has_key */
    bool has_key;
    struct wh_str found; /* bytes of the lead, or of the first by identifier; empty: none yet */
    bool is_certain;
    struct wh_str matches[NAMED_MAX];
    size_t match_count;
    struct wh_str near[NAMED_MAX]; /* nearest first */
    size_t distances[NAMED_MAX];
    size_t near_count;
};

static void
read_key(struct finder *finder)
{
    finder->has_key = wh_key_text_read(finder->arena, finder->text, &finder->key);
    if (finder->has_key) {
        finder->text = wh_key_text(finder->arena, finder->key);
    }
}

static bool
is_id(const struct finder *finder, const struct wh_state *state)
{
    char hex[2 * WH_HASH_ID_SIZE + 1];
    wh_hash_hex(state->id.bytes, WH_HASH_ID_SIZE, hex);
    return finder->text.len >= ID_LEN_MIN && wh_str_starts_with(wh_str_of(hex), finder->text);
}

/* The lead's identifier of that kind, as of now; an anonymous one is only known as a key. */
static struct wh_str
identifier_of(const struct finder *finder, const struct wh_state *state)
{
    const struct wh_ruleset *ruleset = finder->kept->ruleset;
    struct wh_view view;
    int32_t attribute = -1;
    switch (finder->key.kind) {
    case WH_KEY_CRM:
        attribute = ruleset->crm;
        break;
    case WH_KEY_EMAIL:
        attribute = ruleset->email;
        break;
    case WH_KEY_PHONE:
        attribute = ruleset->phone;
        break;
    case WH_KEY_USER:
    case WH_KEY_ANON:
    case WH_KEY_COMPANY:
    case WH_KEY_ROUTE:
    case WH_KEY_KIND_COUNT:
        break;
    }
    /* A company is known by its key alone. */
    bool is_company = wh_str_starts_with(state->key, WH_STR("company:"));
    if (!finder->has_key || attribute < 0 || is_company) {
        return (struct wh_str){NULL, 0};
    }
    wh_view_init(&view, ruleset, state, &state->live, state->arena);
    return wh_read_attribute(&view, attribute).text;
}

/* Whether the new one goes before the one at `place`: leads come in no order that says anything. */
static bool
is_nearer(const struct finder *finder, size_t place, size_t distance, struct wh_str key)
{
    if (finder->distances[place] != distance) {
        return distance < finder->distances[place];
    }
    return wh_str_compare(key, finder->near[place]) < 0;
}

static void
offer_near(struct finder *finder, struct wh_str key)
{
    bool contains = wh_str_contains(key, finder->has_key ? finder->key.value : finder->text);
    size_t distance = contains ? 0 : wh_str_distance(key, finder->text);
    size_t place = finder->near_count;
    if (distance > finder->text.len / 3) {
        return;
    }
    while (place > 0 && is_nearer(finder, place - 1, distance, key)) {
        place--;
    }
    if (place == NAMED_MAX) {
        return;
    }
    finder->near_count += finder->near_count < NAMED_MAX ? 1 : 0;
    for (size_t i = finder->near_count - 1; i > place; i--) {
        finder->near[i] = finder->near[i - 1];
        finder->distances[i] = finder->distances[i - 1];
    }
    finder->near[place] = wh_arena_str(finder->arena, key);
    finder->distances[place] = distance;
}

static void
take(struct finder *finder, const struct wh_kept_lead *lead)
{
    finder->found = wh_arena_str(finder->arena, lead->bytes);
}

/* The first ones by key. */
static void
add_match(struct finder *finder, struct wh_str key)
{
    size_t place = finder->match_count < NAMED_MAX ? finder->match_count++ : NAMED_MAX;
    while (place > 0 && wh_str_compare(key, finder->matches[place - 1]) < 0) {
        place--;
        if (place + 1 < NAMED_MAX) {
            finder->matches[place + 1] = finder->matches[place];
        }
    }
    if (place < NAMED_MAX) {
        finder->matches[place] = wh_arena_str(finder->arena, key);
    }
}

/* A wh_kept_lead_fn: false when this is the lead, without doubt. */
static bool
look_at(void *self, struct wh_kept_lead *lead)
{
    struct finder *finder = self;
    const struct wh_state *state = &lead->entity.state;
    if (wh_identity_is_lead(&lead->entity.identity) && !wh_entity_is_somebody(&lead->entity)) {
        return true; /* erased: nobody */
    }
    if (wh_str_equal(state->key, finder->text)) {
        finder->is_certain = true;
        take(finder, lead);
        return false;
    }
    struct wh_str identifier = wh_entity_is_somebody(&lead->entity) ? identifier_of(finder, state)
                                                                    : (struct wh_str){NULL, 0};
    bool has_it = identifier.len > 0 && wh_str_equal(identifier, finder->key.value);
    if (has_it || is_id(finder, state)) {
        if (finder->match_count == 0) {
            take(finder, lead);
        }
        add_match(finder, state->key);
    }
    if (wh_entity_is_somebody(&lead->entity)) {
        offer_near(finder, state->key);
    }
    return true;
}

static void
push_keys(struct wh_buf *buf, const struct wh_str *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wh_buf_push_text(buf, "\n  ");
        wh_columns_push_clean(buf, keys[i]);
    }
}

static enum wh_exit
tell(struct finder *finder)
{
    struct wh_buf buf;
    wh_buf_init(&buf, finder->arena);
    if (finder->match_count > 1) {
        wh_buf_push_text(&buf, "several leads may be meant by \"");
        wh_columns_push_clean(&buf, finder->text);
        wh_buf_push_text(&buf, "\":");
        push_keys(&buf, finder->matches, finder->match_count);
    } else {
        wh_buf_push_text(&buf, "no lead \"");
        wh_columns_push_clean(&buf, finder->text);
        wh_buf_push_text(&buf, finder->near_count > 0 ? "\"; near to it are" : "\"");
        push_keys(&buf, finder->near, finder->near_count);
    }
    if (!finder->has_key && finder->match_count == 0) {
        wh_buf_push_text(&buf, "\na key is kind:value, such as email:ann@stadtwerke.example, "
                               "user:42, anon:c-81, or a lead id");
    }
    return wh_console_fail(WH_EXIT_PROBLEMS, "%s", wh_buf_text(&buf));
}

/* The entity of that very key first: it lies where its keyed hash says. Then all of them. */
static enum wh_exit
look(struct finder *finder)
{
    struct wh_hash_id first = {{0}};
    struct wh_hash_id last;
    memset(last.bytes, UINT8_MAX, sizeof(last.bytes));
    if (finder->has_key) {
        struct wh_hash_id id = wh_key_id(finder->kept->secret, finder->arena, finder->key);
        enum wh_exit code = wh_kept_each(finder->kept, &id, &id, look_at, finder);
        if (code != WH_EXIT_DONE || finder->is_certain) {
            return code;
        }
    }
    return wh_kept_each(finder->kept, &first, &last, look_at, finder);
}

/* A wh_kept_lead_fn: takes the one that it is given. */
static bool
take_target(void *self, struct wh_kept_lead *lead)
{
    take(self, lead);
    return false;
}

/* From an identifier to whoever has it now; the hops are few (score/identity.md 2). */
static enum wh_exit
follow(struct finder *finder, struct wh_kept_lead *lead)
{
    struct wh_str from = lead->entity.state.key;
    const struct wh_key *into = wh_identity_target_at(&lead->entity.identity, WH_MINUTE_END);
    enum wh_exit code = WH_EXIT_DONE;
    for (int hops = 0; into != NULL && hops < HOPS_MAX && code == WH_EXIT_DONE; hops++) {
        struct wh_hash_id id = wh_key_id(finder->kept->secret, finder->arena, *into);
        finder->found.len = 0;
        code = wh_kept_each(finder->kept, &id, &id, take_target, finder);
        if (code != WH_EXIT_DONE || finder->found.len == 0) {
            break;
        }
        code = wh_kept_decode(finder->kept, finder->found, finder->arena, lead);
        into = wh_identity_target_at(&lead->entity.identity, WH_MINUTE_END);
    }
    bool is_other = code == WH_EXIT_DONE && !wh_str_equal(from, lead->entity.state.key);
    if (is_other && !wh_args_has(finder->kept->call->args, "--json")) {
        wh_console_message("%.*s belongs to %.*s", WH_STR_ARG(from),
                           WH_STR_ARG(lead->entity.state.key));
    }
    return code;
}

enum wh_exit
wh_lead_find(struct wh_arena *arena, struct wh_kept *kept, struct wh_str text,
             struct wh_kept_lead *ret_lead)
{
    struct finder finder = {.arena = arena, .kept = kept, .text = text};
    read_key(&finder);
    enum wh_exit code = look(&finder);
    if (code != WH_EXIT_DONE) {
        return code;
    }
    if (!finder.is_certain && finder.match_count != 1) {
        return tell(&finder);
    }
    code = wh_kept_decode(kept, finder.found, arena, ret_lead);
    return code == WH_EXIT_DONE ? follow(&finder, ret_lead) : code;
}
