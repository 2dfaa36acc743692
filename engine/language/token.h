/* Words and signs of an expression, one after the other. It only cuts; what stands where is up to
 * parser.h. */
#ifndef WH_LANGUAGE_TOKEN_H
#define WH_LANGUAGE_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/language/syntax.h"

enum wh_token_kind {
    WH_TOKEN_END,
    WH_TOKEN_NAME,     /* text: the word, reserved or not */
    WH_TOKEN_NUMBER,   /* value: thousandths */
    WH_TOKEN_DURATION, /* value: microseconds */
    WH_TOKEN_STRING,   /* text: without quotes, escapes resolved */
    WH_TOKEN_SIGN,     /* text: || && == != <= >= < > + - * / ! . , ( ) [ ] { } | ? */
    WH_TOKEN_BAD,      /* text: the message */
};

/* The message of a string without its second quote; parser.h may know why it is missing. */
#define WH_TOKEN_NOT_CLOSED "the string is not closed"

struct wh_token {
    enum wh_token_kind kind;
    struct wh_span span;
    struct wh_str text;
    int64_t value;
};

/* The token at or after offset; at the end of the text WH_TOKEN_END with an empty span. What a
 * string resolves to, and a message, live in the arena. */
struct wh_token wh_token_next(struct wh_arena *arena, struct wh_str text, size_t offset);

#endif
