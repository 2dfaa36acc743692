#include "proto/identity_record.h"

#include "engine/base/time.h"
#include "proto/state_parts.h"

static Waterhole__IdentityTarget *
write_target(struct wh_part_writer *writer, const struct wh_identity_target *target)
{
    struct wh_arena *arena = writer->arena;
    Waterhole__IdentityTarget *message = WH_ARENA_NEW(arena, Waterhole__IdentityTarget);
    waterhole__identity_target__init(message);
    message->has_key = true;
    message->key = wh_part_write_key(writer, target->key);
    message->has_seen = message->seen = target->seen;
    message->has_refused = message->refused = target->refused;
    message->has_word = target->word != WH_PAIR_NONE;
    message->word = target->word;
    message->word_stamp = wh_part_write_stamp(arena, target->word_stamp);
    message->n_told = target->told.count;
    message->told = wh_part_write_rising(arena, target->told.items, target->told.count);
    message->granted = wh_part_write_stretches(arena, target->granted, &message->n_granted);
    message->has_granted_status = target->granted_status != WH_LEASE_OPEN;
    message->granted_status = target->granted_status;
    message->granted_names = wh_part_write_names(writer, target->granted_names);
    message->has_answer = target->answer != WH_ANSWER_NONE;
    message->answer = target->answer;
    return message;
}

static Waterhole__IdentityKid *
write_kid(struct wh_part_writer *writer, const struct wh_identity_kid *kid)
{
    struct wh_arena *arena = writer->arena;
    Waterhole__IdentityKid *message = WH_ARENA_NEW(arena, Waterhole__IdentityKid);
    waterhole__identity_kid__init(message);
    message->has_key = true;
    message->key = wh_part_write_key(writer, kid->key);
    message->lease = wh_part_write_stretches(arena, kid->lease, &message->n_lease);
    message->has_status = kid->status != WH_LEASE_OPEN;
    message->status = kid->status;
    message->n_kept = kid->kept.count;
    message->kept = wh_part_write_rising(arena, kid->kept.items, kid->kept.count);
    message->n_days = kid->days.count;
    message->days = wh_part_write_rising(arena, kid->days.items, kid->days.count);
    message->has_last_seen = kid->last_seen != WH_MINUTE_FIRST;
    message->last_seen = kid->last_seen;
    message->names = wh_part_write_names(writer, kid->names);
    message->has_unlinks = kid->unlinks != 0;
    message->unlinks = kid->unlinks;
    message->has_forgotten = message->forgotten = kid->forgotten;
    return message;
}

/* The one with number 0 is always the same. */
static void
write_trails(struct wh_part_writer *writer, const struct wh_identity *identity,
             Waterhole__Identity *message)
{
    message->trails =
        WH_ARENA_ARRAY(writer->arena, Waterhole__IdentityTrail *, identity->trail_count);
    for (uint32_t i = 1; i < identity->trail_count; i++) {
        const struct wh_identity_trail *trail = &identity->trails[i];
        Waterhole__IdentityTrail *to = WH_ARENA_NEW(writer->arena, Waterhole__IdentityTrail);
        waterhole__identity_trail__init(to);
        to->n_hops = trail->count;
        to->hops = wh_part_write_keys(writer, trail->hops, trail->count);
        to->has_sealed = to->sealed = trail->sealed;
        to->has_is_free = to->is_free = !trail->used;
        message->trails[message->n_trails++] = to;
    }
}

static void
write_lists(struct wh_part_writer *writer, const struct wh_identity *identity,
            Waterhole__Identity *message)
{
    struct wh_arena *arena = writer->arena;
    message->n_targets = identity->target_count;
    message->targets = WH_ARENA_ARRAY(arena, Waterhole__IdentityTarget *, identity->target_count);
    for (uint32_t i = 0; i < identity->target_count; i++) {
        message->targets[i] = write_target(writer, &identity->targets[i]);
    }
    message->n_kids = identity->kid_count;
    message->kids = WH_ARENA_ARRAY(arena, Waterhole__IdentityKid *, identity->kid_count);
    for (uint32_t i = 0; i < identity->kid_count; i++) {
        message->kids[i] = write_kid(writer, &identity->kids[i]);
    }
    write_trails(writer, identity, message);
    message->erased = wh_part_write_stretches(arena, identity->erased, &message->n_erased);
    message->n_erasing = identity->erasing_count;
    message->erasing = wh_part_write_members(writer, identity->erasing, identity->erasing_count);
}

static void
write_bounds(struct wh_arena *arena, const struct wh_identity *identity,
             Waterhole__Identity *message)
{
    uint32_t count = identity->bound_count;
    int64_t *from = WH_ARENA_ARRAY(arena, int64_t, count);
    message->n_bound_from = message->n_bound_target = count;
    message->bound_target = WH_ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        from[i] = identity->bounds[i].from;
        message->bound_target[i] = identity->bounds[i].target;
    }
    message->bound_from = wh_part_write_rising(arena, from, count);
}

