/* JSON Schema of a lead event. A test holds it against the events themselves. */
#include "proto/schema_part.h"

/* One member of the event, as deep as it stands. An object's members follow it, one level deeper;
 * "list" means a list of such objects, "map" an object with names of the model. */
struct row {
    int depth;
    const char *name;
    const char *type; /* words of JSON Schema, or one of: list, map, texts, time */
    const char *what;
};

static const struct row rows[] = {
    {0, "id", "string",
     "lead_id/life in µs/name/number/what; whoever remembers it never acts twice"},
    {0, "type", "string",
     "lead.qualified, lead.withered, …, lead.NAME of a trigger; of a company company.…"},
    {0, "lead_id", "string", "public name of the lead, never an address"},
    {0, "company_id", "string", "company.…: public name of the company, instead of lead_id"},
    {0, "also", "texts", "ids published earlier that now live in this lead"},
    {0, "life", "time", "when the lead's present life began"},
    {0, "episode", "integer", "qualifications: which time this is"},
    {0, "qualification", "string", "its name"},
    {0, "turn", "integer", "merged and revived: counts what was said of who this lead is"},
    {0, "into", "string", "merged: the lead in which it lives on"},
    {0, "since", "time null", "merged: from when on; null: all that there ever was"},
    {0, "shared", "boolean", "merged: others hold what was before"},
    {0, "erased", "texts", "erased: the ids of all that belonged to the lead"},
    {0, "contact", "object", "unknown parts are null; absent where it is about who is who"},
    {1, "email", "string null", NULL},
    {1, "name", "string null", NULL},
    {1, "role", "string null", NULL},
    {1, "phone", "string null", NULL},
    {1, "crm", "string null", "id of the record in the CRM"},
    {1, "company", "string null", "registrable domain or name of the network"},
    {1, "country", "string null", NULL},
    {1, "consent", "map boolean null", "by purpose"},
    {0, "company", "object", "company.…: instead of contact"},
    {1, "domain", "string", NULL},
    {1, "name", "string null", NULL},
    {0, "scores", "map number", "three decimals"},
    {0, "grade", "string null", "absent in a model without fit"},
    {0, "labels", "map string null", NULL},
    {0, "stage", "string null", "absent in a model without stages"},
    {0, "segments", "texts", "in which the lead is"},
    {0, "route", "object null", "null: no route fits"},
    {1, "rule", "string", NULL},
    {1, "to", "string null", NULL},
    {1, "owner", "string null", NULL},
    {0, "note", "string", NULL},
    {0, "why", "object", "what made it so"},
    {1, "points", "list", "their sum is the score"},
    {2, "score", "string", NULL},
    {2, "rule", "string", "one of rule, term and the limits is there"},
    {2, "term", "string", "of a score with a value of its own"},
    {2, "rule_limit", "string", "what the limit of a rule took or gave"},
    {2, "group_limit", "string", NULL},
    {2, "score_limit", "string", NULL},
    {2, "points", "number", "three decimals, after decay"},
    {2, "touches", "integer", "how many paid"},
    {2, "last_at", "time", "the latest of them"},
    {1, "fit", "list", NULL},
    {2, "criterion", "string", NULL},
    {2, "state", "string", "match, mismatch or unknown"},
    {2, "thirds", "integer", "its weight"},
    {1, "because", "object", "the touch that brought it"},
    {2, "touch", "string null", "its id; null: time acted by itself"},
    {2, "type", "string null", NULL},
    {2, "at", "time", NULL},
    {2, "model", "string", "hash of the model before: only because that is another one"},
    {0, "first_touch", "object null", NULL},
    {1, "campaign", "string null", NULL},
    {1, "channel", "string null", NULL},
    {1, "at", "time", NULL},
    {0, "last_touch", "object null", NULL},
    {1, "campaign", "string null", NULL},
    {1, "channel", "string null", NULL},
    {1, "at", "time", NULL},
    {0, "model", "object", NULL},
    {1, "name", "string", NULL},
    {1, "hash", "string", NULL},
    {0, "shadow", "boolean", "only when true: of a model beside the live one, never to act on"},
    {0, "occurred_at", "time", "when what brought it happened"},
    {0, "received_at", "time", "when that came in"},
    {0, "decided_at", "time", "the clock when it was decided"},
    {0, "reason", "string", "withered, withdrawn, merged, revived, erased"},
    {0, "with", "map", "what the model adds"},
    {0, "actions", "list", "what to do; each has one name, of the kind of action"},
    {0, "late", "boolean", "only when true: what brought it is older than what was known before"},
    {0, "name", "string", "segments, labels, stages"},
    {0, "from", "string null", "labels and stages"},
    {0, "to", "string null", NULL},
    {0, "track", "string", "nurture: which one"},
    {0, "step", "string", "nurture: its id, or its number on the track"},
    {0, "action", "map string", "nurture: send, ask, note or task, and its text"},
    {0, "touches", "texts", "firings: ids of the touches"},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))
