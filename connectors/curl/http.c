#include "connectors/curl/http.h"

#include <curl/curl.h>

#include "engine/base/buf.h"

#define CONNECT_MS 5000L
#define ANSWER_MS  30000L
/* `stop` wakes the wait at once; this only bounds how long a lost wake-up could last. */
#define WAIT_MS 10000

struct transfer {
    CURL *easy;
    struct curl_slist *headers;
    const struct wh_http_request *request;
    const struct wh_http_lines *lines; /* NULL: the answer is collected */
    struct wh_buf body;
    struct wh_buf line;
    bool is_too_long;
    char reason[CURL_ERROR_SIZE];
};

static long
status_of(const struct transfer *transfer)
{
    long status = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* False when it does not fit. */
static bool
push(struct wh_buf *buf, struct wh_str bytes, size_t max)
{
    if (bytes.len > max - buf->len) {
        return false;
    }
    wh_buf_push(buf, bytes);
    return true;
}

static bool
take_lines(struct transfer *transfer, struct wh_str bytes)
{
    for (;;) {
        const char *end = memchr(bytes.ptr, '\n', bytes.len);
        if (end == NULL) {
            return push(&transfer->line, bytes, WH_HTTP_LINE_MAX);
        }
        size_t len = (size_t)(end - bytes.ptr);
        if (!push(&transfer->line, wh_str_slice(bytes, 0, len), WH_HTTP_LINE_MAX)) {
            return false;
        }
        struct wh_str line = wh_buf_str(&transfer->line);
        line.len -= line.len > 0 && line.ptr[line.len - 1] == '\r' ? 1 : 0;
        transfer->lines->on_line(transfer->lines->self, line);
        transfer->line.len = 0;
        bytes = wh_str_slice(bytes, len + 1, bytes.len);
        if (bytes.len == 0) {
            return true;
        }
    }
}

/* curl's own form; less than `count` taken ends the transfer. */
static size_t
/* NOLINTNEXTLINE(readability-non-const-parameter) */
on_bytes(char *bytes, size_t size, size_t count, void *self)
{
    struct transfer *transfer = self;
    struct wh_str text = {bytes, size * count};
    bool is_followed = transfer->lines != NULL && status_of(transfer) == 200;
    if (text.len == 0) {
        return 0;
    }
    transfer->is_too_long =
        is_followed ? !take_lines(transfer, text) : !push(&transfer->body, text, WH_HTTP_BODY_MAX);
    return transfer->is_too_long ? 0 : text.len;
}

static void
set_headers(struct transfer *transfer, struct wh_arena *arena)
{
    struct wh_buf buf;
    if (transfer->request->key.len > 0) {
        wh_buf_init(&buf, arena);
        wh_buf_printf(&buf, "Authorization: Bearer %.*s", WH_STR_ARG(transfer->request->key));
        transfer->headers = curl_slist_append(transfer->headers, wh_buf_text(&buf));
    }
    if (transfer->request->body.ptr != NULL) {
        transfer->headers = curl_slist_append(transfer->headers, "Content-Type: application/json");
    }
    (void)curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void
set_body(const struct transfer *transfer)
{
    const struct wh_http_request *request = transfer->request;
    if (request->body.ptr == NULL) {
        return;
    }
    (void)curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                           (curl_off_t)request->body.len);
    (void)curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, request->body.ptr);
}

/* Options that a build of curl lacks fail here and in curl_easy_perform again, with the reason. */
static void
set_options(struct transfer *transfer, struct wh_arena *arena)
{
    CURL *easy = transfer->easy;
    (void)curl_easy_setopt(easy, CURLOPT_URL, transfer->request->url);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->reason);
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    (void)curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    if (transfer->lines == NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, ANSWER_MS);
    }
    if (transfer->request->certificate != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, transfer->request->certificate);
    }
    set_headers(transfer, arena);
    set_body(transfer);
}

static enum wh_err
fail(const struct transfer *transfer, CURLcode code, struct wh_error *error)
{
    if (transfer->is_too_long) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "%s sends more than this program takes",
                            transfer->request->url);
    }
    return wh_error_set(error, WH_ERR_OUTSIDE, "no answer from %s: %s", transfer->request->url,
                        transfer->reason[0] != '\0' ? transfer->reason : curl_easy_strerror(code));
}

static enum wh_err
begin(struct transfer *transfer, struct wh_arena *arena, struct wh_error *error)
{
    wh_buf_init(&transfer->body, arena);
    wh_buf_init(&transfer->line, arena);
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL) {
        return wh_error_set(error, WH_ERR_OUTSIDE, "the HTTP client cannot start");
    }
    set_options(transfer, arena);
    return WH_OK;
}

static void
end(struct transfer *transfer, struct wh_http_answer *ret_answer)
{
    *ret_answer = (struct wh_http_answer){status_of(transfer), wh_buf_str(&transfer->body)};
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
}

enum wh_err
wh_http_send(struct wh_arena *arena, const struct wh_http_request *request,
             struct wh_http_answer *ret_answer, struct wh_error *error)
{
    struct transfer transfer = {.request = request};
    enum wh_err err = begin(&transfer, arena, error);
    if (err != WH_OK) {
        return err;
    }
    CURLcode code = curl_easy_perform(transfer.easy);
    if (code != CURLE_OK) {
        err = fail(&transfer, code, error);
    }
    end(&transfer, ret_answer);
    return err;
}

/* What became of the one transfer of the multi handle. */
static CURLcode
result_of(CURLM *multi)
{
    int left = 0;
    const CURLMsg *message = curl_multi_info_read(multi, &left);
    return message == NULL ? CURLE_OK : message->data.result;
}

/* Until the transfer ends or `stop` can be read. */
static CURLcode
follow(CURLM *multi, int stop)
{
    int running = 1;
    while (curl_multi_perform(multi, &running) == CURLM_OK && running > 0) {
        struct curl_waitfd wait = {.fd = stop, .events = CURL_WAIT_POLLIN};
        if (curl_multi_poll(multi, &wait, 1, WAIT_MS, NULL) != CURLM_OK || wait.revents != 0) {
            return CURLE_OK;
        }
    }
    return result_of(multi);
}

enum wh_err
wh_http_follow(struct wh_arena *arena, const struct wh_http_request *request,
               const struct wh_http_lines *lines, struct wh_http_answer *ret_answer,
               struct wh_error *error)
{
    struct transfer transfer = {.request = request, .lines = lines};
    enum wh_err err = begin(&transfer, arena, error);
    if (err != WH_OK) {
        return err;
    }
    CURLM *multi = curl_multi_init();
    if (multi == NULL || curl_multi_add_handle(multi, transfer.easy) != CURLM_OK) {
        err = wh_error_set(error, WH_ERR_OUTSIDE, "the HTTP client cannot start");
    } else {
        CURLcode code = follow(multi, lines->stop);
        err = code == CURLE_OK ? WH_OK : fail(&transfer, code, error);
        (void)curl_multi_remove_handle(multi, transfer.easy);
    }
    end(&transfer, ret_answer);
    (void)curl_multi_cleanup(multi);
    return err;
}

struct wh_str
wh_libraries_curl(struct wh_arena *arena)
{
    return wh_arena_str(arena, wh_str_of(curl_version_info(CURLVERSION_NOW)->version));
}
