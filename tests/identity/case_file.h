/* The worked examples of identity.md through the oracle and through the entities. */
#ifndef WH_TESTS_IDENTITY_CASE_FILE_H
#define WH_TESTS_IDENTITY_CASE_FILE_H

#include "tests/identity/net.h"

/* Each in so many random deliveries; prints what it found and returns the number of problems. */
int case_file_run(const char *path, int orders, const struct net_engine *engine);

#endif
