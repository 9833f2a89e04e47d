# SPDX-License-Identifier: EUPL-1.2
"""A derivation says of single people what the chain says of all, and is swapped in whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rekenschap import demo
from rekenschap.audit.answer import Answer, answer
from rekenschap.audit.deriving import Derived, Occasion, Part, Span, derive, key_of, newest_in, write_derived
from rekenschap.audit.desk.people import original_of, pseudonyms_of, reading
from rekenschap.audit.intake import take_in_files
from rekenschap.errors import KeysError, RefusedError, StoreError
from rekenschap.house import House
from rekenschap.intake import load_profile
from rekenschap.model.ids import Pseudonym

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ALL = Part(most=1_000_000)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with three weeks of a small town."""
    place = tmp_path_factory.mktemp("town")
    town = demo.write_town(place / "sources", seed=3, staff=60, days=21)
    house = House.at(place / "house")
    ledger = house.ledger(origin="veldhaven.example/test")
    take_in_files(house, sorted(town.paths.values()), load_profile("native-jsonl"), ledger=ledger, now=NOW)
    return house


@pytest.fixture(scope="module")
def answered(house: House) -> Answer:
    """What the chain says of all of it."""
    return answer(reading(house), house.engine(), seed=1)


@pytest.fixture(scope="module")
def derived(house: House) -> Iterator[Derived]:
    """The same, derived."""
    made = derive(house, seed=1, now=NOW)
    yield made
    made.close()


def test_every_look_is_found_by_who_looked_and_by_whom_was_looked_at(
    answered: Answer, derived: Derived
) -> None:
    look = answered.explained.look
    for column, ask in (("staff", derived.looks_of), ("subject", derived.looks_at)):
        told = look.group_by(column).aggregate([("look", "count")]).sort_by([("look_count", "descending")])
        for row in told.slice(0, 20).to_pylist() + told.slice(len(told) - 5).to_pylist():
            found = ask(row[column], Span(), ALL)
            mine = look.filter(pc.equal(look.column(column), row[column]))
            assert sorted(found.column("look").to_pylist()) == sorted(mine.column("look").to_pylist())


def test_every_look_has_the_verdict_of_the_chain(answered: Answer, derived: Derived) -> None:
    verdict = answered.explained.verdict
    said = dict(zip(verdict.column("look").to_pylist(), verdict.column("explained").to_pylist(), strict=True))
    for staff in pc.unique(answered.explained.look.column("staff")).to_pylist()[:20]:
        for row in derived.looks_of(staff, Span(), ALL).to_pylist():
            assert row["explained"] == said[row["look"]]


def test_a_list_is_read_page_by_page_newest_first(derived: Derived) -> None:
    staff = derived.looks_between(0, 99_999).column("staff").to_pylist()[0]
    whole = derived.looks_of(staff, Span(), ALL)
    pages = [derived.looks_of(staff, Span(), Part(first=at, most=7)) for at in range(0, len(whole), 7)]
    assert pa.concat_tables(pages).column("look").to_pylist() == whole.column("look").to_pylist()
    assert whole.column("looked_at").to_pylist() == sorted(
        whole.column("looked_at").to_pylist(), reverse=True
    )
    assert derived.count_of(staff, Span())["total"] == len(whole)


def test_single_looks_are_found_by_their_entries(answered: Answer, derived: Derived) -> None:
    entries = answered.explained.look.column("look").to_pylist()[::97]
    assert sorted(derived.looks(entries).column("look").to_pylist()) == sorted(entries)
    assert len(derived.looks([])) == 0
    assert len(derived.looks([999_999_999])) == 0


def test_what_explains_a_look_comes_with_when_it_was_recorded(answered: Answer, derived: Derived) -> None:
    told = answered.explained.explanation
    look = told.column("look").to_pylist()[0]
    staff = derived.looks([look]).column("staff").to_pylist()
    found = derived.explanations(staff, [look])
    mine = told.filter(pc.equal(told.column("look"), look))
    assert sorted(found.column("ground").to_pylist()) == sorted(mine.column("ground").to_pylist())
    assert all(at > 0 for at in found.column("work_at").to_pylist())


