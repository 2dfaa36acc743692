/* The chapters of a lead's text. Private to the files commands/lead_text*.c. */
#ifndef WH_COMMANDS_LEAD_PARTS_H
#define WH_COMMANDS_LEAD_PARTS_H

#include "engine/commands/columns.h"
#include "engine/commands/lead_text.h"

struct wh_lead_page {
    struct wh_buf *buf;
    const struct wh_lead_style *style;
    const struct wh_story *story;
};

/* A line of its own, with an empty one before it. */
void wh_lead_push_title(struct wh_lead_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* In the zone of the model. */
struct wh_str wh_lead_time(const struct wh_lead_page *page, int64_t us);

/* The text between two colours. */
void wh_lead_push_coloured(struct wh_lead_page *page, enum wh_colour colour, struct wh_str text);

/* In lead_text.c, of any snapshot: every point of a score, and every criterion. */
void wh_lead_push_score(struct wh_lead_page *page, const struct wh_score_story *story);
void wh_lead_push_grade(struct wh_lead_page *page, const struct wh_snapshot *snapshot);

/* In lead_text_ripe.c: a line for a condition, and those of a qualification. */
void wh_lead_push_condition(struct wh_lead_page *page, const char *role,
                            const struct wh_story_condition *condition, bool is_good);
void wh_lead_push_needs(struct wh_lead_page *page, const struct wh_story_qualification *told);

/* In lead_text_time.c: a touch with the points that it brought. */
void wh_lead_push_touch(struct wh_lead_page *page, const struct wh_story_touch *touch);

void wh_lead_push_ripe(struct wh_lead_page *page);      /* lead_text_ripe.c */
void wh_lead_push_nurture(struct wh_lead_page *page);   /* lead_text_ripe.c */
void wh_lead_push_sequences(struct wh_lead_page *page); /* lead_text_sequence.c */
void wh_lead_push_identity(struct wh_lead_page *page);  /* lead_text_identity.c */
void wh_lead_push_happened(struct wh_lead_page *page);  /* lead_text_time.c */
void wh_lead_push_coming(struct wh_lead_page *page);    /* lead_text_time.c */

#endif
