# SPDX-License-Identifier: EUPL-1.2
"""What came in since is explained on top of what was there, as a run over everything would explain it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rekenschap import demo
from rekenschap.audit.answer import bound, grounds_in
from rekenschap.audit.deriving import Derived, Part, Span, derive, newest_in
from rekenschap.audit.deriving.reading import HOUR, LEARNT, manifest_of
from rekenschap.audit.deriving.told import Kind
from rekenschap.audit.desk.people import reading
from rekenschap.audit.hourly.learning import read_learnt
from rekenschap.audit.intake import take_in_files
from rekenschap.audit.refreshing import bring_up_to_date, refresh
from rekenschap.explain.following import Followed, explain_some
from rekenschap.house import House
from rekenschap.intake import load_profile

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
ALL = Part(most=1_000_000)
SHARE = 0.97
"""of the lines of each file that were there before"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town of which the last part is still to come: the house below, and the files beside it."""
    place = tmp_path_factory.mktemp("town")
    town = demo.write_town(place / "sources", seed=3, staff=60, days=21)
    first = place / "first"
    first.mkdir()
    for name, path in town.paths.items():
        lines = path.read_bytes().splitlines(keepends=True)
        whole = name in ("personeel", "autorisaties", "verwerkingenregister")
        kept = lines if whole else lines[: int(len(lines) * SHARE)]
        (first / path.name).write_bytes(b"".join(kept))
    house = House.at(place / "house")
    ledger = house.ledger(origin="veldhaven.example/test")
    take_in_files(house, sorted(first.iterdir()), load_profile("native-jsonl"), ledger=ledger, now=NOW)
    derive(house, seed=1, now=NOW).close()
    return place


@pytest.fixture
def place(begun: Path, tmp_path: Path) -> Path:
    shutil.copytree(begun, tmp_path / "town")
    return tmp_path / "town"


def the_rest_comes(place: Path) -> House:
    house = House.at(place / "house")
    files = sorted(each for each in (place / "sources").rglob("*.jsonl"))
    take_in_files(house, files, load_profile("native-jsonl"), ledger=house.ledger(origin=""), now=SOON)
    return house


@pytest.fixture(scope="module")
def refreshed(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Derived]]:
    """The house with everything in it, explained on top of what was there."""
    own = tmp_path_factory.mktemp("refreshed") / "town"
    shutil.copytree(begun, own)
    house = the_rest_comes(own)
    made = refresh(house, seed=1, now=SOON)
    assert made is not None
    assert (made.is_whole, made.came > 100, made.anew > 100) == (False, True, True)
    yield house, made.derived
    made.derived.close()


@pytest.fixture(scope="module")
def everything(refreshed: tuple[House, Derived]) -> Followed:
    """What a run over everything says, with the same things learnt."""
    house, derived = refreshed
    ledger, engine = reading(house), house.engine()
    facts = bound(ledger, engine)
    learnt = read_learnt(derived.folder / HOUR / LEARNT, grounds_in(house.root, ledger))
    assert learnt is not None
    entries = np.asarray(facts["consultation"].column("entry"), dtype=np.int64)
    return explain_some(engine, entries, learnt)


def test_every_look_is_there_with_the_verdict_of_a_run_over_everything(
    refreshed: tuple[House, Derived], everything: Followed
) -> None:
    _, derived = refreshed
    verdict = everything.verdict.select(["look", "explained", "weak_only", "best_ground", "score"])
    said = {row["look"]: row for row in verdict.to_pylist()}
    rows = derived.looks_between(0, 99_999).to_pylist()
    assert {row["look"] for row in rows} == said.keys()
    assert len(rows) == len(said)
    assert {row["look"] for row in rows if row["explained"]} == {
        look for look, row in said.items() if row["explained"]
    }
    anew = set(derived.files.answer(
        "SELECT look FROM read_parquet($files)", {"files": ["look-by-staff/later.parquet"]}, query_id="later"
    ).column("look").to_pylist())  # fmt: skip
    assert len(anew) > 100
    for row in rows:
        if row["look"] in anew:
            assert {name: row[name] for name in said[row["look"]]} == said[row["look"]]


def test_each_person_has_each_look_once_and_counts_agree(refreshed: tuple[House, Derived]) -> None:
    _, derived = refreshed
    rows = derived.looks_between(0, 99_999)
    for column, ask, count in (
        ("staff", derived.looks_of, derived.count_of), ("subject", derived.looks_at, derived.count_at),
    ):  # fmt: skip
        for who in pc.unique(rows.column(column)).to_pylist()[:40]:
            mine = rows.filter(pc.equal(rows.column(column), who))
            found = ask(who, Span(), ALL)
            assert sorted(found.column("look").to_pylist()) == sorted(mine.column("look").to_pylist())
            assert count(who, Span())["total"] == len(mine)
            assert (
                count(who, Span())["explained"] == pc.sum(mine.column("explained").cast(pa.int64())).as_py()
            )


