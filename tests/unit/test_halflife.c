#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/halflife.h"
#include "engine/base/halflife_table.h"
#include "engine/base/hash.h"
#include "engine/base/time.h"

/* Expected values: real numbers computed with 400 bits, and the formulas of rules.md 3.3 evaluated
 * in exact integers elsewhere. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
tables_hold_rounded_powers_of_two(void **state)
{
    (void)state;
    static const struct {
        int table;
        int index;
        int64_t entry;
    } cases[] = {
        {0, 0, 4611686018427387904},   {0, 1, 4599216278082138665},   {0, 128, 3260954456333195553},
        {0, 255, 2312094783834258860}, {1, 1, 4611637242788701951},   {1, 255, 4599264922348720795},
        {2, 7, 4611684684711657386},   {2, 200, 4611647912415583023}, {3, 1, 4611686017683126786},
        {3, 255, 4611685828640806731},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(wh_halflife_table[cases[i].table][cases[i].index], cases[i].entry);
    }
}

static void
every_entry_of_the_tables_is_as_computed(void **state)
{
    (void)state;
    /* All entries one after the other, highest byte first. */
    static const char expected[] =
        "7ba132f92b88b928c76a7d87a2df3dad46b6dd86c6498b57690fd1508433fc8f";
    char bytes[sizeof(wh_halflife_table)];
    size_t len = 0;
    for (size_t i = 0; i < sizeof(wh_halflife_table) / sizeof(int64_t); i++) {
        int64_t entry = wh_halflife_table[i / WH_HALFLIFE_TABLE_SIZE][i % WH_HALFLIFE_TABLE_SIZE];
        for (unsigned shift = 64; shift > 0; shift -= 8) {
            bytes[len++] = (char)(entry >> (shift - 8));
        }
    }
    uint8_t digest[WH_HASH_SHA256_SIZE];
    char text[2 * WH_HASH_SHA256_SIZE + 1];
    wh_hash_sha256((struct wh_str){bytes, len}, digest);
    wh_hash_hex(digest, sizeof(digest), text);
    assert_string_equal(text, expected);
}

static void
e_is_within_four_units_of_the_real_power(void **state)
{
    (void)state;
    static const struct {
        uint64_t f;
        int64_t rounded;
    } cases[] = {
        {0x0, 4611686018427387904},        {0x1, 4611686017683126786},
        {0x1000000, 4599216278082138665},  {0x80000000, 3260954456333195553},
        {0xffffffff, 2305843009585824511}, {0x12345678, 4389885104935789557},
        {0xdeadbeef, 2523551695732544195}, {0x80000001, 3260954455806923470},
        {0xffffff, 4599216278824387343},   {0xfffefdfc, 2305867589312385524},
        {0x1010101, 4599167443574155475},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t error = wh_halflife_e(cases[i].f) - cases[i].rounded;
        assert_in_range(error + 4, 0, 8);
    }
    assert_int_equal(wh_halflife_e(0), INT64_C(1) << 62);
    assert_int_equal(wh_halflife_e(UINT64_C(1) << 32), INT64_C(1) << 61);
}

static void
a_moment_has_a_cell_and_a_place_in_it(void **state)
{
    (void)state;
    static const struct {
        int64_t x;
        int64_t half_life;
        int64_t cell;
        uint64_t fraction;
    } cases[] = {
        {0, 30 * WH_US_PER_DAY, 0, 0},
        {WH_US_PER_DAY, 30 * WH_US_PER_DAY, 0, 143165576},
        {-1, 30 * WH_US_PER_DAY, -1, 4294967295},
        {30 * WH_US_PER_DAY, 30 * WH_US_PER_DAY, 1, 0},
        {1795500000123456, WH_US_PER_WEEK, 2968, 3221226348},
        {-1795500000123456, WH_US_PER_MINUTE, -29925001, 4286129971},
        {59999999, WH_US_PER_MINUTE, 0, 4294967224},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(wh_halflife_cell(cases[i].x, cases[i].half_life), cases[i].cell);
        assert_int_equal(wh_halflife_fraction(cases[i].x, cases[i].half_life), cases[i].fraction);
    }
}

