/* The limits of a record (contract.md 3); those of single fields are in engine/model/fields.def. */
#ifndef WH_PROTO_LIMITS_H
#define WH_PROTO_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/model/field.h"

#define WH_RECORD_SIZE_MAX ((size_t)65536)
/* Objects and lists within each other, the record itself included. */
#define WH_RECORD_DEPTH_MAX 4
/* Strings without a smaller limit of their own, names of properties too. */
#define WH_RECORD_STRING_MAX ((size_t)2048)
#define WH_RECORD_ID_MAX     ((size_t)256)
/* A later time than 9999-12-31 is a mistake of the sender, not a time. */
#define WH_RECORD_TIME_MAX INT64_C(253402300799999999)

/* True for fields that are cut and counted when they are too long; the others reject the record. */
bool wh_limit_is_cut(enum wh_field field);

/* The sources there are, for `source` (rules-reference.md 2); at the end stands NULL. */
extern const char *const wh_limit_sources[];

#endif
