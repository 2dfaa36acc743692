#include "engine/language/tree_trouble.h"

#include "engine/base/utf8.h"

static char
byte_at(const struct wh_source *source, size_t offset)
{
    return offset < source->text.len ? source->text.ptr[offset] : '\n';
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* More opening brackets than closing ones, or a string that is not closed. */
static bool
is_cut_off(struct wh_str text)
{
    int open = 0;
    bool is_in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"') {
            is_in_string = !is_in_string;
        } else if (is_in_string && c == '\\') {
            i++;
        } else if (!is_in_string) {
            open += c == '(' || c == '[' ? 1 : 0;
            open -= c == ')' || c == ']' ? 1 : 0;
        }
    }
    return is_in_string || open > 0;
}

char
wh_tree_trouble_follower(const struct wh_tree *scalar)
{
    const struct wh_source *source = scalar->location.source;
    if (source == NULL) {
        return 0;
    }
    size_t offset = scalar->location.offset + scalar->location.len;
    while (is_blank(byte_at(source, offset))) {
        offset++;
    }
    char c = byte_at(source, offset);
    return c == '\n' || c == '\r' ? 0 : c;
}

void
wh_tree_trouble_tell_break(const struct wh_tree *scalar, const char *sign,
                           struct wh_problems *problems)
{
    if (scalar->is_broken) {
        return;
    }
    (void)wh_problem_error(problems, &scalar->location,
                           "this value breaks off at the %s; inside { … } an expression with a "
                           "comma or bracket goes into single quotes",
                           sign);
}

static bool
is_plain(const struct wh_tree *tree)
{
    return tree != NULL && tree->kind == WH_TREE_SCALAR && tree->style == WH_TREE_PLAIN;
}

static bool
looks_like_rest(struct wh_str text)
{
    return wh_str_contains(text, WH_STR(")")) || wh_str_contains(text, WH_STR("\""));
}

bool
wh_tree_trouble_is_piece(struct wh_tree *previous, const struct wh_tree *key,
                         const struct wh_tree *value, struct wh_problems *problems)
{
    if (key->kind != WH_TREE_SCALAR || !wh_tree_is_empty(value) || value->is_broken ||
        wh_tree_trouble_follower(key) == ':') {
        return false;
    }
    bool is_rest =
        is_plain(previous) && previous->text.len > 0 &&
        (previous->is_broken || is_cut_off(previous->text) || looks_like_rest(key->text));
    if (is_rest) {
        wh_tree_trouble_tell_break(previous, "comma", problems);
        previous->is_broken = true;
    } else {
        bool is_alone = previous == NULL && wh_tree_trouble_follower(key) == '}';
        (void)wh_problem_error(problems, &key->location, "key \"%.*s\" has no value%s",
                               WH_STR_ARG(key->text),
                               is_alone ? "; a text with { } in it goes into quotes" : "");
    }
    return true;
}

/* From a "!" on: to the end of the line, of the value in { }, or to a comment. */
static size_t
value_end(const struct wh_source *source, size_t offset, bool is_in_flow)
{
    int open = 0;
    size_t end = offset;
    for (; byte_at(source, end) != '\n'; end++) {
        char c = byte_at(source, end);
        open += c == '(' ? 1 : 0;
        open -= c == ')' ? 1 : 0;
        bool is_comment = c == '#' && is_blank(byte_at(source, end - 1));
        bool is_separator = is_in_flow && open <= 0 && (c == ',' || c == '}' || c == ']');
        if (is_comment || is_separator) {
            break;
        }
    }
    while (end > offset &&
           (is_blank(byte_at(source, end - 1)) || byte_at(source, end - 1) == '\r')) {
        end--;
    }
    return end;
}

void
wh_tree_trouble_tell_tag(const struct wh_location *location, struct wh_problems *problems)
{
    struct wh_str text = wh_location_text(location);
    (void)wh_problem_error(problems, location,
                           "a value that begins with ! is a YAML tag; write '%.*s' in single "
                           "quotes",
                           WH_STR_ARG(text));
}

static bool
is_blank_between(const struct wh_source *source, size_t from, size_t to)
{
    while (from < to && is_blank(byte_at(source, from))) {
        from++;
    }
    return from == to;
}

/* A "!" that begins a value on the line of offset, before it: then the tag is the trouble, and
 * what libyaml says of the rest helps nobody. */
static bool
tell_tag_before(const struct wh_tree_trouble *trouble, size_t offset, struct wh_problems *problems)
{
    const struct wh_source *source = trouble->source;
    struct wh_location at = {source, offset, 0};
    struct wh_str line = wh_location_line_text(&at);
    size_t start = (size_t)(line.ptr - source->text.ptr);
    size_t from = start;
    if (trouble->last != NULL && trouble->last->location.offset > start) {
        from = trouble->last->location.offset + trouble->last->location.len;
    }
    for (size_t i = from; i < offset; i++) {
        bool is_item = byte_at(source, i) == '-' && is_blank_between(source, start, i);
        bool is_value = byte_at(source, i) == ':' || is_item;
        if (is_value && byte_at(source, i + 1) == ' ' && byte_at(source, i + 2) == '!') {
            at.offset = i + 2;
            at.len = value_end(source, i + 2, trouble->is_in_flow) - at.offset;
            wh_tree_trouble_tell_tag(&at, problems);
            return true;
        }
    }
    return false;
}