static void
an_award_weighs_more_the_later_it_is_in_its_cell(void **state)
{
    (void)state;
    static const struct {
        int64_t points;
        int64_t at;
        int64_t half_life;
        int64_t mass;
    } cases[] = {
        {10000, 0, 30 * WH_US_PER_DAY, 655360000},
        {10000, WH_US_PER_DAY, 30 * WH_US_PER_DAY, 670678314},
        {-3333, 1795500000123456, WH_US_PER_WEEK, -367356562},
        {1000000000, -1, 1100 * WH_US_PER_DAY, 131071999978847},
        {-1000000000, 59999999, WH_US_PER_MINUTE, -131071998476972},
        {1, 12345, WH_US_PER_MINUTE, 65545},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(wh_halflife_mass(cases[i].points, cases[i].at, cases[i].half_life),
                         cases[i].mass);
    }
}

static void
each_cell_halves_toward_zero(void **state)
{
    (void)state;
    assert_int_equal(wh_halflife_carry(5, 4, 0), 9);
    assert_int_equal(wh_halflife_carry(5, 4, 1), 4);
    assert_int_equal(wh_halflife_carry(-5, -4, 1), -4);
    assert_int_equal(wh_halflife_carry(-5, -4, 4), 0);
    assert_int_equal(wh_halflife_carry(INT64_MAX, INT64_MAX, 1), INT64_MAX);
    assert_int_equal(wh_halflife_carry(INT64_MAX, 0, 62), 1);
    assert_int_equal(wh_halflife_carry(INT64_MAX, INT64_MAX, 63), 1);
    assert_int_equal(wh_halflife_carry(INT64_MAX, INT64_MAX, 100000), 0);
    for (int64_t cells = 1; cells < 70; cells++) {
        int64_t r = wh_halflife_carry(INT64_C(-123456789012345), 678, 1);
        for (int64_t i = 1; i < cells; i++) {
            r = wh_halflife_carry(r, 0, 1);
        }
        assert_int_equal(wh_halflife_carry(INT64_C(-123456789012345), 678, cells), r);
    }
}

/* A rule with half-life, as the score keeps it. */
struct sum {
    int64_t half_life;
    int64_t cell;
    int64_t r;
    int64_t mass;
};

static void
move_to(struct sum *sum, int64_t at)
{
    int64_t cell = wh_halflife_cell(at, sum->half_life);
    if (cell != sum->cell) {
        sum->r = wh_halflife_carry(sum->r, sum->mass, cell - sum->cell);
        sum->mass = 0;
        sum->cell = cell;
    }
}

static void
award(struct sum *sum, int64_t points, int64_t at)
{
    move_to(sum, at);
    sum->mass += wh_halflife_mass(points, at, sum->half_life);
}

static int64_t
value_at(struct sum sum, int64_t at)
{
    move_to(&sum, at);
    return wh_halflife_value(sum.r, sum.mass, wh_halflife_fraction(at, sum.half_life));
}

static void
two_visits_a_day_apart_are_worth_what_the_reference_says(void **state)
{
    (void)state;
    struct sum sum = {.half_life = 30 * WH_US_PER_DAY};
    award(&sum, 10000, 0);
    award(&sum, 10000, WH_US_PER_DAY);
    assert_int_equal(value_at(sum, 2 * WH_US_PER_DAY), 19320);
    assert_int_equal(value_at(sum, 32 * WH_US_PER_DAY), 9660);
}

static void
a_hundred_points_fall_under_seventy_at_the_known_second(void **state)
{
    (void)state;
    struct sum sum = {.half_life = 30 * WH_US_PER_DAY};
    award(&sum, 100000, 0);
    int64_t second_before = 15 * WH_US_PER_DAY + 10 * WH_US_PER_HOUR + 30 * WH_US_PER_MINUTE;
    assert_int_equal(value_at(sum, second_before), 70000);
    assert_int_equal(value_at(sum, second_before + WH_US_PER_SECOND), 69999);
}