static void
write_singles(struct wh_part_writer *writer, const struct wh_identity *identity,
              Waterhole__Identity *message)
{
    message->has_life = true;
    message->life = identity->life;
    message->join_stamp = wh_part_write_stamp(writer->arena, identity->join_stamp);
    message->has_into = identity->joined;
    message->into = identity->joined ? wh_part_write_key(writer, identity->into) : 0;
    message->has_floor = identity->floor != WH_MINUTE_FIRST;
    message->floor = identity->floor;
    message->has_asked = identity->asked != 0;
    message->asked = identity->asked;
    message->has_turn = identity->turn != 0;
    message->turn = identity->turn;
    message->has_told_into = identity->told;
    message->told_into = identity->told ? wh_part_write_key(writer, identity->told_into) : 0;
    message->has_published_at = identity->published;
    message->published_at = identity->published_at;
    message->has_hands_changed_at = identity->hands_changed_at != WH_TIME_MIN;
    message->hands_changed_at = identity->hands_changed_at;
    message->has_overflow = message->overflow = identity->overflow;
    message->has_crowd = message->crowd = identity->crowd;
}

Waterhole__Identity *
wh_identity_record_write(struct wh_part_writer *writer, const struct wh_identity *identity)
{
    Waterhole__Identity *message = WH_ARENA_NEW(writer->arena, Waterhole__Identity);
    waterhole__identity__init(message);
    write_singles(writer, identity, message);
    write_lists(writer, identity, message);
    write_bounds(writer->arena, identity, message);
    return message;
}

/* Marks the identifier; false when it stood in this list before. */
static bool
is_first(bool *is_used, uint32_t number)
{
    bool was_used = is_used[number];
    is_used[number] = true;
    return !was_used;
}

static bool
read_target(struct wh_part_reader *reader, const Waterhole__IdentityTarget *message,
            struct wh_identity_target *target)
{
    *target = (struct wh_identity_target){
        .seen = message->seen,
        .refused = message->refused,
        .word = (enum wh_pair_word)message->word,
        .granted_status = (enum wh_lease_status)message->granted_status,
        .answer = (enum wh_lease_answer)message->answer,
    };
    if (message->word > WH_PAIR_ALLOW || message->granted_status > WH_LEASE_SHARED ||
        message->answer > WH_ANSWER_GONE) {
        return wh_part_fault(reader, "a link in a state that there is not");
    }
    return wh_part_read_key(reader, message->key, &target->key) &&
           wh_part_read_stamp(reader, message->word_stamp, &target->word_stamp) &&
           wh_part_read_minutes(reader, message->told, message->n_told, &target->told) &&
           wh_part_read_stretches(reader, message->granted, message->n_granted, &target->granted) &&
           wh_part_read_names(reader, message->granted_names, &target->granted_names);
}

static bool
read_targets(struct wh_part_reader *reader, const Waterhole__Identity *message,
             struct wh_identity *identity)
{
    bool *is_used = WH_ARENA_ARRAY(reader->arena, bool, reader->key_count);
    identity->target_count = identity->target_capacity = (uint32_t)message->n_targets;
    identity->targets =
        WH_ARENA_ARRAY(reader->arena, struct wh_identity_target, message->n_targets);
    for (size_t i = 0; i < message->n_targets; i++) {
        if (!read_target(reader, message->targets[i], &identity->targets[i])) {
            return false;
        }
        if (!is_first(is_used, message->targets[i]->key)) {
            return wh_part_fault(reader, "an identifier is linked twice");
        }
    }
    return true;
}

static bool
read_kid(struct wh_part_reader *reader, const Waterhole__IdentityKid *message,
         struct wh_identity_kid *kid)
{
    *kid = (struct wh_identity_kid){
        .status = (enum wh_lease_status)message->status,
        .last_seen = message->has_last_seen ? message->last_seen : WH_MINUTE_FIRST,
        .unlinks = message->unlinks,
        .forgotten = message->forgotten,
    };
    if (message->status > WH_LEASE_SHARED ||
        (message->has_last_seen && !wh_part_is_minute(message->last_seen))) {
        return wh_part_fault(reader, "a kid in a state that there is not");
    }
    return wh_part_read_key(reader, message->key, &kid->key) &&
           wh_part_read_stretches(reader, message->lease, message->n_lease, &kid->lease) &&
           wh_part_read_minutes(reader, message->kept, message->n_kept, &kid->kept) &&
           wh_part_read_minutes(reader, message->days, message->n_days, &kid->days) &&
           wh_part_read_names(reader, message->names, &kid->names);
}

static bool
read_kids(struct wh_part_reader *reader, const Waterhole__Identity *message,
          struct wh_identity *identity)
{
    bool *is_used = WH_ARENA_ARRAY(reader->arena, bool, reader->key_count);
    identity->kid_count = identity->kid_capacity = (uint32_t)message->n_kids;
    identity->kids = WH_ARENA_ARRAY(reader->arena, struct wh_identity_kid, message->n_kids);
    for (size_t i = 0; i < message->n_kids; i++) {
        if (!read_kid(reader, message->kids[i], &identity->kids[i])) {
            return false;
        }
        if (!is_first(is_used, message->kids[i]->key)) {
            return wh_part_fault(reader, "a kid stands twice");
        }
    }
    return true;
}

