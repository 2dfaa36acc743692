# Rejects a file, a function or a line that is too long (engine/style.md).
#   LC_ALL=C awk -f tests/tidy/lengths.awk FILE…      exit 1 when something was found
# A function is what stands between a { and a } in the first column.
BEGIN { LINE = 100; BODY = 70; SOURCE = 500; HEADER = 150 }
function fault(file, line, text) { printf "%s:%d: %s\n", file, line, text; bad = 1; }
function finish_file() {
    limit = file ~ /\.h$/ ? HEADER : SOURCE;
    if (file != "" && lines > limit) fault(file, lines, "file has more than " limit " lines");
}
FNR == 1 { finish_file(); file = FILENAME; start = 0; }
{ lines = FNR; text = $0; gsub(/[\200-\277]/, "", text); }
length(text) > LINE { fault(FILENAME, FNR, "line has " length(text) " columns, at most " LINE); }
/^\{/ { start = FNR; }
/^\}/ {
    if (start && FNR - start - 1 > BODY) fault(FILENAME, start, "function of " FNR - start - 1 " lines, at most " BODY);
    start = 0;
}
END { finish_file(); exit bad }
