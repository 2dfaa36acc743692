/* The worked examples of identity.md through the oracle and through identity with stand-ins.
 *   identity_cases FILE ORDERS      each in so many random deliveries */
#include <stdlib.h>

#include "tests/identity/case_file.h"

int
main(int argc, char **argv)
{
    int orders = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (orders <= 0) {
        (void)fprintf(stderr, "identity_cases FILE ORDERS\n");
        return 2;
    }
    return case_file_run(argv[1], orders, NULL) > 0;
}