static bool
read_trails(struct wh_part_reader *reader, const Waterhole__Identity *message,
            struct wh_identity *identity)
{
    uint32_t count = (uint32_t)message->n_trails + 1;
    identity->trail_count = identity->trail_capacity = count;
    identity->trails = WH_ARENA_ARRAY(reader->arena, struct wh_identity_trail, count);
    identity->trails[0].used = true;
    for (uint32_t i = 1; i < count; i++) {
        const Waterhole__IdentityTrail *from = message->trails[i - 1];
        struct wh_identity_trail *trail = &identity->trails[i];
        if (!wh_part_read_keys(reader, from->hops, from->n_hops, &trail->hops)) {
            return false;
        }
        trail->count = (uint32_t)from->n_hops;
        trail->sealed = from->sealed;
        trail->used = !from->is_free;
    }
    return true;
}

static bool
read_bounds(struct wh_part_reader *reader, const Waterhole__Identity *message,
            struct wh_identity *identity)
{
    size_t count = message->n_bound_from;
    if (message->n_bound_target != count) {
        return wh_part_fault(reader, "bounds and their targets differ in number");
    }
    int64_t *from = WH_ARENA_ARRAY(reader->arena, int64_t, count);
    wh_state_sums(message->bound_from, count, from);
    identity->bounds = WH_ARENA_ARRAY(reader->arena, struct wh_identity_bound, count);
    identity->bound_count = identity->bound_capacity = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        identity->bounds[i] = (struct wh_identity_bound){from[i], message->bound_target[i]};
        bool is_after = i == 0 ? from[i] == WH_MINUTE_FIRST
                               : from[i - 1] < from[i] && wh_part_is_minute(from[i]);
        if (!is_after || message->bound_target[i] >= identity->target_count) {
            return wh_part_fault(reader, "bounds are out of order, or name nobody");
        }
    }
    return true;
}

/* While a lead is being erased it is the first of those who are. */
static bool
read_erasing(struct wh_part_reader *reader, const Waterhole__Identity *message,
             struct wh_identity *identity)
{
    bool has_own = message->n_erasing == 0;
    if (message->n_erasing > WH_ERASE_MEMBERS_MAX ||
        !wh_part_read_members(reader, message->erasing, message->n_erasing, &identity->erasing)) {
        return wh_part_fault(reader, "more to erase than there can be");
    }
    identity->erasing_count = identity->erasing_capacity = (uint32_t)message->n_erasing;
    for (uint32_t i = 0; i < identity->erasing_count; i++) {
        has_own = has_own || wh_key_compare(identity->erasing[i].key, identity->key) == 0;
    }
    return has_own || wh_part_fault(reader, "an erasure of another");
}

static bool
read_singles(struct wh_part_reader *reader, const Waterhole__Identity *message,
             struct wh_identity *identity)
{
    identity->life = message->life;
    identity->joined = message->has_into;
    identity->floor = message->has_floor ? message->floor : WH_MINUTE_FIRST;
    identity->asked = message->asked;
    identity->turn = message->turn;
    identity->told = message->has_told_into;
    identity->published = message->has_published_at;
    identity->published_at = message->published_at;
    identity->hands_changed_at =
        message->has_hands_changed_at ? message->hands_changed_at : WH_TIME_MIN;
    identity->overflow = message->overflow;
    identity->crowd = message->crowd;
    if (!wh_part_is_time(message->life) || !wh_part_is_time(message->published_at) ||
        !wh_part_is_time(message->hands_changed_at) || !wh_part_is_minute(message->floor)) {
        return wh_part_fault(reader, "a time that there is not");
    }
    return (!message->has_into || wh_part_read_key(reader, message->into, &identity->into)) &&
           (!message->has_told_into ||
            wh_part_read_key(reader, message->told_into, &identity->told_into)) &&
           wh_part_read_stamp(reader, message->join_stamp, &identity->join_stamp);
}

static bool
has_too_many(const Waterhole__Identity *message)
{
    return message->n_targets > WH_PART_ITEMS_MAX || message->n_kids > WH_PART_ITEMS_MAX ||
           message->n_trails > UINT16_MAX || message->n_bound_from > WH_PART_ITEMS_MAX;
}

bool
wh_identity_record_read(struct wh_part_reader *reader, const Waterhole__Identity *message,
                        struct wh_key key, struct wh_identity *ret_identity)
{
    struct wh_identity identity = {.arena = reader->arena, .key = key};
    if (message == NULL) {
        return wh_part_fault(reader, "who is who is missing");
    }
    if (has_too_many(message)) {
        return wh_part_fault(reader, "more links than there can be");
    }
    if (!read_singles(reader, message, &identity) || !read_targets(reader, message, &identity) ||
        !read_kids(reader, message, &identity) || !read_trails(reader, message, &identity) ||
        !wh_part_read_stretches(reader, message->erased, message->n_erased, &identity.erased) ||
        !read_erasing(reader, message, &identity) || !read_bounds(reader, message, &identity)) {
        return false;
    }
    reader->trail_count = identity.trail_count;
    *ret_identity = identity;
    return true;
}