def test_findings_keep_their_key_and_say_what_was_searched(answered: Answer, derived: Derived) -> None:
    found = {each.key: each for each in derived.findings}
    for each in answered.findings:
        mine = found[key_of(each.about.domain, each.about.hi)]
        assert (mine.rule, mine.score, mine.terms) == (each.rule, each.score, each.terms)
        assert mine.looks[: len(each.looks)] == each.looks
    assert len(found) == len(derived.findings)
    for each in (*derived.findings, *derived.candidates):
        assert each.key == key_of(each.about.domain, each.about.hi)
        assert {one.ground for one in each.sought if one.found is None and one.weight == "full"} == set()
        assert each.first_at <= each.last_at


def test_shares_add_up(answered: Answer, derived: Derived) -> None:
    overall = next(each for each in derived.shares if each.by == "all")
    assert overall.looks == answered.explained.shares.looks
    assert overall.explained / overall.looks == pytest.approx(answered.explained.shares.explained)
    for by in ("week", "month", "team", "system", "month+team", "month+system"):
        assert sum(each.looks for each in derived.shares if each.by == by) == overall.looks


def test_the_newest_is_swapped_in_and_only_the_one_before_is_kept(house: House, derived: Derived) -> None:
    names = set()
    for seed in (2, 3, 4):
        made = derive(house, seed=seed, now=NOW)
        names.add(newest_in(house.root))
        made.close()
    assert len(names) == 3
    kept = {each.name for each in (house.root / "derived").iterdir()}
    assert len(kept) == 3  # two derivations, and the name of the newest
    assert newest_in(house.root) in kept
    derive(house, seed=1, now=NOW).close()


def test_what_breaks_off_leaves_the_newest_as_it_was(
    house: House, answered: Answer, derived: Derived, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = newest_in(house.root)

    def full_disk(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("rekenschap.audit.deriving.newest._sync", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_derived(house.root, answered, [], occasion=Occasion(seed=9, now=NOW))
    assert newest_in(house.root) == before
    assert not list((house.root / "derived").glob(".making*"))


def test_a_house_that_was_never_derived_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="rekenschap derive"):
        Derived.open(tmp_path)


def test_a_ledger_without_looks_is_not_derived(tmp_path: Path) -> None:
    empty = House.at(tmp_path / "house")
    empty.root.mkdir()
    empty.ledger(origin="veldhaven.example/empty")
    with pytest.raises(RefusedError, match="a ledger with looks"):
        derive(empty, seed=1, now=NOW)


def test_a_drawn_sample_is_the_same_for_the_same_seed(derived: Derived) -> None:
    one = derived.sample(Span(), size=25, seed=7)
    assert len(set(one)) == 25
    assert one == derived.sample(Span(), size=25, seed=7)
    assert one != derived.sample(Span(), size=25, seed=8)


def test_a_name_is_found_only_where_its_person_stands(house: House, derived: Derived) -> None:
    row = derived.looks(derived.sample(Span(), size=1, seed=1)).to_pylist()[0]
    who = Pseudonym(domain="staff", hi=row["staff"])
    name = original_of(house, row["look"], who)
    assert pseudonyms_of(house, [name], "staff") == (who,)
    with pytest.raises(KeysError, match="about this person"):
        original_of(house, row["look"], Pseudonym(domain="staff", hi=12345))


@pytest.mark.parametrize("by", ["week", "month", "team", "system"])
def test_chance_stands_beside_every_share_and_the_groups_together_are_the_whole(
    answered: Answer, derived: Derived, by: str
) -> None:
    (whole,) = (each for each in derived.shares if each.by == "all")
    assert whole.null_explained == pytest.approx(answered.explained.shares.null_explained)
    groups = [each for each in derived.shares if each.by == by]
    assert sum(each.looks for each in groups) == whole.looks
    known = [each.null_explained for each in groups if each.null_explained is not None]
    assert known and min(known) <= whole.null_explained <= max(known)


def test_chance_by_week_is_that_of_the_chain(answered: Answer, derived: Derived) -> None:
    told = {each.first: each.null_explained for each in derived.shares if each.by == "week"}
    for row in answered.explained.week.to_pylist():
        assert told[row["monday"]] == pytest.approx(row["null_explained"])
