#include "engine/language/zoneinfo.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define ZONEINFO_FOLDER    "/usr/share/zoneinfo"
#define ZONEINFO_BYTES_MAX (1u << 20)
#define ZONEINFO_DEPTH_MAX 3 /* America/Argentina/Ushuaia */
#define PATH_BYTES_MAX     512

/* Region/City and the like: what can be a path below the folder and nothing else. */
static bool
is_zone_name(struct wh_str name)
{
    if (name.len == 0 || name.len > 64 || name.ptr[0] == '/') {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && strchr("_+-/", c) == NULL) {
            return false;
        }
    }
    return true;
}

struct walk {
    struct wh_arena *arena;
    struct wh_nearest *nearest;
};

static void walk_folder(struct walk *walk, const char *prefix, int depth);

static void
visit(struct walk *walk, const char *prefix, const char *name, int depth)
{
    char path[PATH_BYTES_MAX];
    int len = snprintf(path, sizeof(path), "%s%s%s", prefix, prefix[0] == '\0' ? "" : "/", name);
    bool is_copy = strcmp(name, "posix") == 0 || strcmp(name, "right") == 0;
    if (len <= 0 || (size_t)len >= sizeof(path) || is_copy || !is_zone_name(wh_str_of(name)) ||
        name[0] < 'A' || name[0] > 'Z') {
        return;
    }
    wh_nearest_offer(walk->nearest, wh_arena_str(walk->arena, wh_str_of(path)), -1);
    if (depth < ZONEINFO_DEPTH_MAX) {
        walk_folder(walk, path, depth + 1);
    }
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* A name that is no folder has nothing below it. */
static void
walk_folder(struct walk *walk, const char *prefix, int depth)
{
    char folder[PATH_BYTES_MAX];
    int len = snprintf(folder, sizeof(folder), "%s/%s", ZONEINFO_FOLDER, prefix);
    struct dirent **entries = NULL;
    if (len <= 0 || (size_t)len >= sizeof(folder)) {
        return;
    }
    int count = scandir(folder, &entries, NULL, compare_names);
    for (int i = 0; i < count; i++) {
        visit(walk, prefix, entries[i]->d_name, depth);
        free(entries[i]);
    }
    free(entries);
}

static void
report(struct wh_compiler *compiler, const struct wh_tree *tree)
{
    struct wh_nearest nearest = wh_nearest_to(tree->text);
    struct walk walk = {compiler->problems->arena, &nearest};
    walk_folder(&walk, "", 1);
    wh_nearest_offer(&nearest, WH_STR("UTC"), -1);
    if (wh_nearest_found(&nearest)) {
        wh_problem_error(compiler->problems, &tree->location,
                         "no zone \"%.*s\"; did you mean \"%.*s\"?", WH_STR_ARG(tree->text),
                         WH_STR_ARG(nearest.best));
    } else {
        wh_problem_error(compiler->problems, &tree->location, "no zone \"%.*s\"",
                         WH_STR_ARG(tree->text));
    }
}

/* The hash covers what the zone does, not only what it is called. */
static void
push_fingerprint(struct wh_compiler *compiler, const struct wh_zone *zone)
{
    struct wh_buf *buf = &compiler->fingerprint;
    wh_buf_printf(buf, "zone %.*s %d", WH_STR_ARG(zone->name), (int)zone->first_offset_s);
    for (size_t i = 0; i < zone->count; i++) {
        wh_buf_push_char(buf, ' ');
        wh_buf_push_int(buf, zone->transitions[i].at_us);
        wh_buf_push_char(buf, ' ');
        wh_buf_push_int(buf, zone->transitions[i].offset_s);
    }
    wh_buf_push_char(buf, '\n');
}

bool
wh_zoneinfo_read(struct wh_compiler *compiler, const struct wh_tree *tree, struct wh_zone *ret_zone)
{
    struct wh_str name;
    if (!wh_scalar_text(compiler->problems, tree, &name)) {
        return false;
    }
    if (wh_str_is(name, "UTC")) {
        *ret_zone = wh_zone_utc;
        return true;
    }
    struct wh_buf path;
    wh_buf_init(&path, compiler->arena);
    wh_buf_printf(&path, "%s/%.*s", ZONEINFO_FOLDER, WH_STR_ARG(name));
    struct wh_str tzif;
    struct wh_error error;
    if (!is_zone_name(name) ||
        wh_source_read_file(compiler->arena, wh_str_of(wh_buf_text(&path)), ZONEINFO_BYTES_MAX,
                            &tzif, &error) != WH_OK ||
        wh_zone_parse(compiler->arena, name, tzif, ret_zone) != WH_OK) {
        report(compiler, tree);
        return false;
    }
    push_fingerprint(compiler, ret_zone);
    return true;
}
