/* The lead at one moment as members of a JSON object: the same in events and in stories. */
#ifndef WH_PROTO_SNAPSHOT_JSON_H
#define WH_PROTO_SNAPSHOT_JSON_H

#include "engine/model/explanation.h"
#include "proto/json_write.h"

/* Members of any kind. */
void wh_snapshot_json_str(struct wh_json *json, const char *name, struct wh_str text);
void wh_snapshot_json_str_or_null(struct wh_json *json, const char *name, struct wh_str text);
void wh_snapshot_json_time(struct wh_json *json, const char *name, int64_t us);
void wh_snapshot_json_named(struct wh_json *json, const char *name,
                            const struct wh_named_list *list);
void wh_snapshot_json_texts(struct wh_json *json, const char *name, const struct wh_str *texts,
                            size_t count);

/* "contact": {…} */
/* contact, or company with domain and name. */
void wh_snapshot_json_contact(struct wh_json *json, const struct wh_snapshot *snapshot);
/* lead_id and also, or company_id. */
void wh_snapshot_json_who(struct wh_json *json, const struct wh_snapshot *snapshot);

/* "scores", "grade", "labels", "stage", "segments" */
void wh_snapshot_json_standing(struct wh_json *json, const struct wh_snapshot *snapshot);

/* "points": the entries of all scores */
void wh_snapshot_json_points(struct wh_json *json, const struct wh_snapshot *snapshot);

/* "fit": the criteria */
void wh_snapshot_json_fit(struct wh_json *json, const struct wh_snapshot *snapshot);

/* "first_touch", "last_touch", "model", and the last of them alone */
void wh_snapshot_json_origin(struct wh_json *json, const struct wh_snapshot *snapshot);
void wh_snapshot_json_model(struct wh_json *json, const struct wh_snapshot *snapshot);

#endif
