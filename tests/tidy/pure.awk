# Rejects floating point, clocks, chance, allocation and printing in the pure layers, by name.
#   awk -f tests/tidy/pure.awk FILE…      exit 1 when something was found
# The arena is the one place that allocates, and that says so before it aborts.
FNR == 1 {
    pure = FILENAME ~ /^engine\/(base|model|rules|score)\// && FILENAME != "engine/base/arena.c";
    in_comment = 0;
}
!pure { next }
{
    text = strip($0);
    if (text ~ /(^|[^A-Za-z0-9_])(float|double)([^A-Za-z0-9_]|$)/) fault("floating point");
    if (text ~ /(^|[^A-Za-z0-9_])(malloc|calloc|realloc|free)\(/) fault("allocation");
    if (text ~ /(^|[^A-Za-z0-9_])(time|clock|clock_gettime|rand|random|getenv)\(/) fault("clock, chance or environment");
    if (text ~ /(^|[^A-Za-z0-9_])(f?printf|puts|fopen|s?n?printf)\(/) fault("input or output");
}
function fault(what) { printf "%s:%d: %s in a pure layer\n", FILENAME, FNR, what; bad = 1; }
# The line without its comments and strings.
function strip(text,    end) {
    gsub(/\\./, "", text);
    gsub(/"[^"]*"/, "\"\"", text);
    sub(/\/\/.*/, "", text);
    if (in_comment) {
        end = index(text, "*/");
        if (!end) return "";
        text = substr(text, end + 2);
        in_comment = 0;
    }
    while (match(text, /\/\*/)) {
        end = index(substr(text, RSTART + 2), "*/");
        if (!end) { in_comment = 1; return substr(text, 1, RSTART - 1); }
        text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + 3 + end);
    }
    return text;
}
END { exit bad }
