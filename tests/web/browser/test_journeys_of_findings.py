# SPDX-License-Identifier: EUPL-1.2
"""Whole journeys in a real browser, with and without JavaScript, each ending in facts of the ledger."""

from __future__ import annotations

import pytest
from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.system import system_person
from rekenschap_web.evidence import desk as evidence
from rekenschap_web.evidence import house
from rekenschap_web.evidence.reading.shaping import finding_view
from rekenschap_web.findings.actions import take_over
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.findings.queries import finding_case, settled_cause
from rekenschap_web.people.pseudonyms import own_pseudonym

WORDS = "Er lag een papieren dossier, dat wij niet zien."
EITHER_WAY = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without JavaScript"]
)


def about(facts, thing):
    """What the ledger says was done to a thing; there its name is a token, so the acts lead the way."""
    ours = {each.bytes for each in Act.objects.filter(object=thing).values_list("act", flat=True)}
    return [(row["verb"], row["because"] or "") for row in facts if row["act"] in ours]


@EITHER_WAY
def test_a_finding_is_taken_read_and_closed_with_a_reason(town, desk_as, evening, javascript):
    desk = desk_as(Role.INTEGRITY_OFFICER, javascript=javascript)
    desk.open("/").page.wait_for_load_state()
    assert desk.path == "/werklijst/"
    number = town.numbers[0]
    desk.page.locator(f"a[href='/bevindingen/{number}/']").click()
    assert desk.question.endswith("niet verklaard?")
    assert "Wij vonden geen werk" in desk.answer and "Een mens beslist." in desk.answer
    desk.press("Neem op mij")
    assert desk.says(f"open · bij {town.people[Role.INTEGRITY_OFFICER].name}")
    desk.press("Sluit af met een reden").press("Sluit de bevinding af")
    assert desk.question == "Met welke reden sluit u deze bevinding af?"  # nothing was filled in yet
    desk.choose("Er mist een bron").fill("Wat hebt u vastgesteld?", WORDS).press("Sluit de bevinding af")
    assert desk.says("De bevinding is afgesloten.") and desk.says("Er mist een bron")
    verbs = about(evening(), f"finding:{number}")
    assert ("taken", "") in verbs and ("closed", f"bron_mist: {WORDS}") in verbs
    assert [verb for verb, _ in verbs].count("consulted") >= 1


@EITHER_WAY
def test_from_a_finding_by_question_and_answer_to_explained(town, desk_as, evening, javascript):
    staff = town.people[Role.STAFF]
    number = FindingRecord.objects.get(about=own_pseudonym(staff), state="open").number
    officer = desk_as(Role.INTEGRITY_OFFICER, javascript=javascript).open(f"/bevindingen/{number}/")
    officer.press("Vraag de medewerker om uitleg").press("Stel de vraag")
    assert finding_case(number).state == "asked"

    person = desk_as(Role.STAFF, javascript=javascript, width=360).open("/werklijst/")
    assert "wacht deze week op u" in person.answer
    person.page.locator(".desk-table a[href^='/vragen/']").first.click()
    assert person.question == "Waarom keek u hier?"
    person.choose("Ik nam werk waar voor een collega").press("Verstuur uw antwoord")
    assert finding_case(number).state == "answered"

    officer.open(f"/bevindingen/{number}/").press("Leg uit waarom dit wel mocht")
    officer.fill("Waarom mocht dit wel?", WORDS).press("Leg dit vast")
    assert officer.says("Verklaard door werk dat wij niet zagen")
    facts = evening()
    verbs = [verb for verb, _ in about(facts, f"finding:{number}")]
    assert {"asked", "answered", "closed"} <= set(verbs)
    looks = set(finding_case(number).looks)
    assert {row["look"] for row in facts if row["verb"] == "stated"} & looks


