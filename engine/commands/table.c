/* The table of all commands and their options: contract.md 1. */
#include "engine/commands/command.h"

#define NO_OPTION WH_OPTION_COUNT
#define LATER     true
#define NOW       false

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FLAGS(array) .flags = (array), .flag_count = COUNT(array)

#define CONFIG_FLAG(is_later)                                                                   \
    {                                                                                           \
        "--config", "FILE", "$WATERHOLE_CONFIG, waterhole.yaml, /etc/waterhole/waterhole.yaml", \
            "configuration", NO_OPTION, is_later                                                \
    }
#define JSON_FLAG                                                                           \
    {                                                                                       \
        "--json", NULL, NULL, "print the result as JSON, one object a line", NO_OPTION, NOW \
    }
#define MODEL_FLAG                                                                   \
    {                                                                                \
        "--model", "PATH", NULL, "file or folder of the model", WH_OPTION_MODEL, NOW \
    }

#define LISTEN_FLAG                                                                           \
    {                                                                                         \
        "--listen", "ADDR", "else kafka.bootstrap of the configuration, else 127.0.0.1:8440", \
            "HTTP address of `up` or `collect`", WH_OPTION_LISTEN, NOW                        \
    }

static const struct wh_flag up_flags[] = {
    MODEL_FLAG,
    {"--play", "FILE", NULL,
     "first play recorded touchpoints, JSON lines: .gz and .zst too, - is standard input",
     NO_OPTION, NOW},
    {"--clock", "wall|log", NULL, "what `now` is while playing: log takes it from the touches",
     WH_OPTION_ENGINE_CLOCK, NOW},
    {"--once", NULL, NULL, "end when everything has been played", NO_OPTION, NOW},
    {"--data", "DIR", NULL,
     "keep everything there, and go on with what is there; without it nothing is kept",
     WH_OPTION_DATA, NOW},
    CONFIG_FLAG(NOW),
    {"--json", NULL, NULL, "print lead events as JSON, one a line, and nothing else", NO_OPTION,
     NOW},
    {"--listen", "ADDR", NULL, "HTTP address", WH_OPTION_LISTEN, NOW},
};

static const struct wh_flag engine_flags[] = {CONFIG_FLAG(NOW)};
static const struct wh_flag collect_flags[] = {CONFIG_FLAG(NOW)};

static const struct wh_flag init_flags[] = {
    CONFIG_FLAG(NOW),
    {"--print", NULL, NULL, "only print topics, settings and the ACLs of each command", NO_OPTION,
     NOW},
    {"--partitions", "N", "16, or as many as the topics that are there",
     "partitions of each topic; never changes later", NO_OPTION, NOW},
};

static const struct wh_flag check_flags[] = {
    {"--format", "text|json|github", "text", "form of the problems", NO_OPTION, NOW},
    {"--json", NULL, NULL, "the same as --format json", NO_OPTION, NOW},
};

static const struct wh_flag test_flags[] = {
    {"--format", "text|tap|junit", "text", "form of the results", NO_OPTION, NOW},
    {"--watch", NULL, NULL, "run again when a test, a model or a list changes", NO_OPTION, NOW},
    {"--coverage", NULL, NULL,
     "say at the end which rules, criteria, segments, triggers, qualifications and routes no test "
     "has brought to do anything",
     NO_OPTION, NOW},
    {"--json", NULL, NULL, "print the results as JSON", NO_OPTION, LATER},
};

static const struct wh_flag replay_flags[] = {
    MODEL_FLAG,
    {"--against", "PATH", NULL, "a second model: the difference, lead by lead", NO_OPTION, NOW},
    {"--sweep", "NAME=FROM..TO/STEP", NULL,
     "try values of a constant of the model: numbers or durations", NO_OPTION, NOW},
    {"--outcomes", "CSV", NULL,
     "what became of leads, beside outcome_won and outcome_lost among the touches: columns lead, "
     "at, outcome (won or lost)",
     NO_OPTION, NOW},
    {"--csv", NULL, NULL, "print a row for each lead, or for each difference", NO_OPTION, NOW},
    {"--json", NULL, NULL, "the same as JSON, one object a line, the summary last", NO_OPTION, NOW},
    CONFIG_FLAG(NOW),
};

