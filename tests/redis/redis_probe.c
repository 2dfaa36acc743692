/* The store in Redis, driven from outside.
 *   redis_probe conformance ADDRESS        the suite of port/store against that server
 *   redis_probe check ADDRESS              what a start would say, and its exit code
 *   redis_probe drive ADDRESS              requests by lines, answers by lines
 * Options behind the address: cluster, prefix=TEXT, patience=MS, authorities=FILE,
 * certificate=FILE, key=FILE.
 *
 * Lines of `drive`; TICKET is a number that comes back, KEY a number up to 255:
 *   TICKET meta P
 *   TICKET claim P LINEAGE EPOCH BASE-EPOCH BASE-VERSION
 *   TICKET read P KEY…
 *   TICKET write P EPOCH FROM WATERMARK OFFSET [KEY:SEQ:DUE:BYTES | KEY:SEQ:-:-]…   (-: deleted)
 *   TICKET dues P AFTER-DUE AFTER-KEY UNTIL LIMIT
 *   TICKET scan P AFTER-KEY LIMIT
 *   TICKET clear P EPOCH FROM LIMIT
 *   TICKET counts
 * Answers: TICKET ok|refused|failed LINEAGE|- EPOCH VERSION WATERMARK OFFSET then KEY:SEQ:DUE:BYTES
 * (KEY:0 for no such entry, "-" for the bytes of a tombstone), KEY@DUE, and `more`. What the log
 * would say: `news away|back|note TEXT`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "connectors/redis/redis.h"
#include "engine/base/time.h"
#include "tests/support/conformance_store.h"

#define WORDS_MAX  4096
#define ASKED_MAX  2048
#define LINE_BYTES (1 << 20)

/* What a request borrows until its answer; the port's ticket is the place in `asked`. */
struct asked {
    uint64_t ticket;
    bool is_used;
    struct wh_arena arena;
};

struct probe {
    uv_loop_t loop;
    uv_poll_t input;
    struct wh_arena arena;
    struct wh_redis_options options;
    struct wh_redis *redis;
    struct wh_store store;
    struct wh_store waiting; /* of conformance: a poll runs the loop */
    uint64_t rounds;         /* stores opened: each has a prefix of its own */
    char line[LINE_BYTES];
    size_t line_len;
    struct asked asked[ASKED_MAX];
};

static struct wh_hash_id
id_of(unsigned long number)
{
    return (struct wh_hash_id){{(uint8_t)number, 7}};
}

static void
die(const char *what)
{
    (void)fprintf(stderr, "redis_probe: %s\n", what);
    abort();
}

static void
on_news(void *self, enum wh_redis_news news, const char *text)
{
    static const char *const words[] = {"away", "back", "note"};
    (void)self;
    printf("news %s %s\n", words[news], text);
    (void)fflush(stdout);
}

static void
print_entry(const struct wh_store_entry *entry)
{
    printf(" %u:%llu", (unsigned)entry->key.bytes[0], (unsigned long long)entry->seq);
    if (entry->seq > 0) {
        printf(":%lld:%.*s", (long long)entry->due, WH_STR_ARG(entry->bytes));
        printf("%s", entry->is_deleted ? "-" : "");
    }
}

static void
print_answer(const struct wh_store_answer *answer, uint64_t ticket)
{
    static const char *const words[] = {"ok", "refused", "failed"};
    printf("%llu %s", (unsigned long long)ticket, words[answer->result]);
    if (answer->meta.exists) {
        printf(" %u", (unsigned)answer->meta.lineage.bytes[0]);
    } else {
        printf(" -");
    }
    printf(" %lld %llu %llu %lld", (long long)answer->meta.epoch,
           (unsigned long long)answer->meta.version, (unsigned long long)answer->meta.watermark,
           (long long)answer->meta.offset);
    for (size_t i = 0; i < answer->entry_count; i++) {
        print_entry(&answer->entries[i]);
    }
    for (size_t i = 0; i < answer->due_count; i++) {
        printf(" %u@%lld", (unsigned)answer->dues[i].key.bytes[0], (long long)answer->dues[i].due);
    }
    printf("%s\n", answer->has_more ? " more" : "");
    (void)fflush(stdout);
}

