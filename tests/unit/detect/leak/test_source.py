# SPDX-License-Identifier: EUPL-1.2
"""A little organisation with a leak in it: who stands out, who must not, and what is said."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.detect.leak import Leaked, LeakParameters, Standing, Window, find_source
from rekenschap.errors import ConfigurationError
from rekenschap.sql.derived import LOOK, VERDICT, derived_schema
from rekenschap.sql.workspace import bind_all

WINDOW = Window(begins=datetime(2026, 1, 1, tzinfo=UTC), ends=datetime(2026, 7, 1, tzinfo=UTC))
MOMENT = 1_772_000_000_000_000
STAFF, CITIZENS = 60, 20_000


class Place:
    """Looks as rows of (staff, subject, day, explained); sixty staff with own work and some noise."""

    def __init__(self, seed=3):
        rng = np.random.default_rng(seed)
        self.rows = [
            (staff, subject, int(rng.integers(0, 90)), True)
            for staff in range(STAFF)
            for subject in range(staff * 100, staff * 100 + 60)
        ]
        self.rows += [
            (staff, int(rng.integers(0, CITIZENS)), int(rng.integers(0, 90)), False)
            for staff in range(STAFF)
            for _ in range(6)
        ]
        self.relation = []
        self.team = {}
        self.shared = set()

    def looked(self, staff, subjects, *, explained=False, day=40):
        self.rows += [(staff, subject, day, explained) for subject in subjects]
        return self

    def ask(self, *lines, **parameters):
        engine = DuckDbEngine(threads=1)
        relation = {"relation": self._relation()} if self.relation else {}
        bind_all(engine, relation)
        for name, rows in self._tables().items():
            engine.bind(name, rows)
        leaked = Leaked.of(
            [each + 1] if isinstance(each, int) else [one + 1 for one in each] for each in lines
        )
        found = find_source(
            engine, leaked, window=WINDOW, parameters=LeakParameters(rounds=100, **parameters)
        )
        engine.close()
        return found

    def _tables(self):
        staff, subject, day, explained = (np.array(each) for each in zip(*self.rows, strict=True))
        have = {
            "look": np.arange(len(staff)), "staff": staff + 1, "subject": subject + 1,
            "looked_at": MOMENT + day * 86_400_000_000, "happened_day": (20_500 + day).astype(np.int32),
            "team": [self.team.get(int(each), f"team {each // 10}") for each in staff],
            "role": ["clerk"] * len(staff),
            "employment": ["shared" if int(each) in self.shared else "employee" for each in staff],
            "explained": explained,
        }  # fmt: skip
        return {"look": filled(LOOK, have), "verdict": filled(VERDICT, have)}

    def _relation(self):
        one, other = zip(*self.relation, strict=True)
        return pa.table({
            "kind": ["household"] * len(one), "subject": [x + 1 for x in one],
            "other_subject": [x + 1 for x in other],
        })  # fmt: skip


def filled(columns, have):
    schema = derived_schema(columns)
    size = len(have["look"])
    return pa.table(
        [pa.array(have[x.name], x.type) if x.name in have else pa.nulls(size, x.type) for x in schema],
        schema=schema,
    )


def out(found):
    return [each.staff.hi - 1 for each in found.ranking if each.stands_out]


def test_who_looked_at_three_of_five_without_a_reason_stands_out():
    found = Place().looked(7, [15_001, 15_002, 15_003]).ask(15_001, 15_002, 15_003, 15_004, 15_005)
    assert (out(found), found.standing, found.equal) == ([7], Standing.ONE, 0)
    assert found.ranking[0].met == ("unexplained", "unexplained", "unexplained", "", "")


def test_one_name_is_never_given_without_the_next():
    place = Place().looked(7, [15_001, 15_002, 15_003]).looked(9, [15_001], explained=True)
    found = place.ask(15_001, 15_002, 15_003)
    assert [each.staff.hi - 1 for each in found.ranking][:2] == [7, 9]
    assert found.ranking[1].staff.short in found.sentences.nl
    assert found.ranking[1].staff.short in found.sentences.en


def test_who_alone_met_the_list_stands_beside_somebody_who_did_not():
    found = Place().looked(7, [15_001, 15_002, 15_003]).ask(15_001, 15_002, 15_003)
    assert len(found.ranking) == 2
    assert (found.ranking[1].unexplained, found.ranking[1].stands_out, found.equal) == (0, False, 0)


def test_a_handler_of_everybody_on_the_list_does_not_stand_out():
    found = Place().ask(700, 701, 702, 703)
    assert (out(found), found.ranking[0].explained) == ([], 4)


def test_work_that_is_missing_for_two_of_five_makes_a_handler_no_source():
    place = Place()
    lost = {700, 701}
    place.rows = [(s, p, d, e and not (s == 7 and p in lost)) for s, p, d, e in place.rows]
    found = place.ask(700, 701, 702, 703, 704)
    handler = next(each for each in found.ranking if each.staff.hi - 1 == 7)
    assert (handler.unexplained, handler.explained, handler.own_work) == (2, 3, True)
    assert out(found) == []


def test_two_who_both_looked_are_both_named_and_told_apart_from_nobody():
    people = [15_001, 15_002, 15_003, 15_004]
    found = Place().looked(7, people).looked(33, people).ask(*people)
    assert (sorted(out(found)), found.standing, found.equal) == ([7, 33], Standing.SEVERAL, 1)
    assert "niemand aan" in found.sentences.nl


def test_people_of_one_home_count_once():
    place = Place().looked(7, [15_001, 15_002, 15_003])
    place.relation = [(15_001, 15_002), (15_002, 15_003)]
    found = place.ask(15_001, 15_002, 15_003)
    assert (found.together, found.ranking[0].unexplained, out(found)) == (1, 1, [])


def test_people_of_one_line_count_once():
    found = Place().looked(7, [15_001, 15_002, 15_003]).ask((15_001, 15_002, 15_003))
    assert (found.lines, found.together, found.ranking[0].unexplained, out(found)) == (1, 1, 1, [])


def test_a_home_through_somebody_who_is_not_on_the_list_counts_once():
    place = Place().looked(7, [15_001, 15_002])
    place.relation = [(15_001, 19_999), (19_999, 15_002)]
    assert place.ask(15_001, 15_002).together == 1


def test_a_shared_account_is_counted_apart_and_never_named():
    place = Place().looked(99, [15_001, 15_002, 15_003])
    place.shared = {99}
    found = place.ask(15_001, 15_002, 15_003)
    assert (found.shared, out(found), found.no_reason) == (3, [], 0)


def test_one_in_common_is_never_enough():
    found = Place().looked(7, [15_001]).ask(15_001)
    assert (found.ranking[0].unexplained, out(found)) == (1, [])


def test_somebody_whom_colleagues_looked_at_too_says_less():
    alone = Place().looked(7, [15_001, 15_002]).ask(15_001, 15_002, 15_003)
    crowd = Place().looked(7, [15_001, 15_002])
    for colleague in (1, 2, 3, 4, 5, 8):
        crowd.looked(colleague, [15_001])
    among = crowd.ask(15_001, 15_002, 15_003)
    assert among.ranking[0].log_chance > alone.ranking[0].log_chance + 2


def test_adding_a_reason_never_makes_anybody_stand_out_more():
    people = [15_001, 15_002, 15_003, 15_004]
    plain = Place().looked(7, people).ask(*people)
    place = Place().looked(7, people)
    place.rows = [(s, p, d, e or p == 15_001) for s, p, d, e in place.rows]
    explained = place.ask(*people)
    assert explained.ranking[0].log_chance > plain.ranking[0].log_chance


def test_looks_twice_written_down_change_nothing():
    people = [15_001, 15_002, 15_003]
    place = Place().looked(7, people)
    once = place.ask(*people)
    place.rows += place.rows
    assert place.ask(*people).ranking == once.ranking


def test_the_order_of_the_list_changes_no_chance():
    people = [15_001, 700, 15_002, 15_003]
    place = Place().looked(7, [15_001, 15_002, 15_003])
    one, other = place.ask(*people), place.ask(*people[::-1])
    assert [each.log_chance for each in one.ranking] == pytest.approx(
        [each.log_chance for each in other.ranking]
    )
    assert one.ranking[0].met == other.ranking[0].met[::-1]


def test_permuted_citizens_come_as_far_seldom_when_it_is_no_chance():
    found = Place().looked(7, [15_001, 15_002, 15_003]).ask(15_001, 15_002, 15_003)
    assert (found.likeness.as_strong, found.likeness.rounds) == (0, 100)
    assert 0 < found.likeness.upper < 0.05


def test_a_list_nobody_ever_looked_at_gives_nobody():
    found = Place().ask(19_997, 19_998, 19_999)
    assert (found.ranking, found.standing) == ((), Standing.NOBODY)
    assert "Niemand bekeek" in found.sentences.nl


def test_an_organisation_without_looks_gives_nobody():
    place = Place()
    place.rows = [(0, 0, 900, True)]
    found = place.ask(1, 2)
    assert (found.ranking, found.never_seen) == ((), 2)


def test_a_line_of_which_nobody_is_known_still_counts():
    found = Place().looked(7, [15_001, 15_002]).ask(15_001, 15_002, ())
    assert (found.lines, found.together, found.ranking[0].met[2]) == (3, 3, "")


@pytest.mark.parametrize("lines", [[], [[1]] * 20_001])
def test_no_list_and_too_long_a_list_are_refused(lines):
    with pytest.raises(ConfigurationError):
        Leaked.of(lines)


def test_a_window_without_a_zone_is_refused():
    with pytest.raises(ConfigurationError):
        Window(begins=datetime(2026, 1, 1), ends=datetime(2026, 2, 1))  # noqa: DTZ001
