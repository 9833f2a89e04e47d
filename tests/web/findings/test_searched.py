# SPDX-License-Identifier: EUPL-1.2
"""What was searched for a finding, in the order in which it says something."""

from rekenschap_web.evidence.views import Both, Health, SearchedView
from rekenschap_web.findings.showing.page import parted

USUAL = {f"ground_{number}": 100 - number for number in range(20)}


def searched(number, *, found=False, health=Health.CONNECTED):
    return SearchedView(
        ground=f"ground_{number}",
        title=Both(nl="grond", en="ground"),
        found=found,
        holds_for=int(bool(found)),
        weight="full",
        where=Both(nl="zaken", en="zaken"),
        sources=("zaken",),
        source_health=health,
    )


def names(rows):
    return [each.ground for each in rows]


def test_what_was_found_stands_first_and_then_what_usually_explains():
    rows = [*(searched(number) for number in range(19)), searched(19, found=True)]
    telling, plain = parted(rows[::-1], usual=USUAL)
    assert names(telling) == ["ground_19", *(f"ground_{number}" for number in range(7))]
    assert names(plain) == [f"ground_{number}" for number in range(7, 19)]


def test_what_could_not_be_searched_or_in_a_silent_source_is_never_folded_away():
    unsure = [searched(18, found=None), searched(19, health=Health.SILENT), searched(17, health=Health.LATE)]
    telling, plain = parted([*(searched(number) for number in range(12)), *unsure], usual=USUAL)
    assert {"ground_17", "ground_18", "ground_19"} < set(names(telling))
    assert len(telling) == 8 and len(plain) == 7


def test_nothing_is_shown_twice_or_left_out():
    rows = [searched(number, found=number % 3 == 0) for number in range(20)]
    telling, plain = parted(rows, usual=USUAL)
    assert sorted(names([*telling, *plain])) == sorted(names(rows))


def test_a_ground_that_explains_nothing_here_comes_last():
    telling, _ = parted([searched(50), searched(3)], usual=USUAL)
    assert names(telling) == ["ground_3", "ground_50"]
