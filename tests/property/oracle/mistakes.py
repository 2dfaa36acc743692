"""Planted mistakes: each name breaks one rule, to prove that a comparison can see it."""

ALL = {
    "window_inclusive": "a touch exactly D old still counts in `within D`",
    "silent_exclusive": "silent(D) comes true only after D",
    "due_after_touch": "a due moment sees the touches of its own instant",
    "between_swapped_ends": "`between A and B` includes A and excludes B",
    "cap_by_arrival": "caps are filled in the order of arrival",
    "round_half_even": "halves are rounded to the even neighbour",
    "truncate_product": "products are truncated instead of rounded",
    "round_each_award": "half-life rounds each award, not each rule",
    "geometric_of_original": "step_geometric takes its share of the original points",
    "cliff_inclusive": "a cliff still pays at exactly D",
    "calendar_in_utc": "calendar periods ignore the zone of the model",
    "week_from_sunday": "weeks begin on Sunday",
    "unknown_is_false": "`!` of an unknown is true",
    "sum_unknown_of_nothing": "sum of nothing is unknown",
    "latest_arrival_wins": "an attribute that arrives late replaces a newer one",
    "once_after_more_than": "once_per D pays only when more than D have passed",
    "once_from_last_match": "once_per D counts from the last match, paid or not",
    "progressive_pays_all": "progressive pays all points of a higher status",
    "set_keeps": "set does not cancel what was before",
    "set_reopens_once": "set forgets what once_per had paid",
    "suspend_ignored": "suspend does nothing",
    "limit_before_group": "the limit of a group is not applied",
    "session_gap_inclusive": "a pause of exactly the gap still joins",
    "session_of_any_act": "acts of every source make sessions",
    "own_session_closed": "session.* does not hold the current touch",
    "bots_count": "touches below the minimum verdict count",
    "verdict_ignored": "the `verdict` of a rule is ignored",
    "disarm_loses": "arm wins where disarm is true too",
    "except_ignored": "except does nothing",
    "gate_ends": "a gate that closes ends the episode",
    "cool_down_of_withdrawn": "cool-down counts from withdrawn episodes as well",
    "on_extends": "touches in between extend an armed `on`",
    "stage_back": "stages go back freely",
    "edge_from_false": "triggers start from false, not from the empty lead",
    "idle_clock_ignored": "only_after does nothing",
    "mismatch_ignored": "a mismatch takes nothing away",
    "turns_in_blocks": "of unequal weights one owner has all his turns in a row",
    "sticky_ignored": "who had the person before does not matter",
    "sticky_takes_a_turn": "a lead that comes back to its owner takes a turn away",
    "capacity_in_utc": "the room of a route is counted by days of UTC",
    "full_ends_it": "a full route sends nobody on to the next",
    "first_tie_by_arrival": "equal times are ordered by arrival",
    "second_of_one_id_wins": "of one id the later touch counts",
    "step_within_inclusive": "a step takes a touch exactly `within` after the one before",
    "next_is_then": "`link: next` lets acts pass",
    "then_any_is_then": "`then_any` does not go on waiting",
    "not_ignored": "a `not` between two steps ends nothing",
    "after_match_ignored": "after_match is always skip_past",
}

active = set()


def on(name):
    assert name in ALL, name
    return name in active
