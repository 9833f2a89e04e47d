# SPDX-License-Identifier: EUPL-1.2
"""At the desk: a question of a citizen is answered, and a look is not shown yet when two people decide so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from rekenschap.audit.citizens import Names, offer
from rekenschap.audit.deriving import newest_in
from rekenschap.casework.roles import Role
from rekenschap_citizen.place import box, shelf
from rekenschap_web.acts.models import Act
from rekenschap_web.citizens.models import CitizenQuestion
from tests.web.journeys.conftest import Desk

Seen = tuple[str, list[int]]
OFFICER, SECOND, FG, WORKER = Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, Role.FG, Role.STAFF


@pytest.fixture
def citizen(desk: Desk) -> Seen:
    """Somebody with a few looks this year: their drawer, and the entries they see."""
    folder = desk.home / "derived" / newest_in(desk.home) / "look-for-subject"
    offer(desk.home, now=timezone.now())
    for path in sorted(folder.glob("*.parquet")):
        rows = pq.read_table(path).group_by("subject").aggregate([("look", "list")]).to_pylist()
        for row in rows:
            drawer = Names.of(desk.home).drawer(row["subject"])
            if 3 <= len(seen := entries(desk.home, drawer)) <= 9:
                return drawer, seen
    raise AssertionError("nobody in the town has a few looks")


def entries(home: Path, drawer: str) -> list[int]:
    """What the citizen page shows this drawer, as entries."""
    answer = shelf.answer_in(home / "citizen", drawer, organisation="Veldhaven")
    names = Names.of(home)
    return [entry for each in answer.items if (entry := names.entry(each.reference)) is not None]


def asked(look: int, days: int = 30) -> dict[str, object]:
    day = timezone.localdate() + timedelta(days=days)
    return {
        "look": look, "ground": "uavg_41_d", "because": "De recherche vroeg ons hierom.",
        "until": day.isoformat(),
    }  # fmt: skip


def test_two_people_decide_that_a_look_is_not_shown_yet(desk: Desk, citizen: Seen) -> None:
    drawer, seen = citizen
    assert desk.of(OFFICER).post("/niet-tonen/", asked(seen[1])).status_code == 302
    assert entries(desk.home, drawer) == seen, "one alone withholds nothing"
    assert desk.of(OFFICER).post("/niet-tonen/2026-0001/sta-toe/").status_code == 403
    assert entries(desk.home, drawer) == seen

    page = desk.of(FG).get("/niet-tonen/").content.decode()
    assert "De recherche vroeg ons hierom." in page and "Keur goed" in page
    assert (
        "Mag een inwoner deze raadpleging nog niet zien?"
        in desk.of(SECOND).get("/werklijst/").content.decode()
    )
    assert desk.of(FG).post("/niet-tonen/2026-0001/sta-toe/").status_code == 302
    assert entries(desk.home, drawer) == [each for each in seen if each != seen[1]]
    offer(desk.home, now=timezone.now())
    assert entries(desk.home, drawer) == [each for each in seen if each != seen[1]]

    offer(desk.home, now=timezone.now() + timedelta(days=31))
    assert entries(desk.home, drawer) == seen, "its day came"
    assert desk.of(OFFICER).post("/niet-tonen/2026-0001/toon/").status_code == 302
    assert entries(desk.home, drawer) == seen
    verbs = list(Act.objects.filter(object="withholding:2026-0001").values_list("verb", flat=True))
    assert verbs == ["asked", "approved", "ended"]


def test_a_withholding_has_a_ground_and_an_end_within_a_year(desk: Desk, citizen: Seen) -> None:
    for wrong in (asked(citizen[1][0], days=0), asked(citizen[1][0], days=400), {"look": 1}):
        assert desk.of(OFFICER).post("/niet-tonen/", wrong).status_code == 200
    assert desk.of(FG).post("/niet-tonen/", asked(1)).status_code == 403
    assert desk.of(WORKER).get("/niet-tonen/").status_code == 403
    assert not Act.objects.filter(kind="withholding").exists()


def test_a_question_is_answered_once_and_reaches_the_citizen(desk: Desk, citizen: Seen) -> None:
    drawer, seen = citizen
    place, reference = desk.home / "citizen", Names.of(desk.home).reference(seen[0])
    box.ask(place, drawer, reference=reference, words="Waarom keek u?", now=timezone.now())
    assert "Waarom keek u?" in desk.of(FG).get("/vragen-van-inwoners/").content.decode()
    row = CitizenQuestion.objects.get()
    assert (row.look, row.drawer) == (seen[0], drawer)
    assert not list((place / "asked").glob("*.json"))
    address = f"/vragen-van-inwoners/{row.number}/"
    assert desk.of(FG).post(address, {"words": "Burger 999990019 belde."}).status_code == 200
    assert desk.of(FG).post(address, {"words": "U belde ons die dag zelf."}).status_code == 302
    again = desk.of(OFFICER).post(address, {"words": "Een ander antwoord erover."}, follow=True)
    assert "Deze vraag is al beantwoord." in again.content.decode()
    (told,) = box.questions_in(place, drawer)
    assert told.answer == "U belde ons die dag zelf."
    assert "Koster" not in (place / "told" / f"{drawer}.json").read_text("utf-8")
    assert desk.of(WORKER).get(address).status_code == 403
