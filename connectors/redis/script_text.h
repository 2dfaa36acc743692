/* The text of store.lua, put there by the build. It ends with NUL. */
#ifndef WH_CONNECTORS_REDIS_SCRIPT_TEXT_H
#define WH_CONNECTORS_REDIS_SCRIPT_TEXT_H

extern const unsigned char wh_redis_script_text[];

#endif