#define DEPTH_MAX 2

static void
write_items(struct wh_json *json, const char *types)
{
    wh_json_open_object(json);
    wh_schema_type(json, types);
    wh_json_close_object(json);
}

/* The type of a row without members of its own. */
static void
write_type(struct wh_json *json, const char *type)
{
    if (strcmp(type, "time") == 0 || strcmp(type, "time null") == 0) {
        wh_schema_type(json, type[4] == ' ' ? "string null" : "string");
        wh_schema_member(json, "format", "date-time");
    } else if (strcmp(type, "texts") == 0) {
        wh_schema_type(json, "array");
        wh_json_name(json, "items");
        write_items(json, "string");
    } else if (strcmp(type, "list") == 0) {
        wh_schema_type(json, "array");
    } else if (strncmp(type, "map", 3) == 0) {
        wh_schema_type(json, "object");
        if (type[3] == ' ') {
            wh_json_name(json, "additionalProperties");
            write_items(json, type + 4);
        }
    } else {
        wh_schema_type(json, type);
    }
}

/* The members of an object; of a list, those of each of its items. */
static void
open_members(struct wh_json *json, const char *type)
{
    if (strcmp(type, "list") == 0) {
        wh_json_name(json, "items");
        wh_json_open_object(json);
        wh_schema_type(json, "object");
    }
    wh_json_name(json, "properties");
    wh_json_open_object(json);
}

static void
close_members(struct wh_json *json, const char *type)
{
    wh_json_close_object(json);
    if (strcmp(type, "list") == 0) {
        wh_json_close_object(json);
    }
}

static int
depth_of(size_t row)
{
    return row < ROW_COUNT ? rows[row].depth : 0;
}

static void
write_rows(struct wh_json *json)
{
    const char *open_types[DEPTH_MAX + 1] = {NULL};
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *row = &rows[i];
        wh_json_name(json, row->name);
        wh_json_open_object(json);
        write_type(json, row->type);
        if (row->what != NULL) {
            wh_schema_member(json, "description", row->what);
        }
        if (depth_of(i + 1) > row->depth) {
            open_types[row->depth] = row->type;
            open_members(json, row->type);
            continue;
        }
        wh_json_close_object(json);
        for (int depth = row->depth; depth > depth_of(i + 1); depth--) {
            close_members(json, open_types[depth - 1]);
            wh_json_close_object(json);
        }
    }
}

static void
write_required(struct wh_json *json)
{
    static const char *const names[] = {
        "id",    "type",        "lead_id",     "also",       "life",
        "model", "occurred_at", "received_at", "decided_at",
    };
    wh_json_name(json, "required");
    wh_json_open_list(json);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        wh_json_str(json, wh_str_of(names[i]));
    }
    wh_json_close_list(json);
}

void
wh_schema_lead_event(struct wh_json *json)
{
    wh_schema_member(json, "description",
                     "What was decided about a lead, as it leaves. Names that are not listed may "
                     "come with a later version.");
    wh_schema_type(json, "object");
    write_required(json);
    wh_json_name(json, "properties");
    wh_json_open_object(json);
    write_rows(json);
    wh_json_close_object(json);
}
