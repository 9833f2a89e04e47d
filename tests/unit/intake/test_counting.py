# SPDX-License-Identifier: EUPL-1.2
"""What a source counted: ranges in the ledger, and no byte more for what was told before."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.errors import ConfigurationError, SourceError
from rekenschap.intake import load_profile, parse_profile
from rekenschap.intake.counting.runs import Runs
from tests.unit.intake.small_house import SmallHouse, look

COUNTER = """
id: counter
title: {nl: Baliesysteem, en: Counter system}
readers: {csv: {}}
sequence: {column: nr, stream: register}
facts:
  - relation: consultation
    when: {what: [look]}
    columns: {looked_at: at, staff: who, subject: whom, register: {value: BRP}}
example: |
  nr,register,what,at,who,whom
  1,a,look,2026-03-02T09:00:00Z,anna,K-1
expect:
  consultation:
    - {source: counter, looked_at: "2026-03-02T09:00:00Z", staff: anna, subject: K-1, register: BRP}
"""
HEAD = "nr,register,what,at,who,whom"


def counted(number, register="a", what="look", whom="K-1", minute=None):
    minute = number % 60 if minute is None else minute
    return f"{number},{register},{what},2026-03-02T09:{minute:02}:00Z,anna,{whom}"


def take(house: SmallHouse, *rows: str, name="counted.csv", head=HEAD):
    path = house.root / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return house.take_in(path, parse_profile(COUNTER))


def told(house: SmallHouse):
    return [
        (row["stream"], row["kind"], row["first_number"], row["last_number"])
        for row in house.facts("delivery")
    ]


def test_what_was_counted_is_kept_as_ranges(house):
    take(house, *(counted(n) for n in (1, 2, 3, 6, 7)), counted(90, "b"))
    assert sorted(told(house)) == [("a", "first", 1, 3), ("a", "first", 6, 7), ("b", "first", 90, 90)]
    assert {row["source"] for row in house.facts("delivery")} == {"counter"}


def test_the_same_file_twice_tells_nothing_more(house):
    rows = [counted(n) for n in range(1, 30)]
    take(house, *rows)
    size = house.ledger.size
    take(house, *rows)
    assert house.ledger.size == size


def test_a_longer_export_adds_its_new_numbers_only(house):
    take(house, *(counted(n) for n in range(1, 11)))
    take(house, *(counted(n) for n in range(5, 21)))
    assert told(house) == [("a", "first", 1, 10), ("a", "first", 11, 20)]


def test_a_number_with_other_content_is_told_again(house):
    take(house, *(counted(n) for n in range(1, 11)))
    take(house, *(counted(n) for n in range(1, 7)), counted(7, whom="K-2"), counted(8))
    assert told(house) == [("a", "first", 1, 10), ("a", "again", 7, 7)]


def test_a_number_twice_in_one_file_is_told_again(house):
    take(house, counted(1), counted(2), counted(2, whom="K-2"), counted(3), counted(3))
    assert sorted(told(house)) == [("a", "again", 2, 2), ("a", "first", 1, 3)]


def test_a_row_that_gives_no_fact_was_received_all_the_same(house):
    take(house, counted(1), counted(2, what="sign off"), "3,a,look,never,anna,K-1", counted(4))
    assert told(house) == [("a", "first", 1, 4)]


def test_a_row_without_its_number_waits(house):
    report = take(
        house, counted(1), ",a,look,2026-03-02T09:00:00Z,anna,K-1", "x,a,look,2026-03-02T09:00:00Z,anna,K-9"
    )
    assert report.quarantined == {"column-missing": 1, "count-unreadable": 1}
    assert (report.accepted, told(house)) == (1, [("a", "first", 1, 1)])


def test_a_source_that_stops_counting_is_refused(house):
    with pytest.raises(SourceError, match="the column nr, which counts the rows"):
        take(house, "look,2026-03-02T09:00:00Z,anna,K-1", head="what,at,who,whom")


def test_numbers_that_could_be_people_are_not_kept(house):
    bsns = ["999990019", "999990032", "999990044"]
    report = take(house, *(f"{n},a,look,2026-03-02T09:00:00Z,anna,K-1" for n in bsns))
    assert isinstance(report.interrupted, SourceError)
    assert "999990019" not in str(report.interrupted)
    assert house.ledger.size == 0


def test_a_large_counter_is_no_column_of_people(house):
    start = 999_990_019
    take(house, *(counted(n) for n in range(start, start + 40)))
    assert told(house) == [("a", "first", start, start + 39)]


def test_a_line_of_our_own_form_may_be_counted(house):
    house.native(look(sequence=4, source="balie"), look(sequence=5, source="balie", subject="K-2"), look())
    (row,) = house.facts("delivery")
    assert (row["source"], row["stream"], row["first_number"], row["last_number"]) == ("balie", "", 4, 5)


def test_a_source_cannot_report_its_own_deliveries(house):
    claim = {"relation": "delivery", "stream": "", "kind": "first", "first_number": 1, "last_number": 9}
    report = house.native(look(), claim)
    assert report.quarantined == {"relation-unknown": 1}
    assert house.facts("delivery") == []


def test_facts_of_a_group_and_plain_ones_of_one_relation_go_together(house):
    rule = parse_profile(COUNTER)
    one_per = replace(rule.facts[0], one_per=load_profile("bpic2015").facts[0].one_per[:1])
    path = house.root / "both.csv"
    path.write_text("\n".join([HEAD, *(counted(n) for n in range(1, 4))]) + "\n", encoding="utf-8")
    house.take_in(path, replace(rule, facts=(rule.facts[0], one_per)))
    assert told(house) == [("a", "first", 1, 3)]


def test_a_sequence_with_a_typo_is_refused():
    with pytest.raises(ConfigurationError, match="did you mean stream"):
        parse_profile(COUNTER.replace("stream: register", "strem: register"))


numbers = st.lists(st.integers(0, 60), max_size=40)


def runs(values):
    return Runs.of(np.array(values, dtype=np.int64))


def listed(found: Runs):
    return [
        n for a, b in zip(found.first.tolist(), found.last.tolist(), strict=True) for n in range(a, b + 1)
    ]


@given(left=numbers, right=numbers)
def test_runs_are_sets_of_numbers(left, right):
    one, other = runs(left), runs(right)
    assert listed(one) == sorted(set(left))
    assert listed(Runs.union([one, other])) == sorted({*left, *right})
    assert listed(one.without(other)) == sorted(set(left) - set(right))
    assert one.holds(np.arange(62)).tolist() == [n in left for n in range(62)]
    assert (one.first[1:] > one.last[:-1] + 1).all()
