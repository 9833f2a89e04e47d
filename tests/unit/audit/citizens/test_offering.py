# SPDX-License-Identifier: EUPL-1.2
"""What is offered to citizens: found by drawer, judged anew, and without anything of staff in it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from rekenschap.audit.citizens import Names, offer, offer_look, seen_by, tell, waiting
from rekenschap.audit.citizens import withhold as withhold_all
from rekenschap.audit.deriving.buckets import write_buckets
from rekenschap.audit.deriving.for_citizens import FILE, FOLDER, ForCitizens, Investigated
from rekenschap.audit.deriving.newest import make_newest
from rekenschap.citizen import Activity, Spell, Withholding
from rekenschap.citizen.letters import Question
from rekenschap.errors import RefusedError, StoreError
from rekenschap_citizen.place import box, shelf

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LAPSES = NOW + timedelta(days=3)
ME, OTHER = 4_700_000_000_000_000_001, -3_000_000_000_000_000_063
ACTIVITY = Activity(
    key="VA-01", name="Bijhouding", purpose="bijhouden", legal_basis="e", law="Wet BRP", is_shielded=False,
    valid_from=datetime(2020, 1, 1, tzinfo=UTC),
)  # fmt: skip


def look(entry: int, subject: int, days: int, **more: object) -> dict[str, object]:
    at = int((NOW - timedelta(days=days)).timestamp() * 1_000_000)
    plain = {
        "subject": subject, "look": entry, "looked_at": at, "known_at": at, "register": "brp",
        "fields": "naam,adres", "team": "burgerzaken", "activity": "VA-01", "why": "zaak",
        "about": "reisdocument", "explained": True,
    }  # fmt: skip
    return plain | more


def derived(
    home: Path, looks: list[dict[str, object]], *, investigated: tuple[Investigated, ...] = ()
) -> None:
    folder = home / "derived" / "9-1"
    folder.mkdir(parents=True)
    write_buckets(pa.Table.from_pylist(looks), folder / FOLDER, by="subject", then="looked_at")
    told = ForCitizens(register=(ACTIVITY,), investigated=investigated, departments=("burgerzaken",))
    (folder / FILE).write_bytes(msgspec.json.encode(told))
    (home / "derived" / "latest").write_text("9-1\n", encoding="ascii")


def answer(home: Path, subject: int) -> list[str]:
    found = shelf.answer_in(home / "citizen", Names.of(home).drawer(subject), organisation="Veldhaven")
    names = Names.of(home)
    return [str(names.entry(each.reference)) for each in found.items]


def test_each_citizen_finds_their_own_looks_newest_first(tmp_path: Path) -> None:
    many = [look(100 + each, each * 64 + 1, 5) for each in range(200)]
    derived(tmp_path, [look(1, ME, 3), look(2, ME, 9), look(3, ME, 1), look(4, OTHER, 2), *many])
    offered = offer(tmp_path, now=NOW)
    assert offered is not None
    assert (offered.citizens, offered.looks) == (202, 204)
    assert answer(tmp_path, ME) == ["3", "1", "2"]
    assert answer(tmp_path, OTHER) == ["4"]
    assert answer(tmp_path, 65 * 64 + 1) == ["165"]


def test_who_has_nothing_to_see_and_a_stranger_get_the_same_answer(tmp_path: Path) -> None:
    derived(tmp_path, [look(1, ME, 3)])
    withhold(tmp_path, 1)
    offer(tmp_path, now=NOW)
    place = tmp_path / "citizen"
    drawers = [Names.of(tmp_path).drawer(each) for each in (ME, 12_345)]
    mine, strange = (shelf.answer_in(place, each, organisation="Veldhaven") for each in drawers)
    assert mine == strange
    assert mine.items == ()


def withhold(home: Path, entry: int) -> None:
    path = home / "desk" / "withheld.json"
    path.parent.mkdir(exist_ok=True)
    told = [{"look": entry, "ground": "UAVG 41", "since": NOW - timedelta(days=9), "until": LAPSES}]
    path.write_bytes(msgspec.json.encode(told))


def every_byte(place: Path) -> dict[str, bytes]:
    newest = place / "offered" / (place / "offered" / "latest").read_text("ascii").strip()
    return {each.name: each.read_bytes() for each in newest.iterdir()}


def test_a_withheld_look_leaves_no_byte_and_comes_by_itself(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for home, looks in ((one, [look(1, ME, 3), look(2, ME, 9)]), (other, [look(2, ME, 9)])):
        derived(home, looks)
        (home / "desk").mkdir()
        (home / "desk" / "citizen-key").write_bytes(b"k" * 32)
    withhold(one, 1)
    offer(one, now=NOW)
    offer(other, now=NOW)
    assert every_byte(one / "citizen") == every_byte(other / "citizen")
    offer(one, now=LAPSES + timedelta(hours=1))
    assert answer(one, ME) == ["1", "2"]


def test_a_decision_that_comes_while_looks_are_judged_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived(tmp_path, [look(1, ME, 3), look(2, ME, 9)])
    times: list[str] = []

    def swapped(place: Path, making: Path, name: str) -> None:
        if not times:
            withhold(tmp_path, 1)  # two people decide just before what was judged is put in place
        times.append(name)
        make_newest(place, making, name)

    monkeypatch.setattr("rekenschap.audit.citizens.offering.make_newest", swapped)
    offer(tmp_path, now=NOW)
    assert answer(tmp_path, ME) == ["2"]
    assert len(times) == 2


def test_an_investigation_hides_what_no_work_explains_as_long_as_it_lasts(tmp_path: Path) -> None:
    spell = Spell(since=NOW - timedelta(days=30), until=LAPSES)
    looks = [
        look(1, ME, 3, explained=False, why="unknown"),
        look(2, ME, 9),
        look(3, OTHER, 3, explained=False),
    ]
    derived(tmp_path, looks, investigated=(Investigated(subject=ME, spell=spell),))
    offer(tmp_path, now=NOW)
    assert (answer(tmp_path, ME), answer(tmp_path, OTHER)) == (["2"], ["3"])
    offer(tmp_path, now=LAPSES + timedelta(hours=1))
    assert answer(tmp_path, ME) == ["1", "2"]


def test_decisions_that_cannot_be_read_stop_the_offer(tmp_path: Path) -> None:
    derived(tmp_path, [look(1, ME, 3)])
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "withheld.json").write_text("[{", encoding="utf-8")
    with pytest.raises(StoreError, match="decisions to withhold"):
        offer(tmp_path, now=NOW)
    assert not (tmp_path / "citizen" / "offered" / "latest").exists()


def test_the_moment_of_an_offer_tells_nothing_finer_than_an_hour(tmp_path: Path) -> None:
    derived(tmp_path, [look(1, ME, 3)])
    offer(tmp_path, now=NOW)
    found = shelf.answer_in(tmp_path / "citizen", Names.of(tmp_path).drawer(ME), organisation="Veldhaven")
    assert found.as_of == NOW.replace(minute=0)


def test_a_reference_says_nothing_of_order_and_only_ours_are_read() -> None:
    names, other = Names(key=b"a" * 32), Names(key=b"b" * 32)
    found = [names.reference(each) for each in range(1, 200)]
    assert [names.entry(each) for each in found] == list(range(1, 200))
    assert found != sorted(found)
    assert [other.entry(each) for each in found] == [None] * 199
    assert [names.entry(each) for each in ("", "a" * 29, "z" * 29, "0" * 29, found[0][:-1])] == [None] * 5


def test_a_question_goes_to_the_desk_and_its_answer_comes_back(tmp_path: Path) -> None:
    derived(tmp_path, [look(7, ME, 3)])
    offer(tmp_path, now=NOW)
    names, place = Names.of(tmp_path), tmp_path / "citizen"
    drawer, reference = names.drawer(ME), names.reference(7)
    asked = box.ask(place, drawer, reference=reference, words="Waarom was dit?", now=NOW)
    (found,) = waiting(tmp_path)
    assert (found.question, found.entry) == (asked, 7)
    item = seen_by(tmp_path, drawer, reference)
    assert item is not None
    assert item.about == "reisdocument"
    tell(tmp_path, drawer, [_answered(asked)])
    found.taken()
    assert waiting(tmp_path) == ()
    (told,) = box.questions_in(place, drawer)
    assert told.answer == "U had een afspraak."
    assert box.questions_in(place, names.drawer(OTHER)) == ()


def _answered(asked: Question) -> Question:
    return Question.of(asked.told() | {"answer": "U had een afspraak.", "answered_at": NOW.isoformat()})


def test_a_sixth_question_on_one_day_is_refused(tmp_path: Path) -> None:
    drawer = Names.of(tmp_path).drawer(ME)
    for each in range(5):
        box.ask(tmp_path, drawer, reference="", words=f"Vraag {each}", now=NOW)
    with pytest.raises(RefusedError):
        box.ask(tmp_path, drawer, reference="", words="Nog een", now=NOW)
    box.ask(tmp_path, drawer, reference="", words="Morgen", now=NOW + timedelta(days=1))


def test_of_many_questions_at_one_moment_no_more_than_five_are_taken(tmp_path: Path) -> None:
    drawer = Names.of(tmp_path).drawer(ME)

    def taken(each: int) -> bool:
        try:
            box.ask(tmp_path, drawer, reference="", words=f"Vraag {each}", now=NOW)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(16) as many:
        assert sum(many.map(taken, range(48))) == 5
    assert len(box.questions_in(tmp_path, drawer)) == 5


@pytest.mark.parametrize(
    "wrong", [{"drawer": "../../x"}, {"id": "../x"}, {"reference": "/etc"}, {"words": "x" * 3000}]
)
def test_what_is_no_question_is_taken_away_and_names_no_path(tmp_path: Path, wrong: dict[str, str]) -> None:
    asked = box.ask(tmp_path / "citizen", Names.of(tmp_path).drawer(ME), reference="", words="Goed", now=NOW)
    strange = tmp_path / "citizen" / "asked" / "strange.json"
    strange.write_text(json.dumps(asked.told() | wrong), encoding="utf-8")
    assert [each.question for each in waiting(tmp_path)] == [asked]
    assert not strange.exists()


def test_a_decision_of_a_minute_ago_holds_at_the_next_offer(tmp_path: Path) -> None:
    derived(tmp_path, [look(1, ME, 3), look(2, ME, 9)])
    decided = Withholding(
        entry=1, ground="uavg_41_d", spell=Spell(since=NOW - timedelta(minutes=1), until=LAPSES)
    )
    offer(tmp_path, now=NOW - timedelta(hours=1))
    withhold_all(tmp_path, [decided])
    assert offer_look(tmp_path, 1, now=NOW)
    assert answer(tmp_path, ME) == ["2"]
    offer(tmp_path, now=NOW)
    assert answer(tmp_path, ME) == ["2"]
    withhold_all(tmp_path, [])
    assert not offer_look(tmp_path, 99, now=NOW)
    assert offer_look(tmp_path, 1, now=NOW)
    assert answer(tmp_path, ME) == ["1", "2"]


def test_the_register_is_offered_to_everybody_as_it_is_public(tmp_path: Path) -> None:
    derived(tmp_path, [look(1, ME, 3)])
    offer(tmp_path, now=NOW)
    assert shelf.register_in(tmp_path / "citizen").history == {"VA-01": (ACTIVITY,)}
