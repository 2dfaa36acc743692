#ifndef WH_TESTS_IDENTITY_NET_ENGINE_H
#define WH_TESTS_IDENTITY_NET_ENGINE_H

#include "engine/score/identity.h"
#include "tests/identity/store.h"

struct flight;
struct oracle;
struct net;

/* What stands behind an entity when that is not identity and a store alone: the whole engine. */
struct net_engine {
    void *self;
    void (*init)(struct net *net);
    void (*fini)(struct net *net);
    void (*begin)(struct net *net, int key);
    /* Handles the message and decides; what is sent has contents of store.h. */
    void (*step)(struct net *net, struct flight *flight, struct wh_identity_effects *effects);
    void (*move)(struct net *net, int key); /* into the other arena */
    void (*rest)(struct net *net);          /* all is quiet, and the clock has moved on */
    /* What of the engine's own is in a part of a content. */
    void *(*part)(struct net *net, const struct content *whole, const struct content *part);
    void (*check)(struct net *net, const struct oracle *oracle);
};

#endif
