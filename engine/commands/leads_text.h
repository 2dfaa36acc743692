/* Rows of leads as a table, CSV, or JSON. */
#ifndef WH_COMMANDS_LEADS_TEXT_H
#define WH_COMMANDS_LEADS_TEXT_H

#include "engine/base/buf.h"
#include "engine/commands/leads_row.h"

struct wh_leads_style {
    const struct wh_ruleset *ruleset; /* borrowed */
    bool has_owner;
};

/* For a glance: times in the model's zone, points with one decimal, long texts cut. */
void wh_leads_table(struct wh_buf *buf, const struct wh_leads_style *style,
                    const struct wh_leads_rows *rows);

/* RFC 4180 with line feeds, a line of names first; times in UTC, points exact. */
void wh_leads_csv(struct wh_buf *buf, const struct wh_leads_style *style,
                  const struct wh_leads_rows *rows);

/* One object a line. */
void wh_leads_json(struct wh_buf *buf, const struct wh_leads_style *style,
                   const struct wh_leads_rows *rows);

#endif
