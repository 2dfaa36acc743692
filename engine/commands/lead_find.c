#include "engine/commands/lead_find.h"

#include "engine/commands/columns.h"
#include "engine/commands/console.h"
#include "engine/rules/read.h"
#include "engine/score/fits.h"
#include "engine/score/identity.h"
#include "proto/codec.h"

/* That many leads are named when none is meant, or several may be. */
#define NAMED_MAX 5
/* A beginning of a lead id that is long enough to be no accident. */
#define ID_LEN_MIN 6

struct finder {
    struct wh_arena *arena;
    const struct wh_folder *folder;
    const struct wh_ruleset *ruleset;
    struct wh_str text; /* as typed, or normalised */
    struct wh_key key;  /* when has_key */
    bool has_key;
    struct wh_entity *found; /* the first by identifier */
    struct wh_str matches[NAMED_MAX];
    size_t match_count;
    struct wh_str near[NAMED_MAX]; /* nearest first */
    size_t distances[NAMED_MAX];
    size_t near_count;
};

/* False after a message. */
static bool
decode(const struct finder *finder, size_t index, struct wh_entity *ret_entity)
{
    struct wh_codec codec = wh_proto_codec();
    struct wh_error error;
    struct wh_str hash;
    enum wh_err err = codec.decode_entity(codec.self, finder->folder->states.items[index],
                                          finder->arena, &hash, ret_entity, &error);
    if (err != WH_OK) {
        wh_console_message("%s", error.message);
        return false;
    }
    if (!wh_str_equal(hash, finder->folder->model_hash) ||
        !wh_entity_fits(finder->ruleset, ret_entity)) {
        wh_console_message("a lead in the folder was kept under another model; play again");
        return false;
    }
    return true;
}

/* What was typed as a key: an address alone is an e-mail. */
static void
read_key(struct finder *finder)
{
    struct wh_str value;
    bool is_address = memchr(finder->text.ptr, '@', finder->text.len) != NULL;
    finder->has_key = wh_key_parse(finder->text, &finder->key);
    if (!finder->has_key && is_address) {
        finder->key = (struct wh_key){WH_KEY_EMAIL, finder->text};
        finder->has_key = true;
    }
    if (finder->has_key &&
        wh_key_normalise(finder->arena, finder->key.kind, finder->key.value, &value)) {
        finder->key.value = value;
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
    const struct wh_ruleset *ruleset = finder->ruleset;
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
    if (!finder->has_key || attribute < 0) {
        return (struct wh_str){NULL, 0};
    }
    wh_view_init(&view, ruleset, state, &state->live, finder->arena);
    return wh_read_attribute(&view, attribute).text;
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
    while (place > 0 && finder->distances[place - 1] > distance) {
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
    finder->near[place] = key;
    finder->distances[place] = distance;
}

/* True when this is the lead, without doubt. */
static bool
look_at(struct finder *finder, struct wh_entity *entity)
{
    const struct wh_state *state = &entity->state;
    if (wh_str_equal(state->key, finder->text)) {
        return true;
    }
    struct wh_str identifier = wh_identity_is_lead(&entity->identity) ? identifier_of(finder, state)
                                                                      : (struct wh_str){NULL, 0};
    bool has_it = identifier.len > 0 && wh_str_equal(identifier, finder->key.value);
    if (has_it || is_id(finder, state)) {
        finder->found = finder->match_count == 0 ? entity : finder->found;
        if (finder->match_count < NAMED_MAX) {
            finder->matches[finder->match_count++] = state->key;
        }
    }
    offer_near(finder, state->key);
    return false;
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

/* Where an identifier of that name leads to; the hops are few (score/identity.md 2). */
static struct wh_entity *
follow(struct finder *finder, struct wh_entity *entities, struct wh_entity *entity)
{
    size_t count = finder->folder->states.count;
    const struct wh_key *into = wh_identity_target_at(&entity->identity, WH_MINUTE_END);
    for (size_t hops = 0; into != NULL && hops < count; hops++) {
        size_t i = 0;
        while (i < count && wh_key_compare(entities[i].identity.key, *into) != 0) {
            i++;
        }
        if (i == count) {
            break;
        }
        entity = &entities[i];
        into = wh_identity_target_at(&entity->identity, WH_MINUTE_END);
    }
    return entity;
}

enum wh_exit
wh_lead_find(struct wh_arena *arena, const struct wh_folder *folder,
             const struct wh_ruleset *ruleset, struct wh_str text, struct wh_entity *ret_entity)
{
    struct finder finder = {.arena = arena, .folder = folder, .ruleset = ruleset, .text = text};
    struct wh_entity *entities = WH_ARENA_ARRAY(arena, struct wh_entity, folder->states.count);
    struct wh_entity *meant = NULL;
    read_key(&finder);
    for (size_t i = 0; i < folder->states.count; i++) {
        if (!decode(&finder, i, &entities[i])) {
            return WH_EXIT_OUTSIDE;
        }
        meant = look_at(&finder, &entities[i]) ? &entities[i] : meant;
    }
    if (meant == NULL && finder.match_count != 1) {
        return tell(&finder);
    }
    meant = meant == NULL ? finder.found : meant;
    *ret_entity = *follow(&finder, entities, meant);
    return WH_EXIT_DONE;
}
