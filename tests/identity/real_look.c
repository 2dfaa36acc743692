/* What a real entity holds after a step, and what it told the outside. */
#include "engine/base/hash.h"
#include "engine/score/explain.h"
#include "tests/identity/real.h"

static int
find_touch(const struct world *world, struct wh_str id)
{
    for (int i = 0; i < world->touch_count; i++) {
        if (wh_str_is(id, world->touches[i].id)) {
            return i;
        }
    }
    return NOBODY;
}

static struct decision *
find_decision(const struct net *net, int key, int64_t life, uint32_t episode)
{
    for (int i = 0; i < net->decision_count; i++) {
        struct decision *decision = net->decisions[i];
        if (decision->published_as == key && decision->life == life &&
            decision->episode == episode) {
            return decision;
        }
    }
    return NULL;
}

static void
look_at_decisions(struct net *net, int key)
{
    struct entity *entity = &net->entities[key];
    const struct wh_entity *own = entity->real;
    const struct wh_announced *announced = &own->state.announced;
    for (uint32_t i = 0; i < announced->decision_count; i++) {
        const struct wh_decision *held = &announced->decisions[i];
        struct decision *decision =
            find_decision(net, world_find(net->world, held->published), held->life, held->episode);
        if (decision != NULL) {
            store_add(&entity->store, (struct parcel){.kind = PARCEL_DECISION,
                                                      .minute = held->minute,
                                                      .trail = held->trail,
                                                      .decision = decision});
        }
    }
}

void
real_look(struct net *net, int key)
{
    struct entity *entity = &net->entities[key];
    const struct wh_entity *own = entity->real;
    const struct wh_history *history = &own->state.history;
    entity->store.count = 0;
    for (uint32_t row = 0; row < history->count; row++) {
        int number = find_touch(net->world, wh_strings_get(&own->state.strings, history->id[row]));
        store_add(&entity->store, (struct parcel){.kind = PARCEL_TOUCH,
                                                  .minute = wh_minute_of(history->at[row]),
                                                  .trail = history->trail[row],
                                                  .touch = &net->world->touches[number]});
    }
    look_at_decisions(net, key);
}

/* What identifies an event outside: never used twice. */
static void
hear_id(struct net *net, const struct wh_event *event)
{
    struct real *real = net->real;
    struct wh_buf id;
    wh_buf_init(&id, net->arena);
    wh_buf_push(&id, event->snapshot->lead_id);
    wh_buf_printf(&id, "/%lld/", (long long)event->snapshot->life);
    wh_buf_push(&id, event->name);
    wh_buf_printf(&id, "/%u/", event->number);
    wh_buf_push(&id, event->key);
    wh_buf_printf(&id, "/%s", wh_event_kind_str(event->kind));
    int64_t before = 0;
    if (wh_table_find(&real->event_ids, wh_buf_str(&id), &before)) {
        net_problem(net, "%s left twice", wh_buf_text(&id));
    }
    wh_table_put(&real->event_ids, wh_buf_str(&id), 1);
}

/* Every id that is named was published, and belongs to what it is said of. */
static void
hear_names(struct net *net, int key, const struct wh_event *event)
{
    struct wh_identity_names also =
        wh_identity_also(&net->entities[key].identity, &net->limits, net->arena);
    const struct real *real = net->real;
    size_t named = event->snapshot->also_count;
    if (named != also.count && named != real->names_before) {
        net_problem(net, "%s names %zu ids", world_name(net->world, key), named);
    }
    for (size_t i = 0; i < event->snapshot->also_count; i++) {
        bool found = false;
        for (int other = 0; other < net->world->key_count && !found; other++) {
            struct wh_hash_id id = real_id(net, net->arena, other);
            found = wh_str_equal(wh_explain_id(&id, net->arena), event->snapshot->also[i]) &&
                    net->entities[other].published;
        }
        if (!found) {
            net_problem(net, "%s names an id that nobody has", world_name(net->world, key));
        }
    }
}

static void
hear_lead_id(struct net *net, const struct wh_event *event, int published)
{
    struct wh_hash_id id = real_id(net, net->arena, published);
    if (!wh_str_equal(wh_explain_id(&id, net->arena), event->snapshot->lead_id)) {
        net_problem(net, "an event of %s leaves under another id",
                    world_name(net->world, published));
    }
}

static void
hear_end(struct net *net, const struct wh_event *event, int published)
{
    struct decision *decision = find_decision(net, published, event->snapshot->life, event->number);
    if (decision == NULL || !decision->standing) {
        net_problem(net, "%s ends what does not stand", world_name(net->world, published));
        return;
    }
    decision->standing = false;
    if (event->kind == WH_EVENT_WITHDRAWN) {
        decision->withdrawn++;
        net->withdrawn++;
    } else {
        net_problem(net, "%s withers, and no count ever falls", world_name(net->world, published));
    }
}

static void
hear_one(struct net *net, int key, const struct wh_event *event)
{
    struct real *real = net->real;
    struct wh_key name;
    int published =
        wh_key_parse(event->snapshot->key, &name) ? world_find(net->world, name) : NOBODY;
    int64_t minute = 0;
    hear_id(net, event);
    hear_lead_id(net, event, published);
    hear_names(net, key, event);
    switch (event->kind) {
    case WH_EVENT_QUALIFIED: {
        struct decision *decision = decide_record(net, key, &minute);
        decision->life = event->snapshot->life;
        decision->episode = event->number;
        net->entities[key].published = true;
        break;
    }
    case WH_EVENT_WITHERED:
    case WH_EVENT_WITHDRAWN:
        hear_end(net, event, published);
        break;
    case WH_EVENT_FIRED:
        real->fired[find_touch(net->world, event->touches[0])]++;
        net->entities[key].published = true;
        break;
    case WH_EVENT_MERGED:
        real->merged++;
        break;
    case WH_EVENT_REVIVED:
        real->revived++;
        break;
    case WH_EVENT_SEGMENT_ENTERED:
    case WH_EVENT_SEGMENT_LEFT:
        net->entities[key].published = true;
        break;
    case WH_EVENT_STAGE_CHANGED:
    case WH_EVENT_LABEL_CHANGED:
    case WH_EVENT_UPDATED:
    case WH_EVENT_NURTURE:
    case WH_EVENT_ERASED:
    case WH_EVENT_KIND_COUNT:
        break;
    }
}

void
real_hear(struct net *net, int key, const struct wh_entity_effects *effects)
{
    for (size_t i = 0; i < effects->events.count; i++) {
        hear_one(net, key, &effects->events.events[i]);
    }
}