@EITHER_WAY
def test_a_cause_is_settled_once_and_somebody_else_looks_again(town, desk_as, evening, javascript):
    cause = evidence.candidates_by_cause()[0]
    officer = desk_as(Role.INTEGRITY_OFFICER, javascript=javascript).open("/werklijst/")
    officer.follow(f"{cause.looks} raadplegingen niet verklaard, waarschijnlijk 1 oorzaak")
    assert officer.question == f"Hebben deze {cause.looks} raadplegingen één oorzaak?"
    officer.choose("Er mist een bron").fill("Wat hebt u vastgesteld?", WORDS).press("Handel de oorzaak af")
    assert officer.answer.startswith("Ja.")
    drawn = settled_cause(cause.id).drawn
    assert len(drawn) == -(-cause.looks // 20) and set(drawn) <= set(evidence.entries_of_cause(cause.id))
    assert officer.says("U handelde dit zelf af. Een ander kijkt opnieuw.")
    assert not officer.open("/werklijst/").says(f"{cause.looks} raadplegingen niet verklaard, waarschijnlijk")

    second = desk_as(Role.SECOND_OFFICER, javascript=javascript).open("/werklijst/")
    second.follow("Door het lot: hebben deze raadplegingen één oorzaak?")
    assert second.page.locator("section[aria-labelledby=opnieuw] tbody tr").count() == len(drawn)
    second.choose("Nee, dit moet weer open").fill("Wat hebt u vastgesteld?", "De bron stuurde wel.")
    second.press("Leg mijn oordeel vast")
    assert officer.open("/werklijst/").says(f"{cause.looks} raadplegingen niet verklaard, waarschijnlijk")

    told = about(evening(), f"cause:{cause.id}")
    assert ("settled", f"bron_mist: {WORDS}") in told and ("looked_again", "De bron stuurde wel.") in told


def test_relations_stand_behind_a_reason_of_their_own(town, desk_as, evening):
    number = town.numbers[0]
    desk = desk_as(Role.INTEGRITY_OFFICER).open(f"/bevindingen/{number}/").press("Bekijk de relaties")
    assert desk.question == "Waarom wilt u dit zien?"
    desk.fill("Waarom wilt u dit zien?", "x").press("Leg vast en ga verder")
    assert desk.question == "Waarom wilt u dit zien?"
    desk.fill("Waarom wilt u dit zien?", "Vermoeden van een burenruzie.").press("Leg vast en ga verder")
    assert desk.question == "Hoe kennen zij elkaar?"
    assert any(verb == "consulted relations" for verb, _ in about(evening(), f"finding:{number}"))


@pytest.mark.parametrize("role", [Role.STAFF, Role.CISO, Role.OPERATOR])
def test_who_has_no_business_there_is_told_why(town, desk_as, role):
    desk = desk_as(role).open(f"/bevindingen/{town.numbers[0]}/")
    assert desk.status == 403
    assert not desk.says("M-")
    assert desk.question.endswith("?") or desk.question


def test_a_reader_sees_the_buttons_greyed_with_the_reason(town, desk_as):
    desk = desk_as(Role.AUDITOR).open(f"/bevindingen/{town.numbers[0]}/")
    assert desk.refusal("Sluit af met een reden") == "Een auditor leest mee en verandert niets."


def test_a_finding_about_oneself_is_for_somebody_else(town, desk_as):
    """The officer's own finding: neither read nor settled by the officer."""
    officer = town.people[Role.INTEGRITY_OFFICER]
    number = given_a_finding_about(officer)
    desk = desk_as(Role.INTEGRITY_OFFICER).open(f"/bevindingen/{number}/")
    assert desk.status == 403
    assert desk.says("Dit gaat over u zelf. Een ander moet dit doen.")


def given_a_finding_about(person):
    from dataclasses import replace

    from rekenschap_web.findings.names import pseudonym_of

    view = finding_view(house.derived().findings[0])
    mine = replace(view, key="own", about=pseudonym_of(own_pseudonym(person)))
    others = [finding_view(each) for each in house.derived().findings]
    take_over(
        by=system_person(), findings=[*others, mine], checkpoint=evidence.checkpoint(), now=timezone.now()
    )
    return FindingRecord.objects.get(key="own").number


def test_one_finding_by_keyboard_alone(town, desk_as, evening):
    number = town.numbers[-1]
    desk = desk_as(Role.INTEGRITY_OFFICER).open(f"/bevindingen/{number}/afsluiten/")
    keys = desk.page.keyboard
    tab_to(desk, "input[type=radio]")
    keys.press("ArrowDown")
    tab_to(desk, "textarea")
    keys.type(WORDS)
    tab_to(desk, "button.utrecht-button--primary-action")
    keys.press("Enter")
    desk.page.wait_for_url(f"**/bevindingen/{number}/")
    assert [row for row in about(evening(), f"finding:{number}") if row[0] == "closed"] == [
        ("closed", f"bron_mist: {WORDS}")
    ]


def tab_to(desk, selector):
    for _ in range(60):
        desk.page.keyboard.press("Tab")
        if desk.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"never came to {selector}")


def test_english_is_complete_on_the_page_of_a_finding(town, desk_as):
    desk = desk_as(Role.INTEGRITY_OFFICER).open(f"/bevindingen/{town.numbers[0]}/").press("English")
    assert desk.question.startswith("Why are these") and "A human decides." in desk.answer
    for dutch in ("Waarom", "niet gevonden", "Bevinding", "raadpleging"):
        assert not desk.says(dutch), dutch
    assert desk.page.locator("html").get_attribute("lang") == "en"


def test_a_filter_stands_in_the_address_and_can_be_shared(town, desk_as):
    desk = desk_as(Role.INTEGRITY_OFFICER).open("/werklijst/").press("Filter de lijst")
    desk.select("Ernst", "hoog").press("Filter")
    assert "ernst=high" in desk.path
    many = desk.page.locator(".desk-badge--high").count()
    assert many and desk.page.locator(".desk-badge").count() == many
    again = desk_as(Role.INTEGRITY_OFFICER).open(desk.path)
    assert again.page.locator(".desk-badge--high").count() == many


def test_bulk_closing_is_for_low_severity_only(town, desk_as):
    desk = desk_as(Role.INTEGRITY_OFFICER).open("/werklijst/?wanneer=alles")
    boxes = desk.page.locator("input[name=kies]")
    for at in range(boxes.count()):
        boxes.nth(at).check()
    desk.press("Sluit samen af met een reden")
    assert "Alleen bevindingen met lage ernst mogen samen." in desk.answer
    assert not desk.page.locator("textarea").count()


def test_acts_are_not_lost_when_nothing_was_asked(town, evening):
    """The town begins with an act for each finding, and the ledger has them all."""
    facts = evening()
    assert all(("found", "") in about(facts, f"finding:{number}") for number in town.numbers)
    assert not Act.objects.filter(appended_at__isnull=True).exists()