def test_shares_count_what_came_along(refreshed: tuple[House, Derived]) -> None:
    _, derived = refreshed
    rows = derived.looks_between(0, 99_999)
    (whole,) = (each for each in derived.shares if each.by == "all")
    people = rows.filter(pc.invert(pc.is_in(rows.column("employment"), pa.array(["shared", "system"]))))
    assert whole.looks == len(people)
    assert whole.explained == pc.sum(people.column("explained").cast(pa.int64())).as_py()
    for by in ("week", "month", "team", "system"):
        assert sum(each.looks for each in derived.shares if each.by == by) == whole.looks


def test_what_explains_a_look_that_came_is_told_with_when_it_was_recorded(
    refreshed: tuple[House, Derived], everything: Followed
) -> None:
    _, derived = refreshed
    newest = everything.explanation.sort_by("look").slice(len(everything.explanation) - 30).to_pylist()
    for row in newest:
        staff = derived.looks([row["look"]]).column("staff").to_pylist()
        found = derived.explanations(staff, [row["look"]]).to_pylist()
        assert row["ground"] in {each["ground"] for each in found}
        assert len({each["ground"] for each in found}) == len(found)
        assert all(each["work_at"] > 0 for each in found)


def test_doing_it_again_when_nothing_came_changes_nothing(refreshed: tuple[House, Derived]) -> None:
    house, derived = refreshed
    again = refresh(house, seed=1, now=SOON)
    assert again is not None
    assert (again.came, again.anew, again.derived.folder) == (0, 0, derived.folder)


def test_hour_after_hour_says_the_same_as_all_at_once(place: Path, everything: Followed) -> None:
    house = House.at(place / "house")
    files = sorted(each for each in (place / "sources").rglob("*.jsonl"))
    for each in files:  # a file at a time, and after each an hour
        take_in_files(house, [each], load_profile("native-jsonl"), ledger=house.ledger(origin=""), now=SOON)
        assert refresh(house, seed=1, now=SOON) is not None
    derived = Derived.open(house.root)
    rows = derived.looks_between(0, 99_999)
    assert len(rows) == len(everything.look)
    said = everything.verdict
    assert pc.sum(rows.column("explained").cast(pa.int64())) == pc.sum(
        said.column("explained").cast(pa.int64())
    )


def test_a_run_that_broke_off_is_done_again_without_what_it_left(
    place: Path, everything: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = the_rest_comes(place)
    before = newest_in(house.root)

    def full_disk(*_: object) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="no space"):
        patched.setattr("rekenschap.audit.refreshing.refreshing.write_layer", full_disk)
        refresh(house, seed=1, now=SOON)
    assert newest_in(house.root) == before
    again = refresh(house, seed=1, now=SOON)
    assert again is not None
    assert again.derived.manifest.looks == len(everything.look)
    assert len(again.derived.looks_between(0, 99_999)) == len(everything.look)


@pytest.mark.parametrize("reason", ["seed", "a day", "a week over", "no state", "no derivation"])
def test_everything_is_explained_anew_when_what_was_learnt_does_not_hold(place: Path, reason: str) -> None:
    house = House.at(place / "house")
    newest = house.root / "derived" / newest_in(house.root)
    seed, now = 1, SOON
    match reason:
        case "seed":
            seed = 2
        case "a day":
            now = NOW + timedelta(days=1, seconds=1)
        case "a week over":
            now = NOW + timedelta(hours=-1)
            told = newest / "manifest.json"
            told.write_bytes(told.read_bytes().replace(b'"over_at":', b'"over_at":-'))
        case "no state":
            shutil.rmtree(newest / HOUR)
        case _:
            shutil.rmtree(house.root / "derived")
    assert refresh(house, seed=seed, now=now) is None


def test_everything_is_explained_anew_when_very_much_came(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = the_rest_comes(place)
    monkeypatch.setattr("rekenschap.audit.refreshing.refreshing.MOST", 10)
    monkeypatch.setattr("rekenschap.audit.refreshing.refreshing.MOST_OF_ALL", 0.001)
    assert refresh(house, seed=1, now=SOON) is None
    monkeypatch.setattr("rekenschap.audit.refreshing.refreshing.MOST_OF_ALL", 0.5)
    assert refresh(house, seed=1, now=SOON) is not None


def test_bringing_up_to_date_says_which_it_did(place: Path) -> None:
    house = the_rest_comes(place)
    hour = bring_up_to_date(house, seed=1, now=SOON)
    assert not hour.is_whole
    whole = bring_up_to_date(house, seed=1, now=SOON, whole=True)
    assert whole.is_whole
    told = manifest_of(house.root)
    assert told is not None
    assert told.whole == told.size == reading(house).checkpoint.size
    assert not list(whole.derived.folder.rglob("later.parquet"))


def test_what_does_not_wait_is_found_in_the_hour_it_comes(refreshed: tuple[House, Derived]) -> None:
    _, derived = refreshed
    urgent = [each for each in derived.findings if Kind.URGENT in each.kinds]
    for each in urgent:
        assert each.said
        assert each.looks or each.sent
