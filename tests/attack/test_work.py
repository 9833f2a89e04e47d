# SPDX-License-Identifier: EUPL-1.2
"""Somebody works on the facts: backdates a look, makes up the work that explains it, tells a fact twice."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from rekenschap.adapters.keys.signatures import PublicKey
from rekenschap.audit.answer import Answer, answer
from rekenschap.audit.intake import TakenIn, take_in_files
from rekenschap.audit.stories import Scene
from rekenschap.errors import (
    ConfigurationError,
    InconsistentError,
    RefusedError,
    VerificationError,
    WrongLeafError,
)
from rekenschap.house import House, check_house
from rekenschap.intake import load_profile, parse_profile
from rekenschap.ledger.check import check
from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.state import read_schemas
from rekenschap.model.columns import Relation
from rekenschap.model.completeness import Missed
from rekenschap.model.custody import CUSTODY_RELATIONS, EVERY_RELATION
from rekenschap.model.finding import Finding, Sentences
from rekenschap.model.ids import Pseudonym
from rekenschap.model.relations import CONSULTATION, DOOR_RELATIONS, ZAAK
from rekenschap.model.schema_text import schema_text
from rekenschap.report.story import finding_part
from rekenschap.report.texts import words_of
from rekenschap.tlog.note import Note, sign_text
from tests.ledgers import RECORDED_AT, Place, content, facts, verifiers
from tests.unit.report import invented
from tests.witnessing import Signers

NIGHT = datetime(2026, 3, 4, 2, tzinfo=UTC)
"""When the door takes in what happened on 3 March."""

Row = dict[str, object]


def row(relation: str, **columns: object) -> Row:
    return {"relation": relation, "source": "brp" if relation == "consultation" else "zaken", **columns}


def look(staff: str = "anna", subject: str = "K-1", at: str = "2026-03-03T09:00:00Z", **other: object) -> Row:
    return row("consultation", staff=staff, subject=subject, looked_at=at, register="BRP", **other)


def zaak(number: int, subject: str = "K-1", **other: object) -> Row:
    plain: Row = {"zaak": f"Z-{number}", "subject": subject, "registered_at": "2026-03-02T08:00:00Z"}
    return row("zaak", **(plain | {"handler": "anna"} | other))


class Office:
    """A house where each night a file comes in."""

    def __init__(self, root: Path) -> None:
        self.root, self.house = root, House.at(root / "house")
        self.ledger = self.house.ledger(origin="test.example/ledger")
        self.files = 0

    def take(self, *rows: Row, night: int = 0) -> TakenIn:
        path = self.root / f"{self.files}.jsonl"
        self.files += 1
        path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
        now = NIGHT + timedelta(days=night)
        return take_in_files(self.house, [path], load_profile("native-jsonl"), ledger=self.ledger, now=now)

    def answer(self) -> Answer:
        return answer(self.ledger, self.house.engine(), seed=1)

    def entries(self, relation: str) -> list[int]:
        return list(self.ledger.facts(relation).entries.to_pylist())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


# ── rewritten in the ledger ──────────────────────────────────────────────────


def rewritten(place: Place, relation: str, change: Callable[[dict[str, Any]], None]) -> int:
    """Change one row of a relation where it lies, and give its entry."""
    segment = [each for each in place.segments() if each.relation == relation][-1]
    stored, at = place.rows(segment), segment.rows // 2
    rows = stored.to_pylist()
    change(rows[at])
    place.overwrite(segment, pa.Table.from_pylist(rows, schema=stored.schema))
    return segment.first + at


def a_week_earlier(stored: dict[str, Any]) -> None:
    stored["looked_at"] -= timedelta(days=7)


def another_handler(stored: dict[str, Any]) -> None:
    stored["handler_hi"], stored["handler_lo"] = 1, 2


def registered_in_time(stored: dict[str, Any]) -> None:
    stored["registered_at"] -= timedelta(days=30)


@pytest.mark.parametrize(
    ("relation", "change"),
    [("consultation", a_week_earlier), ("zaak", another_handler), ("zaak", registered_in_time)],
)
def test_a_fact_rewritten_in_the_ledger_is_named(
    ledger: Place, relation: str, change: Callable[[dict[str, Any]], None]
):
    """A look is put back in time, or the zaak that must explain it is given the right handler or date."""
    entry = rewritten(ledger, relation, change)
    with pytest.raises(WrongLeafError) as alarm:
        ledger.check()
    assert alarm.value.entry == entry


def test_a_zaak_rewritten_with_its_commitment_and_the_tiles_meets_the_signed_root(ledger: Place):
    entry = rewritten(ledger, "zaak", another_handler)
    segment = next(each for each in ledger.segments() if each.first <= entry < each.first + each.rows)
    ledger.recommit(segment)
    ledger.retile()
    with pytest.raises(VerificationError) as alarm:
        ledger.check()
    assert alarm.value.entry is not None
    assert segment.first <= alarm.value.entry <= entry or alarm.value.entry // 256 == entry // 256


# ── by the front door: work that came only after the look ────────────────────


def test_work_recorded_after_the_look_is_told(office: Office):
    """A zaak is made up a week later, dated before the look: the door has a clock of its own."""
    office.take(look(), look("bert", "K-2"), zaak(2, "K-2", handler="bert"))
    office.take(zaak(1), night=9)
    answered = office.answer()
    assert answered.explained.shares.explained == 1.0
    assert answered.only_late == 1
    (late,) = [each for each in answered.explained.late_work.to_pylist() if each["only_late"]]
    assert (late["look"], late["work_entry"], late["days_later"]) == (
        office.entries("consultation")[0],
        office.entries("zaak")[-1],
        9,
    )


def test_the_report_tells_it_beside_the_look(office: Office):
    office.take(look())
    office.take(zaak(1), night=9)
    answered = office.answer()
    hi = answered.explained.look.column("staff").to_pylist()[0]
    about = Finding(
        rule="unexplained_by_staff",
        about=Pseudonym(domain="staff", hi=hi),
        terms=(),
        sentences=Sentences(nl=("", ""), en=("", "")),
        looks=(office.entries("consultation")[0],),
        searched=(),
    )
    story = Scene.of(answered).story(about)
    assert [each.days_later for each in story.looks] == [9]
    for language, words in (
        ("nl", "pas 9 dagen na de raadpleging vastgelegd"),
        ("en", "recorded only 9 days"),
    ):
        page = replace(invented.content(findings=1), findings=(story,))
        part = finding_part(1, page, words_of(language))
        assert part.looks is not None
        assert any(words in cell for cells in part.looks.rows for cell in cells)


def test_an_assignment_made_up_afterwards_is_told_as_well(office: Office):
    office.take(look(), zaak(1, handler="carla"))
    given = row("assignment", zaak="Z-1", kind="handler", staff="anna", valid_from="2026-03-02T09:00:00Z")
    office.take(given, night=3)
    (late,) = [each for each in office.answer().explained.late_work.to_pylist() if each["only_late"]]
    assert (late["ground"], late["days_later"]) == ("assignment", 3)


def test_work_of_the_same_night_is_in_time(office: Office):
    office.take(look())
    office.take(zaak(1))
    assert office.answer().only_late == 0


def test_a_zaak_that_is_told_again_with_its_end_is_not_late(office: Office):
    """What was there in time stays the work that explains; the later row of the same zaak is no new one."""
    office.take(look(), zaak(1))
    office.take(zaak(1, closed_at="2026-03-10T12:00:00Z"), night=9)
    assert office.answer().only_late == 0


# ── the same fact, or another one in its place ───────────────────────────────


def test_a_fact_that_is_played_again_is_named(ledger: Place):
    """An old look is put in a second time, past the door, under a checkpoint signed with the real key."""
    held = ledger.ledger().facts("consultation")
    ledger.ledger().append([(CONSULTATION, held.table.slice(7, 1))])
    with pytest.raises(InconsistentError, match=f"one identity at entries {held.entries[7]} and") as alarm:
        ledger.check()
    assert alarm.value.entry == ledger.ledger().size - 1


def test_two_entries_with_one_identity_in_one_append_are_named(ledger: Place):
    size = ledger.ledger().size
    twice = facts(CONSULTATION, 4, seed=77)
    ledger.ledger().append([(CONSULTATION, pa.concat_tables([twice, twice.slice(2, 1)]))])
    with pytest.raises(InconsistentError, match=f"at entries {size + 2} and {size + 4}") as alarm:
        ledger.check()
    assert alarm.value.entry == size + 4


def test_the_door_takes_a_fact_in_once(office: Office):
    office.take(look(), look())
    office.take(look(), night=1)
    assert len(office.entries("consultation")) == 1
    check_house(office.house)


def test_a_look_told_again_at_another_time_does_not_take_its_place(office: Office):
    """Backdated by the front door: both stay, and it shows that one number was told twice."""
    office.take(look(sequence=1), look("bert", "K-2", sequence=2))
    office.take(look(at="2026-02-20T09:00:00Z", sequence=1), night=1)
    assert len(office.entries("consultation")) == 3
    (again,) = office.answer().not_received
    assert (again.missed, again.source, again.ranges) == (Missed.TOLD_AGAIN, "brp", ((1, 1),))


def test_a_shift_that_is_edited_afterwards_shows_both(office: Office):
    shift = {"kind": "shift", "staff": "anna", "ended_at": "2026-03-03T23:00:00Z"}
    office.take(row("presence", **shift, started_at="2026-03-03T18:00:00Z"))
    office.take(row("presence", **shift, started_at="2026-03-03T08:00:00Z"), night=6)
    first, later = office.entries("presence")
    (edit,) = office.answer().not_received
    assert (edit.missed, edit.entries) == (Missed.EDITED, ((first, later),))
    assert "later anders gemeld" in edit.nl
    hours = {str(each["started_at"]) for each in office.ledger.facts("presence").table.to_pylist()}
    assert len(hours) == 2


# ── the clock ────────────────────────────────────────────────────────────────


def test_a_clock_set_back_is_named(ledger: Place, monkeypatch: pytest.MonkeyPatch):
    """So that work looks recorded before the look: the entry stands after it all the same."""
    # The writer of somebody who has the keys, and who asks nobody what time it is.
    monkeypatch.setattr(
        "rekenschap.ledger.writer.check_recorded", lambda _span, *, newest, now: newest, raising=False
    )
    size = ledger.ledger().size
    early = with_identity(content(ZAAK, 3, 91), ZAAK, recorded_at=RECORDED_AT - 61_000_000)
    ledger.ledger().append([(ZAAK, early)])
    with pytest.raises(InconsistentError, match="recorded after the entries before it") as alarm:
        ledger.check()
    assert alarm.value.entry == size


def test_clocks_that_are_a_minute_apart_are_no_alarm(ledger: Place):
    early = with_identity(content(ZAAK, 3, 91), ZAAK, recorded_at=RECORDED_AT - 59_000_000)
    ledger.ledger().append([(ZAAK, early)])
    assert ledger.check()


def test_the_door_refuses_while_its_clock_is_behind(office: Office):
    """Made up today, recorded last week: nobody has to wait for the check to see it."""
    office.take(look(), night=7)
    with pytest.raises(RefusedError, match="604800 seconds behind"):
        office.take(zaak(1))
    assert office.entries("zaak") == []


def test_a_clock_that_went_back_a_little_records_no_earlier_than_before(office: Office):
    office.take(look())
    path = office.root / "late.jsonl"
    path.write_text(json.dumps(zaak(1)) + "\n", encoding="utf-8")
    moment = NIGHT - timedelta(seconds=59)
    take_in_files(office.house, [path], load_profile("native-jsonl"), ledger=office.ledger, now=moment)
    (recorded,) = office.ledger.facts("zaak").table.column("recorded_at").to_pylist()
    assert recorded == NIGHT
    check_house(office.house)


# ── a witness has a clock too ────────────────────────────────────────────────


def cosigned_at(place: Place, moment: datetime) -> list[PublicKey]:
    """Let a witness cosign the checkpoint of now at a moment, and give its public keys."""
    signers, note = Signers(), Note.from_bytes(place.store.get("checkpoint"))
    stamp = int(moment.timestamp())
    lines = [sign_text(note.text, pair, stamp) for pair in signers.pairs]
    place.write("checkpoint", note.with_signatures(lines).to_bytes())
    return signers.verifiers


def test_an_entry_that_says_it_came_after_a_witness_saw_it_is_named(ledger: Place):
    """A clock set forward, so that a look seems to be of another day: the witness signed before that."""
    recorded = datetime.fromtimestamp(RECORDED_AT / 1e6, UTC)
    keys = cosigned_at(ledger, recorded - timedelta(minutes=2))
    with pytest.raises(InconsistentError, match="before a witness signed") as alarm:
        check(ledger.store, anchor=ledger.anchor, verifiers=[*verifiers(), *keys])
    assert alarm.value.entry == 1  # the first fact; the schema before it says no time


def test_an_entry_that_a_witness_saw_afterwards_is_fine(ledger: Place):
    recorded = datetime.fromtimestamp(RECORDED_AT / 1e6, UTC)
    keys = cosigned_at(ledger, recorded + timedelta(seconds=1))
    assert check(ledger.store, anchor=ledger.anchor, verifiers=[*verifiers(), *keys])


# ── facts that are not for a source to tell ──────────────────────────────────


@pytest.mark.parametrize("name", [*CUSTODY_RELATIONS, *DOOR_RELATIONS])
def test_a_source_cannot_report_what_the_ledger_keeps_for_itself(office: Office, name: str):
    told = row(name, **{c.name: "1" for c in EVERY_RELATION[name].content if c.name != "source"})
    taken = office.take(look(), told)
    assert taken.quarantined == {"relation-unknown": 1}
    assert office.entries(name) == []


@pytest.mark.parametrize("name", [*CUSTODY_RELATIONS, *DOOR_RELATIONS])
def test_a_profile_cannot_either(name: str):
    text = (
        "id: x\ntitle: {nl: x, en: x}\nreaders: {csv: {}}\nexample: a\nexpect: {}\n"
        f"facts: [{{relation: {name}, columns: {{source: a}}}}]\n"
    )
    with pytest.raises(ConfigurationError, match=r"facts\[0\]\.relation"):
        parse_profile(text)


def forged(relation: Relation) -> str:
    """The schema of a relation, in which everybody may be looked at without a subject."""
    return schema_text(relation).replace("subject", "subjest")


def test_a_text_that_imitates_a_schema_is_a_text(ledger: Place):
    """Whoever can write a free text cannot make the ledger read its rows another way."""
    before = read_schemas(ledger.store, ledger.ledger().manifest).texts
    rows = content(CONSULTATION, 3, 5)
    fake = pa.array([forged(CONSULTATION)] * 3)
    rows = rows.set_column(rows.schema.get_field_index("register"), "register", fake)
    ledger.ledger().append([(CONSULTATION, with_identity(rows, CONSULTATION, recorded_at=RECORDED_AT))])
    assert ledger.check()
    assert read_schemas(ledger.store, ledger.ledger().manifest).texts == before
    assert ledger.ledger().facts("consultation").table.column("register").to_pylist()[-1] == forged(
        CONSULTATION
    )


def test_rows_dressed_up_as_a_schema_are_named(ledger: Place):
    """A text of a fact is given to the readers of schemas: what was committed says which of the two it is."""
    schema = next(each for each in ledger.segments() if each.relation == "schema")
    stored = ledger.rows(schema)
    at = stored.schema.get_field_index("text")
    ledger.overwrite(schema, stored.set_column(at, stored.schema.field(at), pa.array([forged(CONSULTATION)])))
    with pytest.raises(VerificationError) as alarm:
        ledger.check()
    assert alarm.value.entry == schema.first


# ── under another name ───────────────────────────────────────────────────────


def test_a_look_under_the_name_of_another_source_is_seen_by_its_counting(office: Office):
    """A look is put on the account of a source that counts: with a number of its own it was told twice."""
    office.take(*(look(subject=f"K-{n}", sequence=n) for n in range(1, 6)))
    office.take(look("dirk", "K-9", sequence=3), night=1)
    (again,) = office.answer().not_received
    assert (again.missed, again.ranges) == (Missed.TOLD_AGAIN, ((3, 3),))


def test_a_look_under_the_name_of_another_source_without_a_number_is_one_too_many(office: Office):
    office.take(*(look(subject=f"K-{n}", sequence=n) for n in range(1, 6)))
    office.take(look("dirk", "K-9"), night=1)
    (more,) = office.answer().not_received
    assert (more.missed, more.source, more.more) == (Missed.UNCOUNTED, "brp", 1)
    assert more.nl == "brp telde 5 regels; er staan 6 raadplegingen op die naam."
