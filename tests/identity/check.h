/* Holds a world that messages made against the oracle's answer. */
#ifndef WH_TESTS_IDENTITY_CHECK_H
#define WH_TESTS_IDENTITY_CHECK_H

#include "tests/identity/net.h"
#include "tests/identity/oracle.h"

/* The winning statements: the latest by (time, touch id); of consent a withdrawal wins a tie of
 * time. NULL: nothing was said. */
const struct statement *oracle_attribute(const struct oracle *oracle, int lead, const char *name);
const struct statement *oracle_consent(const struct oracle *oracle, int lead, const char *purpose);

/* Everything in which the quiet net differs from the oracle; problems go to the net. */
void check_all(struct net *net);

/* Past bounds: nothing is lost or doubled, sums included. */
void check_conserved(struct net *net);
/* Whether every touch that is still kept singly is where the oracle says. */
bool check_owners_equal(struct net *net);
/* Folds are at the owner of their latest touch; returns how many hold touches of others, because
 * hands changed within them. Where there is none, attributes and consent are the oracle's, too. */
int check_folds(struct net *net);

#endif
