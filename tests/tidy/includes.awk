# Rejects an #include that points up the layers, a library outside its rooms, and a folder that no layer names.
#   awk -f tests/tidy/includes.awk FILE…      exit 1 when something was found
# engine/main.c and engine/commands may include everything of the project; tests and bench are not looked at.
BEGIN {
    allow["engine/base"]     = "engine/base";
    allow["engine/model"]    = "engine/base engine/model";
    allow["engine/rules"]    = "engine/base engine/model engine/rules";
    allow["engine/score"]    = "engine/base engine/model engine/rules engine/score";
    allow["engine/language"] = "engine/base engine/model engine/rules engine/language";
    allow["engine/port"]     = "engine/base engine/model engine/port";
    allow["engine/runtime"]  = "engine/base engine/model engine/rules engine/score engine/port engine/runtime";
    allow["engine/host"]     = "engine/base engine/model engine/rules engine/language engine/port engine/runtime engine/host";
    allow["engine/lab"]      = "engine/base engine/model engine/rules engine/score engine/language engine/port engine/runtime engine/lab";
    allow["engine/commands"] = "engine proto connectors";
    allow["proto"]           = "engine/base engine/model engine/port proto";
    allow["connectors"]      = "engine/base engine/model engine/port proto connectors";
    # A connector may use its own room only: connectors/kafka does not know connectors/redis.
    # Libraries: only these rooms may name them.
    lib["uv.h"] = "engine/host connectors";        lib["librdkafka/"] = "connectors/kafka";  lib["rdkafka.h"] = "connectors/kafka";
    lib["hiredis/"] = "connectors/redis";          lib["protobuf-c/"] = "proto";             lib["maxminddb.h"] = "connectors/maxmind";
    lib["yyjson.h"] = "proto connectors engine/commands"; lib["yaml.h"] = "engine/language";
    lib["pcre2.h"] = "engine/rules engine/language"; lib["sqlite3.h"] = "connectors/sqlite"; lib["curl/"] = "connectors/curl";
    lib["cmocka.h"] = "";
    lib["microhttpd.h"] = "connectors/web connectors/console"; lib["libpsl.h"] = "connectors";
    lib["openssl/"] = "connectors";                lib["zlib.h"] = "connectors";            lib["zstd.h"] = "connectors";
    # What the pure layers may not see of the C library. The arena is the one place in base that allocates.
    pure = "engine/base engine/model engine/rules engine/score";
    denied = "stdio.h stdlib.h time.h sys/time.h unistd.h math.h pthread.h threads.h fcntl.h locale.h signal.h wchar.h";
}
function under(path, list,    n, i, a) {
    n = split(list, a, " ");
    for (i = 1; i <= n; i++) if (index(path "/", a[i] "/") == 1) return 1;
    return 0;
}
function layer(path,    l, best) {
    for (l in allow) if (under(path, l) && length(l) > length(best)) best = l;
    return best;
}
function room(path,    a) { split(path, a, "/"); return a[1] "/" a[2]; }
function fault(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1; }
FNR == 1 {
    dir = FILENAME; if (sub(/\/[^\/]*$/, "", dir) == 0) dir = "";
    skip = (FILENAME == "engine/main.c") || under(dir, "tests bench") || dir == "";
    me = layer(dir);
    if (!skip && me == "") fault(dir " is in no layer");
}
skip || me == "" { next }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    inc = $0; sub(/^[^"]*"/, "", inc); sub(/".*/, "", inc);
    if (sub(/\/[^\/]*$/, "", inc) == 0) inc = dir;
    if ($0 ~ /\.pb-c\.h"/ && me != "proto") fault("generated records are for proto only");
    if (!under(inc, allow[me])) fault(me " may not include " inc);
    else if (me == "connectors" && under(inc, "connectors") && room(inc) != room(dir)) fault(room(dir) " may not include " room(inc));
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    inc = $0; sub(/^[^<]*</, "", inc); sub(/>.*/, "", inc);
    for (l in lib) if (index(inc, l) == 1 && !under(dir, lib[l])) fault(l " is not for " dir);
    if (under(dir, pure) && index(" " denied " ", " " inc " ") && FILENAME !~ /^engine\/base\/arena\.c$/) fault(inc " is not for the pure layers");
}
END { exit bad }
