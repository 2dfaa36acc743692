/* Nurture tracks: what a green lead gets, step by step (rules.md 26). */
#ifndef WH_RULES_TRACK_H
#define WH_RULES_TRACK_H

#include "engine/model/effect.h"
#include "engine/rules/program.h"

enum wh_track_step_kind {
    WH_TRACK_STEP_WAIT,
    WH_TRACK_STEP_GO,
    WH_TRACK_STEP_ACT,
    WH_TRACK_STEP_END,
};

struct wh_track_step {
    enum wh_track_step_kind kind;
    struct wh_str name;         /* its id, else its number, from 1 */
    int64_t wait;               /* WAIT: µs, above 0 */
    struct wh_program when;     /* GO: count 0: always */
    int32_t go;                 /* GO: index of a step */
    enum wh_action_kind action; /* ACT: SEND, ASK, NOTE, TASK */
    struct wh_template text;    /* ACT */
    struct wh_program known;    /* ASK: what is asked for, skipped while it is known */
    int32_t schedule;           /* ACT: waits until it holds; -1: at once */
};

/* Steps between two waits never come twice, so one way of at most so many passes them all. */
#define WH_TRACK_STEPS_MAX 64

struct wh_track {
    struct wh_str id;
    struct wh_program enter;
    struct wh_program exit; /* count 0: never */
    const struct wh_track_step *steps;
    size_t step_count;
    int32_t enter_cell, exit_cell; /* layout: stretches (cells.h) of 0, 1; exit -1: there is none */
};

#endif
