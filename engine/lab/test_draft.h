/* A touch of a model test while it is read: who it names and what it says of them. Private to the
 * files test_* of lab. */
#ifndef WH_LAB_TEST_DRAFT_H
#define WH_LAB_TEST_DRAFT_H

#include "engine/lab/test_reader.h"

/* More than the 8 that count, so that the strongest of many can be chosen. */
#define WH_TEST_KEYS_MAX 64

struct wh_test_draft {
    struct wh_test_reader *reader;
    struct wh_touch touch;
    struct wh_named *named[WH_COLUMN_CONSENT + 1]; /* by what they speak of */
    struct wh_key keys[WH_TEST_KEYS_MAX];
    size_t key_count;
};

void wh_test_draft_init(struct wh_test_draft *draft, struct wh_test_reader *reader);

/* Each takes the value of a key; NULL is nothing. Problems are told by the reader. */
void wh_test_draft_type(const struct wh_test_draft *draft, const struct wh_tree *type);
void wh_test_draft_ids(struct wh_test_draft *draft, const struct wh_tree *tree);
void wh_test_draft_props(struct wh_test_draft *draft, const struct wh_tree *tree);
void wh_test_draft_company(struct wh_test_draft *draft, const struct wh_tree *tree);
void wh_test_draft_consent(struct wh_test_draft *draft, const struct wh_tree *tree);
/* Attributes as a test writes them: consent, company, e-mail and phone stand among them. */
void wh_test_draft_lead(struct wh_test_draft *draft, const struct wh_tree *tree);

/* Without ids of its own the touch names its person; whatever the name is, it is no placeholder. */
void wh_test_draft_person(struct wh_test_draft *draft, size_t person);

/* Sorts the identifiers, finds the company of the address; tree is where the touch stands. */
void wh_test_draft_finish(struct wh_test_draft *draft, const struct wh_tree *tree);

#endif
