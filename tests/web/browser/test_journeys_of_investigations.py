# SPDX-License-Identifier: EUPL-1.2
"""Asking, answering and investigating in a real browser, with and without JavaScript, up to the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rekenschap.audit.desk.evidence_file import check_evidence_file
from rekenschap.audit.desk.people import reading
from rekenschap.casework.roles import Role
from rekenschap.given import read_verifiers
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.evidence import house
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.investigations.models import Investigation
from rekenschap_web.questions.models import Question
from tests.web.browser import NARROW, Desk, Town
from tests.web.browser.checks import not_reached_by_keyboard, refused_by_policy, width_on_a_phone
from tests.web.browser.pictures import small
from tests.web.browser.screens_questions import WHY, finding_about_worker

OFFICER, SECOND, WORKER = Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, Role.STAFF
PICTURES = os.environ.get("REKENSCHAP_PICTURES", "")


def verbs() -> set[str]:
    """What the ledger says was done, after the worker brought it there."""
    deliver(house.house())
    return set(reading(house.house()).facts("act").table.column("verb").to_pylist())


def pictured(desk: Desk, name: str) -> None:
    """Check and picture a page that a journey leads to."""
    if PICTURES:
        (Path(PICTURES) / f"{name}.png").write_bytes(small(desk.page.screenshot(full_page=True)))
    assert refused_by_policy(desk) == []
    assert not_reached_by_keyboard(desk) == []
    assert width_on_a_phone(desk) <= NARROW


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_finding_question_answer(town: Town, desk_as: Callable[..., Desk], javascript: bool) -> None:
    finding = finding_about_worker(town)
    officer = desk_as(OFFICER, javascript=javascript).open(f"/bevindingen/{finding.number}/")
    officer.press("Vraag de medewerker om uitleg").press("Stel de vraag")
    assert officer.says("De vraag is gesteld.")

    # The member of staff, on a phone: two clicks.
    worker = desk_as(WORKER, javascript=javascript, width=NARROW).open("/werklijst/")
    worker.follow("Waarom keek u hier?")
    assert worker.question == "Waarom keek u hier?"
    worker.choose("Ik nam werk waar voor een collega").press("Verstuur uw antwoord")
    assert worker.says("Dank u. Uw antwoord is vastgelegd.")

    leader = desk_as(Role.TEAM_MANAGER, javascript=javascript).open("/vragen/")
    leader.follow("Vraag ").press("Ja, ik ken dit werk")
    assert leader.says("Dank u. Uw oordeel is vastgelegd.")
    assert Question.objects.get(finding=finding.number).state == "confirmed"
    assert FindingRecord.objects.get(number=finding.number).state == "answered"
    assert {"asked", "stated", "confirmed"} <= verbs()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_finding_investigation_lifting_reply_file_closed(
    town: Town, desk_as: Callable[..., Desk], javascript: bool
) -> None:
    finding = finding_about_worker(town)
    officer = desk_as(OFFICER, javascript=javascript).open(f"/bevindingen/{finding.number}/")
    officer.press("Start een onderzoek").fill("Waarom is een onderzoek nodig?", WHY).press(
        "Start het onderzoek"
    )
    assert officer.question == "Wat weten we, wat nog niet?"
    here = officer.path
    pictured(officer, "onderzoek")

    # The name, by two people.
    officer.open(f"/naamopheffing/vraag/{finding.number}/")
    officer.fill("Waarom hebt u de naam nodig?", "Ik wil de medewerker horen.").press("Vraag de naam")
    lifting = officer.path
    assert "U vroeg dit zelf aan" in officer.refusal("Sta toe")
    second = desk_as(SECOND, javascript=javascript).open(lifting).press("Sta toe")
    assert second.says("Dat kan tot")
    officer.open(lifting).press("Bekijk de naam")
    assert officer.says(f"staat: {town.people[WORKER].staff_id}")

    # The other side is heard.
    officer.open(here).press("Vraag om een reactie")
    worker = desk_as(WORKER, javascript=javascript, width=NARROW).open("/werklijst/")
    worker.follow("Wilt u reageren op een onderzoek?")
    worker.fill("Uw reactie", "Ik viel in voor een collega.").press("Verstuur uw reactie")
    assert worker.says("Uw woorden staan ongewijzigd in het onderzoek.")

    # One proposes, another closes.
    officer.open(here)
    assert officer.says("Ik viel in voor een collega.")
    officer.press("Stel voor om af te sluiten").choose("Niet toegestaan, en hersteld met de medewerker")
    officer.fill("Wat hebt u vastgesteld?", "Besproken; afspraken gemaakt.").press("Doe het voorstel")
    assert "U vroeg dit zelf aan" in officer.refusal("Sluit het onderzoek af")
    second.open(here).fill("Waarom wilt u dit zien?", "Ik kijk mee als tweede persoon.")
    second.page.locator("main button[type=submit]").first.click()
    second.page.wait_for_load_state()
    second.press("Sluit het onderzoek af")
    assert second.says("Niet toegestaan, en hersteld met de medewerker.")
    assert Investigation.objects.get().state == "closed"
    assert {"opened", "approved", "unsealed", "replied", "proposed", "closed"} <= verbs()

    # The file holds elsewhere.
    officer.open(here)
    with officer.page.expect_download() as coming:
        officer.page.get_by_role("button", name="Maak het bewijsdossier (pdf)").click()
    pdf = Path(coming.value.path()).read_bytes()
    held = check_evidence_file(pdf, read_verifiers(str(house.house().public_keys_path)))
    assert set(finding.looks) <= {fact.entry for fact in held.facts}
