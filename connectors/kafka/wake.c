#include "connectors/kafka/wake.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum wh_err
wh_kafka_wake_open(struct wh_kafka_wake *wake, struct wh_error *error)
{
    wake->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return wake->descriptor >= 0
               ? WH_OK
               : wh_error_set(error, WH_ERR_OUTSIDE, "no descriptor for Kafka: error %d", errno);
}

void
wh_kafka_wake_close(struct wh_kafka_wake *wake)
{
    if (wake->descriptor >= 0) {
        (void)close(wake->descriptor);
    }
    wake->descriptor = -1;
}

void
wh_kafka_wake_up(const struct wh_kafka_wake *wake)
{
    const uint64_t one = 1;
    /* Full means that it is readable. */
    ssize_t unused = write(wake->descriptor, &one, sizeof(one));
    (void)unused;
}

void
wh_kafka_wake_drain(const struct wh_kafka_wake *wake)
{
    uint64_t count = 0;
    ssize_t unused = read(wake->descriptor, &count, sizeof(count));
    (void)unused;
}

void
wh_kafka_wake_watch(const struct wh_kafka_wake *wake, rd_kafka_queue_t *queue)
{
    const uint64_t one = 1;
    rd_kafka_queue_io_event_enable(queue, wake->descriptor, &one, sizeof(one));
}
