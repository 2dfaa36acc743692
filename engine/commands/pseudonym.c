#include "engine/commands/pseudonym.h"

#include "engine/base/buf.h"
#include "engine/base/utf8.h"

/* A phone has so many digits: 10^18 of them fit 64 bits. */
#define PHONE_DIGITS 18
#define PHONE_RANGE  UINT64_C(1000000000000000000)
/* Bytes of the hash that a text shows. */
#define TEXT_BYTES 8

static struct wh_hash_id
hash(const struct wh_pseudonyms *names, struct wh_arena *arena, const char *what,
     struct wh_str text)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push_text(&buf, what);
    wh_buf_push_char(&buf, ':');
    wh_buf_push(&buf, text);
    return wh_hash_siphash(names->key, wh_buf_str(&buf));
}

static struct wh_str
hex(struct wh_arena *arena, const struct wh_hash_id *id, size_t size)
{
    char text[2 * WH_HASH_ID_SIZE + 1];
    wh_hash_hex(id->bytes, size, text);
    return wh_arena_str(arena, wh_str_of(text));
}

static struct wh_str
phone(struct wh_arena *arena, struct wh_str value, const struct wh_hash_id *id)
{
    struct wh_buf buf;
    uint64_t number = 0;
    memcpy(&number, id->bytes, sizeof(number));
    wh_buf_init(&buf, arena);
    wh_buf_printf(&buf, "%s%0*llu", value.ptr[0] == '+' ? "+" : "", PHONE_DIGITS,
                  (unsigned long long)(number % PHONE_RANGE));
    return wh_buf_str(&buf);
}

struct wh_str
wh_pseudonym_of_domain(const struct wh_pseudonyms *names, struct wh_arena *arena,
                       struct wh_str host)
{
    const struct wh_domain *domain = &names->domain;
    struct wh_str lower = wh_utf8_lower(arena, wh_str_trim(host));
    struct wh_str found = domain->registrable(domain->self, arena, lower);
    struct wh_str known = found.len > 0 ? found : lower;
    struct wh_buf buf;
    if (lower.len == 0) {
        return lower;
    }
    if (domain->is_mail_provider(domain->self, lower)) {
        return lower;
    }
    if (domain->is_mail_provider(domain->self, known)) {
        return known;
    }
    struct wh_hash_id id = hash(names, arena, "company", known);
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, hex(arena, &id, WH_HASH_ID_SIZE));
    wh_buf_push_text(&buf, found.len > 0 ? ".example" : "");
    return wh_buf_str(&buf);
}

/* One without a host has none afterwards. */
static struct wh_str
email(const struct wh_pseudonyms *names, struct wh_arena *arena, struct wh_str value,
      const struct wh_hash_id *id)
{
    struct wh_buf buf;
    size_t at = value.len;
    while (at > 0 && value.ptr[at - 1] != '@') {
        at--;
    }
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, hex(arena, id, WH_HASH_ID_SIZE));
    if (at > 0) {
        wh_buf_push_char(&buf, '@');
        wh_buf_push(&buf, wh_pseudonym_of_domain(names, arena, wh_str_slice(value, at, value.len)));
    }
    return wh_buf_str(&buf);
}

static bool
is_placeholder(const struct wh_pseudonyms *names, struct wh_str text)
{
    for (size_t i = 0; i < names->placeholder_count; i++) {
        if (wh_str_equal_nocase(text, names->placeholders[i])) {
            return true;
        }
    }
    return wh_key_is_placeholder(text);
}

struct wh_str
wh_pseudonym_of_key(const struct wh_pseudonyms *names, struct wh_arena *arena,
                    enum wh_key_kind kind, struct wh_str raw)
{
    struct wh_str value;
    if (is_placeholder(names, wh_str_trim(raw))) {
        return raw;
    }
    if (!wh_key_normalise(arena, kind, raw, &value)) {
        return (struct wh_str){NULL, 0};
    }
    if (is_placeholder(names, value)) {
        return value;
    }
    struct wh_hash_id id = hash(names, arena, wh_key_kind_str(kind), value);
    switch (kind) {
    case WH_KEY_EMAIL:
        return email(names, arena, value, &id);
    case WH_KEY_PHONE:
        return phone(arena, value, &id);
    case WH_KEY_COMPANY:
        return wh_pseudonym_of_domain(names, arena, value);
    case WH_KEY_CRM:
    case WH_KEY_USER:
    case WH_KEY_ANON:
    case WH_KEY_ROUTE:
    case WH_KEY_KIND_COUNT:
        break;
    }
    return hex(arena, &id, WH_HASH_ID_SIZE);
}