static void
on_answer(void *self)
{
    struct probe *probe = self;
    struct wh_store_answer answer;
    while (probe->store.poll(probe->store.self, &answer)) {
        struct asked *asked = &probe->asked[answer.ticket];
        print_answer(&answer, asked->ticket);
        wh_arena_fini(&asked->arena);
        asked->is_used = false;
    }
}

/* Conformance fetches its answers by itself. */
static void
on_answer_later(void *self)
{
    (void)self;
}

static int64_t
number(char **words, int at)
{
    return words[at] == NULL ? 0 : strtoll(words[at], NULL, 10);
}

static int64_t
due_of(const char *text)
{
    return strcmp(text, "never") == 0 ? WH_TIME_NEVER : strtoll(text, NULL, 10);
}

static struct wh_store_entry
parse_entry(struct wh_arena *arena, char *word)
{
    char *rest = NULL;
    char *key = strtok_r(word, ":", &rest);
    char *seq = strtok_r(NULL, ":", &rest);
    char *due = strtok_r(NULL, ":", &rest);
    if (key == NULL || seq == NULL || due == NULL || rest == NULL) {
        die("expected KEY:SEQ:DUE:BYTES");
    }
    struct wh_store_entry entry = {.key = id_of(strtoul(key, NULL, 10)),
                                   .seq = strtoull(seq, NULL, 10),
                                   .due = WH_TIME_NEVER,
                                   .is_deleted = strcmp(due, "-") == 0};
    if (!entry.is_deleted) {
        entry.due = due_of(due);
        entry.bytes = wh_arena_str(arena, wh_str_of(rest));
    }
    return entry;
}

static void
take_list(struct wh_arena *arena, struct wh_store_request *request, char **words, int at, int count)
{
    struct wh_hash_id *keys = WH_ARENA_ARRAY(arena, struct wh_hash_id, (size_t)count);
    struct wh_store_entry *entries = WH_ARENA_ARRAY(arena, struct wh_store_entry, (size_t)count);
    size_t items = count > at ? (size_t)(count - at) : 0;
    for (size_t i = 0; i < items; i++) {
        if (request->call == WH_STORE_READ) {
            keys[i] = id_of(strtoul(words[at + (int)i], NULL, 10));
        } else {
            entries[i] = parse_entry(arena, words[at + (int)i]);
        }
    }
    request->keys = keys;
    request->key_count = request->call == WH_STORE_READ ? items : 0;
    request->entries = entries;
    request->entry_count = request->call == WH_STORE_WRITE ? items : 0;
}

static void
take_words(struct wh_arena *arena, struct wh_store_request *request, char **words, int count)
{
    bool is_change = request->call == WH_STORE_WRITE || request->call == WH_STORE_CLEAR;
    if (request->call == WH_STORE_CLAIM) {
        request->lineage = id_of((unsigned long)number(words, 3));
        request->epoch = number(words, 4);
        request->base_epoch = number(words, 5);
        request->base_version = (uint64_t)number(words, 6);
    } else if (request->call == WH_STORE_DUES) {
        request->after = (struct wh_due){number(words, 3), id_of((unsigned long)number(words, 4))};
        request->until = wh_due_after_all(number(words, 5));
        request->limit = (uint32_t)number(words, 6);
    } else if (request->call == WH_STORE_SCAN) {
        request->after.key = id_of((unsigned long)number(words, 3));
        request->limit = (uint32_t)number(words, 4);
    } else if (is_change) {
        request->epoch = number(words, 3);
        request->from = (uint64_t)number(words, 4);
        request->limit = (uint32_t)number(words, 5);
        request->watermark = (uint64_t)number(words, 5);
        request->offset = number(words, 6);
    }
    if (request->call == WH_STORE_READ || request->call == WH_STORE_WRITE) {
        take_list(arena, request, words, request->call == WH_STORE_READ ? 3 : 7, count);
    }
}

