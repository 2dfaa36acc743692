/* The effective configuration: flag before environment before file before default, each value
 * with where it came from (contract.md 2). */
#ifndef WH_HOST_CONFIG_H
#define WH_HOST_CONFIG_H

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/host/option.h"
#include "engine/language/problem.h"

struct wh_setting {
    bool is_set;                 /* false: the option has no default and nobody gave a value */
    const struct wh_str *values; /* one, or the items of a list or map ("name=text") */
    size_t count;
    struct wh_str origin; /* "default", "waterhole.yaml:3:8", "WATERHOLE_LISTEN", "--listen" */
};

struct wh_config {
    struct wh_arena *arena; /* borrowed; everything lives there */
    struct wh_setting settings[WH_OPTION_COUNT];
    struct wh_str file; /* that was read; empty: none */
};

/* A value given on the command line. */
struct wh_config_flag {
    enum wh_option option;
    struct wh_str text;
    struct wh_str flag; /* as written: --listen */
};

struct wh_config_request {
    struct wh_str file;       /* of --config; empty: look in the usual places */
    char *const *environment; /* NAME=value …, NULL-terminated; borrowed */
    const struct wh_config_flag *flags;
    size_t flag_count;
};

/* WH_ERR_USAGE: problems says what is wrong, several in one run. Paths in the file are relative to
 * the file's folder, those of flags and environment to the current one. */
WH_MUST_CHECK enum wh_err wh_config_load(struct wh_arena *arena,
                                         const struct wh_config_request *request,
                                         struct wh_problems *problems,
                                         struct wh_config *ret_config);

/* The text of a setting with one value; empty when it is not set. */
struct wh_str wh_config_text(const struct wh_config *config, enum wh_option option);

/* Of a DURATION (µs) or SIZE (bytes); the option has a default. */
int64_t wh_config_number(const struct wh_config *config, enum wh_option option);

/* privacy.key as 16 bytes: SHA-256 of the text, cut; the built-in key when it is not set. */
void wh_config_secret(const struct wh_config *config, uint8_t ret_secret[16]);

#endif
