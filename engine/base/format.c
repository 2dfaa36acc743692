#include "engine/base/format.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* 20 digits hold any 64-bit number in base 10. */
#define NUMBER_DIGITS_MAX 20

struct output {
    char *text;
    size_t size;
    size_t len; /* of the whole text, also what did not fit */
};

enum length {
    LENGTH_INT,
    LENGTH_CHAR,
    LENGTH_SHORT,
    LENGTH_LONG,
    LENGTH_LONG_LONG,
    LENGTH_SIZE, /* size_t and ptrdiff_t */
};

struct conversion {
    bool is_left;
    bool is_zero_padded;
    size_t width;
    bool has_precision;
    size_t precision;
    enum length length;
    char kind;
};

/* A va_list inside a struct can be handed to a function and goes on where that function stopped. */
struct arguments {
    va_list list;
};

static void
put_char(struct output *output, char c)
{
    if (output->len + 1 < output->size) {
        output->text[output->len] = c;
    }
    output->len++;
}

static void
put_repeated(struct output *output, char c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_char(output, c);
    }
}

static void
put_bytes(struct output *output, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_char(output, bytes[i]);
    }
}

static void
put_padded(struct output *output, const struct conversion *conversion, const char *bytes,
           size_t count)
{
    size_t padding = conversion->width > count ? conversion->width - count : 0;
    if (!conversion->is_left) {
        put_repeated(output, ' ', padding);
    }
    put_bytes(output, bytes, count);
    if (conversion->is_left) {
        put_repeated(output, ' ', padding);
    }
}

static void
put_number(struct output *output, const struct conversion *conversion, bool is_negative,
           uint64_t magnitude)
{
    const char *digits = conversion->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = conversion->kind == 'x' || conversion->kind == 'X' ? 16 : 10;
    char text[NUMBER_DIGITS_MAX + 1];
    size_t from = sizeof(text);
    do {
        text[--from] = digits[magnitude % base];
        magnitude /= base;
    } while (magnitude != 0);
    size_t count = sizeof(text) - from;
    size_t sign_count = is_negative ? 1 : 0;
    if (conversion->is_zero_padded && !conversion->is_left) {
        put_repeated(output, '-', sign_count);
        put_repeated(output, '0',
                     conversion->width > count + sign_count ? conversion->width - count - sign_count
                                                            : 0);
        put_bytes(output, text + from, count);
        return;
    }
    if (is_negative) {
        text[--from] = '-';
    }
    put_padded(output, conversion, text + from, count + sign_count);
}

static int64_t
next_signed(struct arguments *arguments, enum length length)
{
    switch (length) {
    case LENGTH_INT:
        return va_arg(arguments->list, int);
    case LENGTH_CHAR:
        return (signed char)va_arg(arguments->list, int);
    case LENGTH_SHORT:
        return (short)va_arg(arguments->list, int);
    case LENGTH_LONG:
        return va_arg(arguments->list, long);
    case LENGTH_LONG_LONG:
        return va_arg(arguments->list, long long);
    case LENGTH_SIZE:
        return va_arg(arguments->list, ptrdiff_t);
    }
    assert(false);
    return 0;
}

static uint64_t
next_unsigned(struct arguments *arguments, enum length length)
{
    switch (length) {
    case LENGTH_INT:
        return va_arg(arguments->list, unsigned);
    case LENGTH_CHAR:
        return (unsigned char)va_arg(arguments->list, unsigned);
    case LENGTH_SHORT:
        return (unsigned short)va_arg(arguments->list, unsigned);
    case LENGTH_LONG:
        return va_arg(arguments->list, unsigned long);
    case LENGTH_LONG_LONG:
        return va_arg(arguments->list, unsigned long long);
    case LENGTH_SIZE:
        return va_arg(arguments->list, size_t);
    }
    assert(false);
    return 0;
}

static void
put_string(struct output *output, const struct conversion *conversion, const char *text)
{
    size_t max = conversion->has_precision ? conversion->precision : SIZE_MAX;
    size_t count = 0;
    while (text != NULL && count < max && text[count] != '\0') {
        count++;
    }
    put_padded(output, conversion, text, count);
}

static void
put_conversion(struct output *output, const struct conversion *conversion,
               struct arguments *arguments)
{
    switch (conversion->kind) {
    case 'd':
    case 'i': {
        int64_t value = next_signed(arguments, conversion->length);
        uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        put_number(output, conversion, value < 0, magnitude);
        break;
    }
    case 'u':
    case 'x':
    case 'X':
        put_number(output, conversion, false, next_unsigned(arguments, conversion->length));
        break;
    case 's':
        put_string(output, conversion, va_arg(arguments->list, const char *));
        break;
    case 'c': {
        char c = (char)va_arg(arguments->list, int);
        put_padded(output, conversion, &c, 1);
        break;
    }
    case '%':
        put_char(output, '%');
        break;
    default:
        assert(false && "a conversion that wh_format has not");
    }
}

static const char *
parse_size(const char *format, struct arguments *arguments, size_t *ret_size)
{
    if (*format == '*') {
        int given = va_arg(arguments->list, int);
        assert(given >= 0);
        *ret_size = (size_t)given;
        return format + 1;
    }
    size_t size = 0;
    for (; *format >= '0' && *format <= '9'; format++) {
        size = size * 10 + (size_t)(*format - '0');
    }
    *ret_size = size;
    return format;
}

static const char *
parse_length(const char *format, enum length *ret_length)
{
    static const struct {
        const char *text;
        enum length length;
    } lengths[] = {
        {"hh", LENGTH_CHAR}, {"h", LENGTH_SHORT}, {"ll", LENGTH_LONG_LONG},
        {"l", LENGTH_LONG},  {"z", LENGTH_SIZE},  {"t", LENGTH_SIZE},
    };
    *ret_length = LENGTH_INT;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        size_t len = strlen(lengths[i].text);
        if (strncmp(format, lengths[i].text, len) == 0) {
            *ret_length = lengths[i].length;
            return format + len;
        }
    }
    return format;
}

static const char *
parse_conversion(const char *format, struct arguments *arguments, struct conversion *ret_conversion)
{
    struct conversion conversion = {0};
    for (; *format == '-' || *format == '0'; format++) {
        conversion.is_left |= *format == '-';
        conversion.is_zero_padded |= *format == '0';
    }
    format = parse_size(format, arguments, &conversion.width);
    if (*format == '.') {
        conversion.has_precision = true;
        format = parse_size(format + 1, arguments, &conversion.precision);
    }
    format = parse_length(format, &conversion.length);
    conversion.kind = *format;
    *ret_conversion = conversion;
    return format + 1;
}

size_t
wh_format(char *ret_text, size_t size, const char *format, va_list args)
{
    struct output output = {ret_text, size, 0};
    struct arguments arguments;
    va_copy(arguments.list, args);
    while (*format != '\0') {
        if (*format != '%') {
            put_char(&output, *format++);
            continue;
        }
        struct conversion conversion;
        format = parse_conversion(format + 1, &arguments, &conversion);
        put_conversion(&output, &conversion, &arguments);
    }
    va_end(arguments.list);
    if (size > 0) {
        ret_text[output.len < size ? output.len : size - 1] = '\0';
    }
    return output.len;
}
