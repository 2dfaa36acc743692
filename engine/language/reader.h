/* Sections of a model file, each into its part of the ruleset. Called by compile.c in this order;
 * names first, because every expression may name everything. Each tells what is wrong and goes
 * on, so that one run finds more. */
#ifndef WH_LANGUAGE_READER_H
#define WH_LANGUAGE_READER_H

#include "engine/language/compiler.h"

/* waterhole, name, zone, sessions, history, updates, identity. */
void wh_reader_head(struct wh_compiler *compiler);
void wh_reader_data(struct wh_compiler *compiler);
void wh_reader_constants(struct wh_compiler *compiler);
void wh_reader_lookups(struct wh_compiler *compiler); /* tables and lists */
void wh_reader_schedules(struct wh_compiler *compiler);

/* Names and sets of scores, labels, segments, triggers, stages, qualifications, tracks. */
void wh_reader_names(struct wh_compiler *compiler);

void wh_reader_places(struct wh_compiler *compiler);
void wh_reader_verdict(struct wh_compiler *compiler);
/* Parts of the verdict section. */
void wh_reader_evidence(struct wh_compiler *compiler, const struct wh_tree *section);
void wh_reader_confirm(struct wh_compiler *compiler, const struct wh_tree *section);
void wh_reader_fit(struct wh_compiler *compiler);
void wh_reader_scores(struct wh_compiler *compiler);
void wh_reader_labels(struct wh_compiler *compiler);
void wh_reader_segments(struct wh_compiler *compiler);
void wh_reader_triggers(struct wh_compiler *compiler);
/* sequence, within, after_match and missed of a trigger. Returns what its announcement may name;
 * NULL: there is no step. */
const struct wh_step_names *wh_reader_sequence(struct wh_compiler *compiler,
                                               const struct wh_tree *tree, int32_t index);
void wh_reader_stages(struct wh_compiler *compiler);
void wh_reader_qualifications(struct wh_compiler *compiler);
void wh_reader_routes(struct wh_compiler *compiler);
void wh_reader_nurture(struct wh_compiler *compiler);

/* Shared by the sections. */

/* The items of a section that belong to the side which is compiled, in file order. */
size_t wh_reader_items(struct wh_compiler *compiler, const char *key,
                       struct wh_tree *const **ret_items);

/* The id of an item as it is shown; empty when it has none or it is no name. */
struct wh_str wh_reader_id(const struct wh_tree *tree);

/* Where an expression acts at a due time as well, and where it judges touches. name: "a place". */
struct wh_where wh_reader_state(const char *name, enum wh_owner_kind owner, int32_t index);
struct wh_where wh_reader_touch(const char *name, enum wh_owner_kind owner, int32_t index);
/* `with`, `note`, `to`, `actions`: after the fact, so nothing depends on them. */
struct wh_where wh_reader_after(const char *name);

/* A selector with condition and level, as in rules, triggers, moves, qualifications. */
struct wh_on {
    struct wh_selector *selector;
    struct wh_program *when;
    enum wh_verdict *verdict; /* NULL: the key is not there */
};
/* Reads on, when, verdict of tree; where becomes that of the touches taken. False when `on` is
 * not there or bad. */
bool wh_reader_on(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_where *where,
                  const struct wh_on *ret_on);

/* once_per: scalar or list; returns the number of parts. */
size_t wh_reader_once(struct wh_compiler *compiler, const struct wh_tree *tree,
                      const struct wh_where *where, struct wh_once *ret_parts);

void wh_reader_limit(struct wh_compiler *compiler, const struct wh_tree *tree,
                     struct wh_limit *ret_limit);
void wh_reader_cap(struct wh_compiler *compiler, const struct wh_tree *tree,
                   struct wh_cap *ret_cap);
/* False when tree is NULL or bad: then *ret_decay is untouched (inherited). */
bool wh_reader_decay(struct wh_compiler *compiler, const struct wh_tree *tree,
                     struct wh_decay *ret_decay);

/* note, with, actions. steps: of a sequence, else NULL. */
void wh_reader_announcement(struct wh_compiler *compiler, const struct wh_tree *tree,
                            const struct wh_step_names *steps, struct wh_announcement *ret_say);

/* Makes sure that the key (if there) is a duration or a count; otherwise keeps what was there. */
void wh_reader_duration(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key,
                        int64_t *ret_us);
void wh_reader_count(struct wh_compiler *compiler, const struct wh_tree *tree, const char *key,
                     int64_t min, int64_t max, int64_t *ret_count);

/* What a model needs of the past has to be there: message 39, at tree. */
bool wh_reader_kept(struct wh_compiler *compiler, const struct wh_tree *tree, int64_t us);

/* The ordinal of a stage named by a scalar; -1 after message 43. */
int32_t wh_reader_stage(struct wh_compiler *compiler, const struct wh_tree *tree);

/* The index of a nurture track named by a scalar; -1 after a problem. */
int32_t wh_reader_track(struct wh_compiler *compiler, const struct wh_tree *tree);

/* A level of the verdict; keeps what was there after a problem. */
void wh_reader_level(struct wh_compiler *compiler, const struct wh_tree *tree,
                     enum wh_verdict *ret_level);

#endif
