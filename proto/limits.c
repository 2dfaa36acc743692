#include "proto/limits.h"

const char *const wh_limit_sources[] = {
    "web", "email", "social", "sales", "product", "offline", "crm", NULL,
};

bool
wh_limit_is_cut(enum wh_field field)
{
    return field == WH_FIELD_PAGE_URL || field == WH_FIELD_PAGE_REFERRER ||
           field == WH_FIELD_DEVICE_AGENT;
}
