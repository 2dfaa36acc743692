/* Where settings come from. Private to the files host/config*.c. Each reader overrides what was
 * read before it and adds a problem for each value that does not fit. */
#ifndef WH_HOST_CONFIG_SOURCE_H
#define WH_HOST_CONFIG_SOURCE_H

#include "engine/host/config.h"

/* A secret's file, and a configuration, are small. */
#define WH_CONFIG_BYTES_MAX ((size_t)1024 * 1024)

void wh_config_read_file(struct wh_config *config, const struct wh_config_request *request,
                         struct wh_problems *problems);
void wh_config_read_environment(struct wh_config *config, char *const *environment,
                                struct wh_problems *problems);
void wh_config_read_flags(struct wh_config *config, const struct wh_config_request *request,
                          struct wh_problems *problems);

/* Takes the items as the option's value; one that does not fit is a problem at its place (may be
 * nowhere: then the origin is named) and nothing is set. */
struct wh_config_item {
    struct wh_str text;
    struct wh_location location;
};
void wh_config_take(struct wh_config *config, enum wh_option option,
                    const struct wh_config_item *items, size_t count, struct wh_str origin,
                    struct wh_problems *problems);

/* Text with commas (lists and maps) or one value. */
void wh_config_take_text(struct wh_config *config, enum wh_option option, struct wh_str text,
                         struct wh_str origin, struct wh_problems *problems);

#endif
