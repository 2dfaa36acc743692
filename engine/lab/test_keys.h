/* Keys and small values of model test files, told wrong as the model's own are. Private to the
 * files test_* of lab. */
#ifndef WH_LAB_TEST_KEYS_H
#define WH_LAB_TEST_KEYS_H

#include "engine/base/zone.h"
#include "engine/language/problem.h"
#include "engine/language/tree.h"
#include "engine/model/value.h"

enum wh_test_key_flag { WH_TEST_KEY_OPTIONAL, WH_TEST_KEY_REQUIRED };

struct wh_test_key {
    const char *name;
    enum wh_test_key_flag flag;
};

struct wh_test_section {
    const char *what; /* with its article: "an expectation" */
    const struct wh_test_key *keys;
    size_t count;
    bool has_fields; /* the standard fields of a touch are keys, too */
};
#define WH_TEST_SECTION(what, keys, has_fields)                        \
    {                                                                  \
        (what), (keys), sizeof(keys) / sizeof((keys)[0]), (has_fields) \
    }

/* False when tree is no mapping. What is wrong with its keys was told; the rest may be read. */
bool wh_test_keys_check(struct wh_problems *problems, const struct wh_tree *tree,
                        const struct wh_test_section *section);

/* Adds `unknown score "intrest"; did you mean "interest"?`; nearest was offered the known ones. */
void wh_test_keys_unknown(struct wh_problems *problems, const struct wh_location *location,
                          const char *what, const struct wh_nearest *nearest);

/* Entries of a mapping, items of a list; of NULL none. Another kind is a problem. */
size_t wh_test_keys_entries(struct wh_problems *problems, const struct wh_tree *tree,
                            const struct wh_tree_entry **ret_entries);
size_t wh_test_keys_items(struct wh_problems *problems, const struct wh_tree *tree,
                          struct wh_tree *const **ret_items);

/* An offset from start such as 1d12h, or a time. */
bool wh_test_keys_moment(struct wh_problems *problems, const struct wh_tree *tree, int64_t start,
                         const struct wh_zone *zone, int64_t *ret_us);

/* "n" or "n ± m" in thousandths; false, with nothing told, for other text. */
bool wh_test_keys_amount(struct wh_str text, int64_t *ret_number, int64_t *ret_slack);

/* A value as JSON would bring it: true, false, null, number; what is quoted or else is a string.
 * declared STRING keeps every text as it stands. */
bool wh_test_keys_value(struct wh_problems *problems, const struct wh_tree *tree,
                        enum wh_type declared, struct wh_value *ret_value);

#endif