static const struct wh_flag record_flags[] = {
    {"--data", "DIR", "else kafka.bootstrap of the configuration",
     "folder of `waterhole up --data DIR`", WH_OPTION_DATA, NOW},
    {"--from", "TIME", "the first touch kept",
     "begin of the range, by received_at, else occurred_at; or an offset in each partition",
     NO_OPTION, NOW},
    {"--to", "TIME", "the last touch kept", "end of the range, itself not in it", NO_OPTION, NOW},
    {"--pseudonymise", "KEYFILE", NULL,
     "replace identifiers, addresses and names by keyed hashes that are the same for the same key",
     NO_OPTION, NOW},
    {"--keep", "NAMES", NULL,
     "do not hash these, such as lead.segment,properties.plan, where the model reads them",
     NO_OPTION, NOW},
    {"--model", "PATH", "the one in use", "whose zone and placeholders are meant", NO_OPTION, NOW},
    CONFIG_FLAG(NOW),
};

static const struct wh_flag lead_flags[] = {
    {"--data", "DIR", "else kafka.bootstrap and store of the configuration",
     "folder of `waterhole up --data DIR`", WH_OPTION_DATA, NOW},
    {"--at", "TIME", "the present moment",
     "what was known then, such as 2026-11-03 or 2026-11-03T14:00", NO_OPTION, NOW},
    JSON_FLAG,
    {"--model", "PATH", "the one in use", "must be the model that is in use", NO_OPTION, NOW},
    CONFIG_FLAG(NOW),
    {"--why", "EVENT_ID", NULL,
     "explain one event: an id, or its end such as sales_ready/1/qualified", NO_OPTION, NOW},
    {"--erase", NULL, NULL, "forget the lead, by a touch", NO_OPTION, NOW},
    {"--export", NULL, NULL, "everything that is kept of the lead, as JSON", NO_OPTION, NOW},
    LISTEN_FLAG,
};

static const struct wh_flag identity_flags[] = {CONFIG_FLAG(NOW), LISTEN_FLAG, JSON_FLAG};

static const struct wh_flag partition_flags[] = {
    {"--accept-loss", NULL, NULL, "start a stopped partition from what is there", NO_OPTION, NOW},
    CONFIG_FLAG(NOW),
    JSON_FLAG,
};

static const struct wh_flag map_flags[] = {
    {"--try", NULL, NULL, "show what comes out, write nothing", NO_OPTION, LATER},
    CONFIG_FLAG(LATER),
};

static const struct wh_flag reshard_flags[] = {
    {"--partitions", "N", NULL, "new number of partitions", NO_OPTION, LATER},
    CONFIG_FLAG(LATER),
};

static const struct wh_flag leads_flags[] = {
    {"--data", "DIR", "else kafka.bootstrap and store of the configuration",
     "folder of `waterhole up --data DIR`", WH_OPTION_DATA, NOW},
    {"--companies", NULL, NULL, "companies instead of leads", NO_OPTION, NOW},
    {"--ripe", NULL, NULL, "only the ripe ones", NO_OPTION, NOW},
    {"--segment", "S", NULL, "only those inside", NO_OPTION, NOW},
    {"--stage", "S", NULL, "only those in it", NO_OPTION, NOW},
    {"--owner", "O", NULL, "only those of that lead.owner", NO_OPTION, NOW},
    {"--since", "D", NULL, "only those that did something within, such as 7d", NO_OPTION, NOW},
    {"--limit", "N", "1000", "at most so many: the ripe, then the most interested", NO_OPTION, NOW},
    {"--format", "table|csv|json", "table", "form", NO_OPTION, NOW},
    {"--json", NULL, NULL, "the same as --format json", NO_OPTION, NOW},
    {"--model", "PATH", "the one in use", "must be the model that is in use", NO_OPTION, NOW},
    CONFIG_FLAG(NOW),
};

static const struct wh_flag rejected_flags[] = {
    {"--reason", "R", NULL, "only those with the reason", NO_OPTION, LATER},
    {"--since", "D", NULL, "only those of the last", NO_OPTION, LATER},
};

static const struct wh_flag tap_flags[] = {
    {"--type", "T", NULL, "only touches, or decisions, of the type", NO_OPTION, NOW},
    {"--lead", "KEY", NULL, "only touches that name it, and its decisions", NO_OPTION, NOW},
    {"--rejected", NULL, NULL, "only what cannot be used", NO_OPTION, NOW},
    {"--json", NULL, NULL, "as it came, one JSON object a line", NO_OPTION, NOW},
    CONFIG_FLAG(NOW),
    LISTEN_FLAG,
};

static const struct wh_flag new_flags[] = {
    {"--like", "NAME", "b2b", "the starter: b2b, saas, events, … (another name lists them)",
     NO_OPTION, NOW},
};

static const struct wh_flag schema_flags[] = {
    {"--proto", NULL, NULL, "as .proto instead of JSON Schema", NO_OPTION, NOW},
};