static void
hundreds_of_awards_stay_within_a_thousandth_of_the_real_sum(void **state)
{
    (void)state;
    /* The real sums are -16020.684, -9663.363, -13130.448 and -14318.042 thousandths. */
    static const struct {
        int64_t half_life;
        int64_t value;
    } cases[] = {
        {WH_US_PER_MINUTE, -16021},
        {WH_US_PER_WEEK, -9663},
        {30 * WH_US_PER_DAY, -13130},
        {1100 * WH_US_PER_DAY, -14318},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sum sum = {.half_life = cases[i].half_life};
        uint64_t random = 20261124;
        int64_t at = 1795500000000000;
        sum.cell = wh_halflife_cell(at, sum.half_life);
        for (int k = 0; k < 200; k++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            int64_t points = (int64_t)((random >> 33) % 20001) - 10000;
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            at += (int64_t)(random >> 33) % (sum.half_life / 8);
            award(&sum, points, at);
        }
        assert_int_equal(value_at(sum, at + sum.half_life / 3), cases[i].value);
    }
}

/* E(0) is 2^62 and E(2^32) is half of it, so 2^16, or 2^17, is worth a thousandth. */
static void
what_is_kept_is_worth_half_away_from_zero(void **state)
{
    (void)state;
    const int64_t whole = INT64_C(1) << 62;
    const int64_t half = INT64_C(1) << 61;
    assert_int_equal(wh_halflife_worth(0, whole), 0);
    assert_int_equal(wh_halflife_worth(32767, whole), 0);
    assert_int_equal(wh_halflife_worth(32768, whole), 1);
    assert_int_equal(wh_halflife_worth(98303, whole), 1);
    assert_int_equal(wh_halflife_worth(98304, whole), 2);
    assert_int_equal(wh_halflife_worth(65535, half), 0);
    assert_int_equal(wh_halflife_worth(65536, half), 1);
    assert_int_equal(wh_halflife_worth(UINT64_C(1) << 62, whole), INT64_C(1) << 46);
    assert_int_equal(wh_halflife_worth((UINT64_C(1) << 62) + 65535, half), INT64_C(1) << 45);
}

static void
geometric_steps_shrink_until_they_are_nothing(void **state)
{
    (void)state;
    static const struct {
        int64_t q;
        int64_t k;
        int64_t factor;
    } cases[] = {
        {200, 0, 4294967296},
        {200, 1, 3435973837},
        {200, 2, 2748779070},
        {200, 23, 25353013},
        {200, 24, 0},
        {200, 1000000000, 0},
        {50, 103, 21801743},
        {50, 104, 0},
        {990, 1, 42949673},
        {990, 2, 0},
        {25, 10, 3334310332},
        {123, 5, 2228218769},
        {50, WH_GEOMETRIC_STEPS_MAX + 1, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(wh_geometric_factor(cases[i].q, cases[i].k), cases[i].factor);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_hold_rounded_powers_of_two),
        cmocka_unit_test(every_entry_of_the_tables_is_as_computed),
        cmocka_unit_test(e_is_within_four_units_of_the_real_power),
        cmocka_unit_test(a_moment_has_a_cell_and_a_place_in_it),
        cmocka_unit_test(an_award_weighs_more_the_later_it_is_in_its_cell),
        cmocka_unit_test(each_cell_halves_toward_zero),
        cmocka_unit_test(two_visits_a_day_apart_are_worth_what_the_reference_says),
        cmocka_unit_test(a_hundred_points_fall_under_seventy_at_the_known_second),
        cmocka_unit_test(hundreds_of_awards_stay_within_a_thousandth_of_the_real_sum),
        cmocka_unit_test(what_is_kept_is_worth_half_away_from_zero),
        cmocka_unit_test(geometric_steps_shrink_until_they_are_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
