#include "engine/model/key_set.h"

#include "engine/base/buf.h"

/* By kind. */
static const char letters[] = "cuepa";
#define LETTERS (sizeof(letters) - 1)

struct wh_str
wh_key_set_text(struct wh_arena *arena, const struct wh_key *keys, size_t count)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    for (size_t i = 0; i < count; i++) {
        if ((size_t)keys[i].kind < LETTERS) {
            wh_buf_push_char(&buf, letters[keys[i].kind]);
            wh_buf_push_int(&buf, (int64_t)keys[i].value.len);
            wh_buf_push_char(&buf, ':');
            wh_buf_push(&buf, keys[i].value);
        }
    }
    return wh_buf_str(&buf);
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes one off the front. */
static bool
take_one(struct wh_str *text, struct wh_key *ret_key)
{
    const char *letter = memchr(letters, text->ptr[0], LETTERS);
    if (letter == NULL) {
        return false;
    }
    size_t at = 1;
    size_t len = 0;
    while (at < text->len && is_digit(text->ptr[at]) && len <= text->len) {
        len = len * 10 + (size_t)(text->ptr[at++] - '0');
    }
    if (at == 1 || at >= text->len || text->ptr[at] != ':' || len > text->len - at - 1) {
        return false;
    }
    *ret_key = (struct wh_key){
        .kind = (enum wh_key_kind)(letter - letters),
        .value = wh_str_slice(*text, at + 1, at + 1 + len),
    };
    *text = wh_str_slice(*text, at + 1 + len, text->len);
    return true;
}

size_t
wh_key_set_parse(struct wh_str text, struct wh_key *ret_keys, size_t capacity)
{
    size_t count = 0;
    while (text.len > 0) {
        if (count == capacity || !take_one(&text, &ret_keys[count])) {
            return 0;
        }
        count++;
    }
    return count;
}