/* ---- addresses in texts ---- */

static bool
is_word(char c)
{
    unsigned char byte = (unsigned char)c;
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

static bool
is_local(char c)
{
    return is_word(c) || (c != '\0' && strchr(".!#$&'*+-^_`{|}~", c) != NULL);
}

static bool
is_host(char c)
{
    return is_word(c) || c == '.' || c == '-';
}

/* Where the '@' at a place of the text ends, as it is or as %40; the place when there is none. */
static size_t
end_of_at(struct wh_str text, size_t place)
{
    static const char escaped[] = "%40";
    if (text.ptr[place] == '@') {
        return place + 1;
    }
    bool is_escaped = text.len - place >= sizeof(escaped) - 1 &&
                      memcmp(text.ptr + place, escaped, sizeof(escaped) - 1) == 0;
    return is_escaped ? place + sizeof(escaped) - 1 : place;
}

/* An address in a text: local part, '@', host. */
struct address {
    size_t from, local_end, host, until;
};

/* The address around an '@' that ends at `host`, of which nothing stands before `floor`. */
static bool
address_around(struct wh_str text, size_t floor, size_t at, size_t host, struct address *ret_found)
{
    size_t from = at;
    size_t until = host;
    while (from > floor && is_local(text.ptr[from - 1])) {
        from--;
    }
    while (until < text.len && is_host(text.ptr[until])) {
        until++;
    }
    while (until > host && (text.ptr[until - 1] == '.' || text.ptr[until - 1] == '-')) {
        until--; /* the end of a sentence */
    }
    *ret_found = (struct address){from, at, host, until};
    return from < at && until > host;
}

static bool
find_address(struct wh_str text, size_t floor, struct address *ret_found)
{
    for (size_t i = floor; i < text.len; i++) {
        size_t end = end_of_at(text, i);
        if (end > i && address_around(text, floor, i, end, ret_found)) {
            return true;
        }
    }
    return false;
}

static struct wh_str
address_pseudonym(const struct wh_pseudonyms *names, struct wh_arena *arena, struct wh_str text,
                  const struct address *place)
{
    struct wh_buf buf;
    wh_buf_init(&buf, arena);
    wh_buf_push(&buf, wh_str_slice(text, place->from, place->local_end));
    wh_buf_push_char(&buf, '@');
    wh_buf_push(&buf, wh_str_slice(text, place->host, place->until));
    return wh_pseudonym_of_key(names, arena, WH_KEY_EMAIL, wh_buf_str(&buf));
}

struct wh_str
wh_pseudonym_scrub(const struct wh_pseudonyms *names, struct wh_arena *arena, struct wh_str text)
{
    struct wh_buf buf;
    struct address found;
    size_t done = 0;
    wh_buf_init(&buf, arena);
    while (find_address(text, done, &found)) {
        wh_buf_push(&buf, wh_str_slice(text, done, found.from));
        wh_buf_push(&buf, address_pseudonym(names, arena, text, &found));
        done = found.until;
    }
    if (done == 0) {
        return text;
    }
    wh_buf_push(&buf, wh_str_slice(text, done, text.len));
    return wh_buf_str(&buf);
}

struct wh_str
wh_pseudonym_of_text(const struct wh_pseudonyms *names, struct wh_arena *arena, struct wh_str text)
{
    struct wh_str trimmed = wh_str_trim(text);
    struct address found;
    if (trimmed.len == 0) {
        return trimmed;
    }
    if (find_address(trimmed, 0, &found) && found.from == 0 && found.until == trimmed.len) {
        return address_pseudonym(names, arena, trimmed, &found);
    }
    struct wh_hash_id id = hash(names, arena, "text", text);
    return hex(arena, &id, TEXT_BYTES);
}
