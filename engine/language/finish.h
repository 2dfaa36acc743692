/* The last steps of a compilation: indices by type, needs, hash, summary. */
#ifndef WH_LANGUAGE_FINISH_H
#define WH_LANGUAGE_FINISH_H

#include "engine/language/compiler.h"

/* Which rules a touch of which type can meet, and which signals are whose. */
void wh_finish_index(struct wh_compiler *compiler);

/* How far back windows, caps and steps look. */
void wh_finish_need(struct wh_compiler *compiler);

/* What leads tell their companies, from what the companies' side reads: the leads' side learns the
 * columns, and how they are told. Before either is laid out. */
void wh_finish_telling(struct wh_compiler *leads);

/* A side without any part of its own. */
bool wh_finish_is_empty(const struct wh_ruleset *ruleset);

/* Over everything that a step can see: sources, files, zones, replaced constants. */
void wh_finish_hash(struct wh_compiler *compiler);

struct wh_str wh_finish_summary(struct wh_compiler *compiler);

/* Estimated bytes of the state of one lead (rules.md 3.8). */
struct wh_size {
    int64_t history; /* touches kept singly */
    int64_t runs;    /* of sequences */
    int64_t values;  /* everything else */
};
struct wh_size wh_finish_size(const struct wh_compiler *compiler);
/* The share of one sequence in the runs. */
int64_t wh_finish_size_of_runs(const struct wh_sequence *sequence);

/* The most rules that one touch can meet; *ret_type is its type, -1 for none. */
size_t wh_finish_fan_out(const struct wh_compiler *compiler, int32_t *ret_type);

/* Fills in how far touches reach each other; returns how long verdicts need them, µs: a row is
 * folded when nothing that may still come can change what was found of it. */
int64_t wh_finish_judging(struct wh_compiler *compiler);

#endif
