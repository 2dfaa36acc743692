/* lead.updated: score, grade, stage or contact differ from what the last event of this lead said,
 * at most one in `updates.every`. An event of another kind carries the same news. */
#include "engine/base/hash.h"
#include "engine/rules/read.h"
#include "engine/score/announce_family.h"
#include "engine/score/explain.h"

static void
push_part(struct wh_buf *buf, struct wh_str part)
{
    wh_buf_push(buf, part);
    wh_buf_push_char(buf, '\0');
}

/* Grade, stage and contact in one number; scores are compared with min_change one by one. */
static uint64_t
digest_of(const struct wh_snapshot *snapshot, struct wh_arena *arena)
{
    const struct wh_contact *contact = &snapshot->contact;
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    push_part(&buf, snapshot->grade);
    push_part(&buf, snapshot->stage);
    push_part(&buf, contact->email);
    push_part(&buf, contact->name);
    push_part(&buf, contact->role);
    push_part(&buf, contact->phone);
    push_part(&buf, contact->crm);
    push_part(&buf, contact->company);
    push_part(&buf, contact->country);
    for (size_t i = 0; i < contact->consent.count; i++) {
        push_part(&buf, contact->consent.items[i].name);
        wh_buf_push_int(&buf, contact->consent.items[i].value.number);
    }
    return wh_hash_fingerprint(wh_buf_str(&buf));
}

static int64_t
score_or_zero(const struct wh_look *look, size_t score)
{
    int64_t value = 0;
    return wh_read_score(look->view, (int32_t)score, &value) ? value : 0;
}

static bool
differs(const struct wh_look *look, uint64_t digest)
{
    const struct wh_announced *announced = look->announced;
    if (announced->updated_at == WH_TIME_MIN || announced->updated_digest != digest) {
        return true;
    }
    for (size_t i = 0; i < announced->score_count; i++) {
        int64_t change = score_or_zero(look, i) - announced->updated_scores[i];
        int64_t size = change < 0 ? -change : change;
        if (size > 0 && size >= look->view->ruleset->update_min_change) {
            return true;
        }
    }
    return false;
}

static void
remember_scores(const struct wh_look *look, uint64_t digest)
{
    struct wh_announced *announced = look->announced;
    for (size_t i = 0; i < announced->score_count; i++) {
        announced->updated_scores[i] = score_or_zero(look, i);
    }
    announced->updated_digest = digest;
    announced->updated_at = look->moment->now;
    announced->updated_due = WH_TIME_NEVER;
}

/* Of what only another model has changed the lead has said nothing, and does not. What was to be
 * said before and waits is said at its time. */
static void
remember_silently(const struct wh_look *look, uint64_t digest)
{
    struct wh_announced *announced = look->announced;
    int64_t updated_at = announced->updated_at;
    if (announced->updated_due != WH_TIME_NEVER) {
        return;
    }
    remember_scores(look, digest);
    announced->updated_at = updated_at == WH_TIME_MIN ? announced->updated_at : updated_at;
}

void
wh_announce_update(const struct wh_look *look, bool has_told)
{
    const struct wh_ruleset *ruleset = look->view->ruleset;
    struct wh_announced *announced = look->announced;
    if (ruleset->update_every < 0) {
        return;
    }
    const struct wh_snapshot *snapshot = wh_explain_snapshot(look->view, look->effects->arena);
    uint64_t digest = digest_of(snapshot, look->effects->arena);
    if (wh_look_is_silent(look)) {
        remember_silently(look, digest);
        return;
    }
    if (has_told) {
        remember_scores(look, digest);
        return;
    }
    if (!differs(look, digest)) {
        announced->updated_due = WH_TIME_NEVER;
        return;
    }
    int64_t free_at = announced->updated_at == WH_TIME_MIN
                          ? WH_TIME_MIN
                          : announced->updated_at + ruleset->update_every;
    if (free_at > look->moment->now) {
        announced->updated_due = free_at;
        return;
    }
    struct wh_bringer bringer = wh_bringer_of_look(look);
    struct wh_event *event =
        wh_announce_event(look, WH_EVENT_UPDATED, (struct wh_str){NULL, 0}, &bringer);
    event->number = ++announced->updated_number;
    remember_scores(look, digest);
}
