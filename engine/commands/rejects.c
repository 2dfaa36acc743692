#include "engine/commands/rejects.h"

#include "engine/base/utf8.h"
#include "engine/commands/json.h"

/* RFC 4648. */
static void
push_base64(struct wh_buf *buf, struct wh_str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++) {
            uint32_t byte = i + k < bytes.len ? (unsigned char)bytes.ptr[i + k] : 0;
            group = group << 8 | byte;
        }
        for (size_t k = 0; k < 4; k++) {
            bool is_there = i + k <= bytes.len;
            wh_buf_push_char(buf, is_there ? digits[group >> (18 - 6 * k) & 63U] : '=');
        }
    }
}

/* {"reason":…,"field":…,"detail":…,"line":…,"value":…}; bytes that are no text are "base64". */
static void
push_record(struct wh_buf *buf, uint64_t line, const struct wh_play_rejection *rejection)
{
    const struct wh_rejection *why = rejection->why;
    wh_buf_printf(buf, "{\"reason\":\"%s\",\"field\":", wh_reject_str(why->reason));
    wh_json_push_string(buf, why->field);
    wh_buf_push_text(buf, ",\"detail\":");
    wh_json_push_string(buf, why->detail);
    wh_buf_printf(buf, ",\"line\":%llu,", (unsigned long long)line);
    if (wh_utf8_is_valid(rejection->bytes)) {
        wh_buf_push_text(buf, "\"value\":");
        wh_json_push_string(buf, rejection->bytes);
    } else {
        wh_buf_push_text(buf, "\"base64\":\"");
        push_base64(buf, rejection->bytes);
        wh_buf_push_char(buf, '"');
    }
    wh_buf_push_text(buf, "}\n");
}

void
wh_rejects_take(void *self, const struct wh_play_rejection *rejection)
{
    struct wh_rejects *rejects = self;
    const struct wh_rejection *why = rejection->why;
    struct wh_reject_example *example = &rejects->examples[why->reason];
    struct wh_arena scratch;
    struct wh_buf buf;
    if (example->line == 0) {
        example->line = rejects->line;
        example->field = wh_arena_str(rejects->arena, why->field);
        example->detail = wh_arena_str(rejects->arena, why->detail);
    }
    if (rejects->file == NULL) {
        return;
    }
    wh_arena_init(&scratch, 0);
    wh_buf_init(&buf, &scratch);
    push_record(&buf, rejects->line, rejection);
    struct wh_str text = wh_buf_str(&buf);
    bool is_written = fwrite(text.ptr, 1, text.len, rejects->file) == text.len;
    rejects->has_failed = rejects->has_failed || !is_written;
    wh_arena_fini(&scratch);
}