static void
print_counts(const struct probe *probe, const char *ticket)
{
    const struct wh_redis_counts *counts = wh_redis_counts(probe->redis);
    printf("%s counts failed=%llu scripts=%llu moved=%llu deferred=%llu lost=%llu\n", ticket,
           (unsigned long long)counts->failed, (unsigned long long)counts->scripts,
           (unsigned long long)counts->moved, (unsigned long long)counts->deferred,
           (unsigned long long)counts->lost);
    (void)fflush(stdout);
}

static void
ask(struct probe *probe, char **words, int count)
{
    struct wh_store_request request = {.partition = (uint32_t)number(words, 2)};
    while (strcmp(wh_store_call_str(request.call), words[1]) != 0) {
        if (request.call == WH_STORE_CLEAR) {
            die("no such call");
        }
        request.call = (enum wh_store_call)(request.call + 1);
    }
    while (request.ticket < ASKED_MAX && probe->asked[request.ticket].is_used) {
        request.ticket++;
    }
    if (request.ticket == ASKED_MAX) {
        die("too many requests at once");
    }
    struct asked *asked = &probe->asked[request.ticket];
    *asked = (struct asked){.ticket = strtoull(words[0], NULL, 10), .is_used = true};
    wh_arena_init(&asked->arena, 0);
    take_words(&asked->arena, &request, words, count);
    probe->store.start(probe->store.self, &request);
}

