/* Models of an engine: those of the topic, compiled when somebody needs them, and which of them is
 * current (design.md 9). From any thread. */
#ifndef WH_COMMANDS_ENGINE_MODELS_H
#define WH_COMMANDS_ENGINE_MODELS_H

#include "connectors/kafka/models.h"
#include "engine/commands/command.h"
#include "engine/commands/say.h"
#include "engine/language/compile.h"

/* Beside models and the name of the current one: under this and the number of a partition, that a
 * person accepts what it has lost. It is heard by who runs, once. */
#define WH_ENGINE_ACCEPT_LOSS "accept-loss/"
/* Partitions that were named and not taken yet. */
#define WH_ENGINE_ACCEPTED_MAX 1024

/* Models that one process knows; once compiled one stays, because states in memory point to it. */
#define WH_ENGINE_MODELS_MAX 256

struct wh_engine_model {
    struct wh_str hash;     /* hex */
    struct wh_str bundle;   /* as in the topic */
    struct wh_model *model; /* NULL: nobody needed it yet */
    bool is_broken;         /* this program reads it as another one */
};

struct wh_engine_models {
    pthread_mutex_t lock;
    const struct wh_kafka_settings *settings; /* borrowed */
    struct wh_say *say;                       /* borrowed */
    struct wh_kafka_models *topic;
    struct wh_arena arena; /* of hashes and bundles, and what models were compiled from */
    struct wh_engine_model items[WH_ENGINE_MODELS_MAX];
    size_t count;
    struct wh_str current; /* hash; empty: the topic names none */
    struct wh_str used;    /* by the shards */
    bool is_open;          /* what stood in the topic before was read */
    uint32_t accepted[WH_ENGINE_ACCEPTED_MAX];
    size_t accepted_count;
};

/* Reads the topic. Else a message has been printed. */
WH_MUST_CHECK enum wh_exit wh_engine_models_open(struct wh_engine_models *models,
                                                 const struct wh_kafka_settings *settings,
                                                 struct wh_say *say);
void wh_engine_models_close(struct wh_engine_models *models);

/* The model of the configuration, which is given away: it is published, and becomes current if it
 * never was in the topic, if none is current, or if `is_asked`. WH_ERR_USAGE: the current one is a
 * shadow and this one is not, or the reverse; nothing was published. */
WH_MUST_CHECK enum wh_err wh_engine_models_offer(struct wh_engine_models *models,
                                                 struct wh_model *model, struct wh_str path,
                                                 bool is_asked, struct wh_error *error);

/* The model of the hash; NULL: it is nowhere, or cannot be used here. */
const struct wh_ruleset *wh_engine_models_find(struct wh_engine_models *models, struct wh_str hash);
/* The current one; NULL as above. */
const struct wh_ruleset *wh_engine_models_current(struct wh_engine_models *models);
/* The one that the shards use; NULL as above. */
const struct wh_ruleset *wh_engine_models_used(struct wh_engine_models *models);
/* Takes what came into the topic; a current one that is not the one in use, or NULL. */
const struct wh_ruleset *wh_engine_models_follow(struct wh_engine_models *models);

/* A partition whose loss a person has accepted since this process began; false: no more. */
bool wh_engine_models_next_accepted(struct wh_engine_models *models, uint32_t *ret_partition);

#endif
