/* The log port at a real broker, driven by tests/system/test_kafka_log.py:
 *   kafka_log conformance BOOTSTRAP        the suite of tests/support/conformance_log.h
 *   kafka_log faults BOOTSTRAP             what goes wrong with the broker up (faults.c)
 *   kafka_log hang BOOTSTRAP               opens a transaction, says its prefix, waits to die
 *   kafka_log after-hang BOOTSTRAP PREFIX  somebody else finds it, and ends it
 *   kafka_log lost BOOTSTRAP               asks on standard output to cut the network */
#include <string.h>

#include "tests/kafka/parts.h"

static int
use(void)
{
    return 2;
}

int
main(int argument_count, char **arguments)
{
    if (argument_count < 3) {
        return use();
    }
    const char *what = arguments[1];
    if (strcmp(what, "conformance") == 0) {
        return part_conformance(arguments[2]);
    }
    if (strcmp(what, "faults") == 0) {
        return part_faults(arguments[2]);
    }
    if (strcmp(what, "lost") == 0) {
        return part_lost(arguments[2]);
    }
    if (strcmp(what, "hang") == 0) {
        return part_hang(arguments[2]);
    }
    if (strcmp(what, "after-hang") == 0 && argument_count > 3) {
        return part_after_hang(arguments[2], arguments[3]);
    }
    return use();
}
