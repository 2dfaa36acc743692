/* A world's story, step by step, for people. */
#include "tests/identity/net.h"

static void
print_stretches(FILE *out, struct wh_stretches set)
{
    for (uint32_t i = 0; i < set.count; i++) {
        (void)fprintf(out, " [");
        if (set.items[i].from != WH_MINUTE_FIRST) {
            (void)fprintf(out, "%lld", (long long)set.items[i].from);
        }
        (void)fprintf(out, "..");
        if (set.items[i].to != WH_MINUTE_END) {
            (void)fprintf(out, "%lld", (long long)set.items[i].to);
        }
        (void)fprintf(out, ")");
    }
}

static void
print_keys(const struct net *net, const struct wh_key *keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(net->trace, " %s", world_name(net->world, world_find(net->world, keys[i])));
    }
}

static void
print_parcel(FILE *out, const struct parcel *parcel)
{
    switch (parcel->kind) {
    case PARCEL_TOUCH:
        (void)fprintf(out, " %s", parcel->touch->id);
        break;
    case PARCEL_DECISION:
        (void)fprintf(out, " decision %d", parcel->decision->number);
        break;
    case PARCEL_FOLD:
        (void)fprintf(out, " fold of %d", parcel->fold->count);
        break;
    }
}

static void
print_transfer(const struct net *net, const struct wh_identity_transfer *transfer)
{
    for (uint32_t i = 0; i < transfer->count; i++) {
        const struct content *content = transfer->loads[i].content;
        (void)fprintf(net->trace, " {via");
        print_keys(net, transfer->loads[i].trail.hops, transfer->loads[i].trail.count);
        (void)fprintf(net->trace, "%s:", transfer->loads[i].trail.sealed ? " sealed" : "");
        for (int k = 0; k < content->count; k++) {
            print_parcel(net->trace, &content->items[k]);
        }
        (void)fprintf(net->trace, "}");
    }
}

static void
print_link(const struct net *net, const struct wh_identity_link *link)
{
    for (uint32_t i = 0; i < link->count; i++) {
        (void)fprintf(net->trace, " %lld", (long long)link->minutes[i]);
    }
    (void)fprintf(net->trace, "%s%s", link->is_void ? " void" : "", link->fresh ? " fresh" : "");
}

static void
print_lease(const struct net *net, const struct wh_identity_lease *lease)
{
    print_stretches(net->trace, lease->held);
    (void)fprintf(net->trace, " %s", wh_lease_status_str(lease->status));
    for (uint32_t i = 0; i < lease->names.count; i++) {
        print_keys(net, &lease->names.items[i].key, 1);
    }
}

static void
print_content(const struct net *net, const struct wh_identity_message *message)
{
    FILE *out = net->trace;
    switch (message->kind) {
    case WH_IDENTITY_ARRIVE:
        (void)fprintf(out, " %s skipped %u", ((const struct touch *)message->as.arrive.touch)->id,
                      message->as.arrive.skipped);
        break;
    case WH_IDENTITY_LINK:
        print_link(net, &message->as.link);
        break;
    case WH_IDENTITY_LEASE:
        print_lease(net, &message->as.lease);
        break;
    case WH_IDENTITY_UP:
    case WH_IDENTITY_HOME:
        print_transfer(net, &message->as.transfer);
        break;
    case WH_IDENTITY_RECALL:
        print_keys(net, message->as.recall.via, message->as.recall.via_count);
        print_stretches(out, message->as.recall.minutes);
        (void)fprintf(out, "%s%s", message->as.recall.whole ? " whole" : "",
                      message->as.recall.drop ? " drop" : "");
        break;
    case WH_IDENTITY_UNLINK:
        print_stretches(out, message->as.unlink.minutes);
        break;
    case WH_IDENTITY_ERASE:
        print_stretches(out, message->as.erase.minutes);
        break;
    case WH_IDENTITY_PAIR:
        (void)fprintf(out, "%s", message->as.pair.split ? " split" : " allow");
        print_keys(net, &message->as.pair.strong, 1);
        break;
    case WH_IDENTITY_JOIN:
        print_keys(net, &message->as.join.lead, 1);
        break;
    case WH_IDENTITY_DISSOLVE:
        print_keys(net, &message->as.dissolve.into, message->as.dissolve.alone ? 0 : 1);
        break;
    case WH_IDENTITY_ASK:
        print_stretches(out, message->as.ask.minutes);
        break;
    case WH_IDENTITY_ANSWER:
        for (uint32_t i = 0; i < message->as.answer.count; i++) {
            print_keys(net, &message->as.answer.items[i].key, 1);
            print_stretches(out, message->as.answer.items[i].minutes);
        }
        break;
    case WH_IDENTITY_REFUSE:
    case WH_IDENTITY_TELL:
    case WH_IDENTITY_MESSAGE_KIND_COUNT:
        break;
    }
}

void
trace_step(const struct net *net, const struct flight *flight,
           const struct wh_identity_effects *effects)
{
    FILE *out = net->trace;
    (void)fprintf(out, "%4d %s -> %s: %s", net->steps, world_name(net->world, flight->from),
                  world_name(net->world, flight->to),
                  wh_identity_message_kind_str(flight->message.kind));
    print_content(net, &flight->message);
    (void)fprintf(out, "\n");
    for (uint32_t i = 0; i < effects->sent_count; i++) {
        (void)fprintf(out, "       %s to",
                      wh_identity_message_kind_str(effects->sent[i].message.kind));
        print_keys(net, &effects->sent[i].to, 1);
        print_content(net, &effects->sent[i].message);
        (void)fprintf(out, "\n");
    }
    for (uint32_t i = 0; i < effects->fact_count; i++) {
        const struct wh_fact *fact = &effects->facts[i];
        (void)fprintf(out, "       fact: %s (%s)", wh_fact_kind_str(fact->kind),
                      wh_identity_reason_str(fact->reason));
        if (fact->kind == WH_FACT_MERGED || fact->kind == WH_FACT_POINTER) {
            (void)fprintf(out, " into");
            print_keys(net, &fact->into, 1);
        }
        (void)fprintf(out, " turn %u\n", fact->turn);
    }
}