static void
obey(struct probe *probe, char *line)
{
    char *words[WORDS_MAX + 1] = {NULL};
    char *rest = NULL;
    int count = 0;
    for (char *word = strtok_r(line, " ", &rest); word != NULL && count < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    if (count >= 2 && strcmp(words[1], "counts") == 0) {
        print_counts(probe, words[0]);
    } else if (count >= 3) {
        ask(probe, words, count);
    } else {
        die("expected TICKET CALL PARTITION …");
    }
}

static void
on_input(uv_poll_t *input, int status, int events)
{
    struct probe *probe = input->data;
    (void)events;
    ssize_t got = status != 0 ? 0
                              : read(STDIN_FILENO, probe->line + probe->line_len,
                                     sizeof(probe->line) - probe->line_len);
    if (got <= 0) {
        (void)uv_poll_stop(input);
        uv_stop(&probe->loop);
        return;
    }
    probe->line_len += (size_t)got;
    char *begin = probe->line;
    char *end;
    while ((end = memchr(begin, '\n', probe->line_len - (size_t)(begin - probe->line))) != NULL) {
        *end = '\0';
        obey(probe, begin);
        begin = end + 1;
    }
    probe->line_len -= (size_t)(begin - probe->line);
    memmove(probe->line, begin, probe->line_len);
}

static void
open_store(struct probe *probe, void (*answered)(void *self))
{
    const struct wh_redis_env env = {&probe->loop, probe, answered, on_news};
    struct wh_error error;
    if (wh_redis_open(&probe->options, &env, &probe->redis, &error) != WH_OK) {
        die(error.message);
    }
    probe->store = wh_redis_port(probe->redis);
}

static int
drive(struct probe *probe)
{
    open_store(probe, on_answer);
    probe->input.data = probe;
    (void)uv_poll_init(&probe->loop, &probe->input, STDIN_FILENO);
    (void)uv_poll_start(&probe->input, UV_READABLE, on_input);
    (void)uv_run(&probe->loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&probe->input, NULL);
    wh_redis_close(&probe->redis);
    for (size_t i = 0; i < ASKED_MAX; i++) {
        if (probe->asked[i].is_used) {
            wh_arena_fini(&probe->asked[i].arena);
        }
    }
    (void)uv_run(&probe->loop, UV_RUN_DEFAULT);
    return 0;
}

static bool
poll_and_wait(void *self, struct wh_store_answer *ret_answer)
{
    struct probe *probe = self;
    if (probe->store.poll(probe->store.self, ret_answer)) {
        return true;
    }
    (void)uv_run(&probe->loop, UV_RUN_ONCE);
    return false;
}

static void
start_inner(void *self, const struct wh_store_request *request)
{
    struct probe *probe = self;
    probe->store.start(probe->store.self, request);
}

static const struct wh_store *
open_one(void *self)
{
    struct probe *probe = self;
    char prefix[64];
    (void)snprintf(prefix, sizeof(prefix), "suite-%d-%llu", (int)getpid(),
                   (unsigned long long)probe->rounds++);
    probe->options.prefix = wh_arena_str(&probe->arena, wh_str_of(prefix));
    open_store(probe, on_answer_later);
    probe->waiting = (struct wh_store){probe, start_inner, poll_and_wait};
    return &probe->waiting;
}

static void
close_one(void *self)
{
    struct probe *probe = self;
    wh_redis_close(&probe->redis);
    (void)uv_run(&probe->loop, UV_RUN_DEFAULT);
}

static int
check(const struct probe *probe)
{
    struct wh_redis_health health;
    struct wh_error error;
    enum wh_err err = wh_redis_check(&probe->options, &health, &error);
    if (err != WH_OK) {
        printf("%s: %s\n", wh_err_str(err), error.message);
        return err == WH_ERR_USAGE ? 2 : 3;
    }
    const char *note = wh_redis_note(health.kept);
    printf("version %s, policy %s%s%s\n", health.version, health.policy, note == NULL ? "" : ": ",
           note == NULL ? "" : note);
    return 0;
}

static void
parse(struct probe *probe, int argc, char **argv)
{
    struct wh_redis_options *options = &probe->options;
    struct wh_error error;
    bool is_cluster = false;
    options->prefix = WH_STR("wh");
    options->patience_ms = WH_REDIS_PATIENCE_MS;
    for (int i = 3; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        struct wh_str name = wh_str_of(argv[i]);
        value = value == NULL ? argv[i] + name.len : value + 1;
        is_cluster = is_cluster || wh_str_is(name, "cluster");
        if (wh_str_starts_with(name, WH_STR("prefix="))) {
            options->prefix = wh_str_of(value);
        } else if (wh_str_starts_with(name, WH_STR("patience="))) {
            options->patience_ms = (uint32_t)strtoul(value, NULL, 10);
        } else if (wh_str_starts_with(name, WH_STR("authorities="))) {
            options->authorities = value;
        } else if (wh_str_starts_with(name, WH_STR("certificate="))) {
            options->certificate = value;
        } else if (wh_str_starts_with(name, WH_STR("key="))) {
            options->key = value;
        }
    }
    if (wh_redis_address_parse(&probe->arena, wh_str_of(argv[2]), is_cluster, &options->address,
                               &error) != WH_OK) {
        die(error.message);
    }
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        die("expected conformance|check|drive ADDRESS [OPTION…]");
    }
    struct probe *probe = calloc(1, sizeof(*probe));
    if (probe == NULL) {
        die("no memory");
    }
    struct wh_conformance_store suite = {"redis_store", open_one, close_one, probe};
    wh_arena_init(&probe->arena, 0);
    (void)uv_loop_init(&probe->loop);
    parse(probe, argc, argv);
    int code = strcmp(argv[1], "conformance") == 0 ? wh_conformance_store_run(&suite)
               : strcmp(argv[1], "check") == 0     ? check(probe)
                                                   : drive(probe);
    (void)uv_loop_close(&probe->loop);
    wh_arena_fini(&probe->arena);
    free(probe);
    return code;
}