static const struct wh_flag config_flags[] = {CONFIG_FLAG(NOW), JSON_FLAG};
static const struct wh_flag version_flags[] = {JSON_FLAG};

const struct wh_command wh_commands[] = {
    {"up", NULL, 0, 0,
     "everything in one process on one data folder: takes touches over HTTP, prints each lead "
     "event when it leaves, and ends in order with Ctrl-C",
     "waterhole up --model pumps.yaml --data state", FLAGS(up_flags), wh_command_up},
    {"engine", NULL, 0, 0, "Kafka in, Redis state, Kafka out",
     "waterhole engine --config waterhole.yaml", FLAGS(engine_flags), wh_command_engine},
    {"collect", NULL, 0, 0, "the HTTP front door, into Kafka",
     "waterhole collect --config waterhole.yaml", FLAGS(collect_flags), wh_command_collect},
    {"init", NULL, 0, 0, "creates topics, with the settings that they need",
     "waterhole init --print", FLAGS(init_flags), wh_command_init},
    {"check", "PATH…", 1, WH_OPERANDS_MAX, "reads models and prints what is wrong with them",
     "waterhole check models/pumps.yaml", FLAGS(check_flags), wh_command_check},
    {"test", "PATH…", 1, WH_OPERANDS_MAX, "runs model tests: files *.test.yaml, or folders of them",
     "waterhole test models", FLAGS(test_flags), wh_command_test},
    {"replay", "FILE…", 1, WH_OPERANDS_MAX, "recorded touchpoints through one model or two",
     "waterhole replay touches.jsonl.gz --model now.yaml --against next.yaml", FLAGS(replay_flags),
     wh_command_replay},
    {"record", "[FILE]", 0, 1,
     "saves touches of a data folder or of the topic as JSON lines, also while they are used: to "
     "FILE, packed when its name ends in .gz or .zst, else to standard output",
     "waterhole record touches.jsonl.zst --data state --from 2026-11-01 --to 2026-12-01",
     FLAGS(record_flags), wh_command_record},
    {"lead", "KEY", 1, 1,
     "one lead: its story, each score with every point, what comes next; KEY is kind:value, such "
     "as email:ann@stadtwerke.example, or a lead id",
     "waterhole lead email:ann@stadtwerke.example --data state", FLAGS(lead_flags),
     wh_command_lead},
    {"identity", "split|allow|join|alone KEY [KEY]", 2, 3,
     "writes the touch that corrects who is who: split WEAK STRONG cuts a link, allow WEAK STRONG "
     "takes that back; join LEAD INTO makes two CRM records one, alone LEAD takes that back",
     "waterhole identity split anon:c-81 email:bob@stadtwerke.example", FLAGS(identity_flags),
     wh_command_identity},
    {"partition", "P", 1, 1,
     "state of one partition: journal, inputs, store, and what is missing when it cannot work",
     "waterhole partition 3", FLAGS(partition_flags), wh_command_partition},
    {"map", "FILE…", 1, WH_OPERANDS_MAX, "tries the mapping of foreign records",
     "waterhole map crm.jsonl --try", FLAGS(map_flags), NULL},
    {"reshard", NULL, 0, 0, "changes the number of partitions, offline",
     "waterhole reshard --partitions 32", FLAGS(reshard_flags), NULL},
    {"leads", NULL, 0, 0, "many leads: a line for each, the ripe and the most interested first",
     "waterhole leads --ripe --since 7d --data state", FLAGS(leads_flags), wh_command_leads},
    {"rejected", "list|retry", 1, 1, "lists and retries what could not be used",
     "waterhole rejected list --reason bad_time", FLAGS(rejected_flags), NULL},
    {"tap", NULL, 0, 0, "touches and decisions as they pass, live, until Ctrl-C",
     "waterhole tap --type demo_request", FLAGS(tap_flags), wh_command_tap},
    {"new", "DIR", 1, 1, "writes a commented starter model with its lists and its tests",
     "waterhole new models --like saas", FLAGS(new_flags), wh_command_new},
    {"schema", "NAME", 1, 1, "JSON Schema or .proto of touchpoint, lead-event or model",
     "waterhole schema touchpoint", FLAGS(schema_flags), wh_command_schema},
    {"config", NULL, 0, 0,
     "the effective configuration, secrets masked, each value with where it came from",
     "waterhole config --config waterhole.yaml", FLAGS(config_flags), wh_command_config},
    {"version", NULL, 0, 0, "version, state semantics number, libraries with their versions",
     "waterhole version", FLAGS(version_flags), wh_command_version},
};

const size_t wh_command_count = COUNT(wh_commands);