/* In { } a plain value ends at a bracket or at a comma, and libyaml stumbles over what follows. */
static bool
tell_break_before(const struct wh_tree_trouble *trouble, size_t offset,
                  struct wh_problems *problems)
{
    struct wh_tree *last = trouble->last;
    if (!trouble->is_in_flow || last == NULL) {
        return false;
    }
    char found = byte_at(trouble->source, offset);
    if (is_plain(last) && (found == '[' || found == '{' || found == ']') &&
        wh_tree_trouble_follower(last) == found) {
        wh_tree_trouble_tell_break(last, "bracket", problems);
        last->is_broken = true;
        return true;
    }
    if (is_plain(last) && is_cut_off(last->text)) {
        wh_tree_trouble_tell_break(last, "comma", problems);
        last->is_broken = true;
        return true;
    }
    return false;
}

static bool
is_quote_before(const struct wh_tree_trouble *trouble, size_t offset)
{
    const struct wh_tree *last = trouble->last;
    if (last == NULL || last->style == WH_TREE_PLAIN || last->style == WH_TREE_BLOCK) {
        return false;
    }
    size_t end = last->location.offset + last->location.len;
    while (end < offset && is_blank(byte_at(trouble->source, end))) {
        end++;
    }
    return end == offset;
}

/* What helps with a sign that YAML keeps for itself; "" when nothing does. */
static const char *
hint_at(const struct wh_tree_trouble *trouble, const char *words, size_t offset)
{
    char found = byte_at(trouble->source, offset);
    if (strcmp(words, "mapping values are not allowed in this context") == 0 || found == ':') {
        return "; an expression with \": \" goes into single quotes";
    }
    if (is_quote_before(trouble, offset)) {
        return "; an expression that begins with \" goes into single quotes";
    }
    if (found == '\t') {
        return "; indentation takes spaces";
    }
    if (strncmp(words, "did not find expected", strlen("did not find expected")) == 0 &&
        !trouble->is_in_flow) {
        return "; is the indentation right?";
    }
    if (found == '&' || found == '|' || found == '@' || found == '`' || found == '%') {
        return "; a value that begins with this sign goes into single quotes";
    }
    return "";
}

/* A quote or bracket that is open where the file ends: its place is where it began. */
static bool
tell_open_end(const struct wh_tree_trouble *trouble, size_t offset, size_t context,
              struct wh_problems *problems)
{
    size_t end = trouble->source->text.len;
    char opening = byte_at(trouble->source, context);
    bool is_quote = opening == '"' || opening == '\'';
    bool is_bracket = opening == '{' || opening == '[';
    if (offset < end || context >= end || (!is_quote && !is_bracket)) {
        return false;
    }
    struct wh_location location = {trouble->source, context, 1};
    (void)wh_problem_error(problems, &location, "not YAML: this %s is not closed",
                           is_quote ? "quote" : "bracket");
    return true;
}

void
wh_tree_trouble_tell(const struct wh_tree_trouble *trouble, const char *words, size_t offset,
                     size_t context, struct wh_problems *problems)
{
    if ((trouble->is_in_flow && trouble->has_pieces) ||
        tell_tag_before(trouble, offset, problems) ||
        tell_break_before(trouble, offset, problems) ||
        tell_open_end(trouble, offset, context, problems)) {
        return;
    }
    struct wh_location location = {trouble->source, offset, 0};
    const char *shown = words == NULL ? "cannot be read" : words;
    const char *hint = hint_at(trouble, shown, offset);
    bool is_colon = byte_at(trouble->source, offset) == ':';
    if (is_colon || strncmp(shown, "mapping values", strlen("mapping values")) == 0) {
        shown = "mapping values are not allowed here";
    }
    (void)wh_problem_error(problems, &location, "not YAML: %s%s", shown, hint);
}

void
wh_tree_trouble_tell_duplicate(struct wh_problems *problems, struct wh_str key,
                               const struct wh_location *second, const struct wh_location *first)
{
    struct wh_problem *problem =
        wh_problem_error(problems, second, "key \"%.*s\" stands twice", WH_STR_ARG(key));
    wh_problem_note(problems, problem, first, "first here");
}

/* Length of the code point at offset; 0 when there is none. */
static size_t
code_point_len(struct wh_str text, size_t offset)
{
    for (size_t len = 1; len <= 4 && offset + len <= text.len; len++) {
        if (wh_utf8_is_valid(wh_str_slice(text, offset, offset + len))) {
            return len;
        }
    }
    return 0;
}

void
wh_tree_trouble_tell_encoding(const struct wh_source *source, struct wh_problems *problems)
{
    struct wh_location location = {source, 0, 1};
    size_t len = code_point_len(source->text, 0);
    while (len > 0) {
        location.offset += len;
        len = code_point_len(source->text, location.offset);
    }
    (void)wh_problem_error(problems, &location, "not YAML: this byte is not UTF-8");
}
