#include "connectors/redis/number.h"

bool
wh_redis_number(struct wh_str text, uint32_t max, uint32_t *ret_number)
{
    uint32_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        number = 10 * number + (uint32_t)(text.ptr[i] - '0');
        if (number > max) {
            return false;
        }
    }
    *ret_number = number;
    return text.len > 0;
}
