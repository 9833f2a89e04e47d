# SPDX-License-Identifier: EUPL-1.2
"""The register at the desk: one proposes, another approves, and it is a fact that looks are held against."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.urls import reverse
from django.utils import timezone

from rekenschap.audit.desk.people import reading
from rekenschap.audit.register import register_in
from rekenschap.casework.roles import Role
from rekenschap.register import Basis
from rekenschap_web.acts.bringing.checking import check_desk
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.evidence import house
from rekenschap_web.evidence.reading.register import usage
from rekenschap_web.register.models import Proposal
from tests.web.erasing import erase_and_hold
from tests.web.journeys.conftest import Desk

MANAGER, FG, SECOND, STAFF = Role.TEAM_MANAGER, Role.FG, Role.SECOND_OFFICER, Role.STAFF
PAGE = "/register/verwerking/VA-04/"
CHANGED = {
    "key": "VA-04", "name": "Inkomensondersteuning", "purpose": "bijstand beoordelen en uitkeren",
    "legal_basis": "e", "law": "Participatiewet art. 53a", "categories": "naam\nadres\ninkomen\ngezin",
    "people": "inwoners", "recipients": "UWV", "transfers": "", "retention_period": "3650",
    "retention_law": "Selectielijst 2020, 14.1", "looks_kept": "1826", "confidentiality": "open",
    "owner": "hoofd sociaal domein", "on_behalf": "", "measures": "rechten per functie",
    "because": "De wet noemt dit artikel.",
}  # fmt: skip


def proposed(desk: Desk, role: Role = MANAGER, **changed: str) -> str:
    """Send the form; give the number of the proposal."""
    told = CHANGED | changed
    known = f"?verwerking={told['key']}" if told["key"] == CHANGED["key"] else ""
    answer = desk.of(role).post(f"/register/voorstel/{known}", told)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].strip("/").rpartition("/")[2]


def decide(desk: Desk, role: Role, number: str, act: str, remark: str = "") -> int:
    return desk.of(role).post(f"/register/voorstellen/{number}/{act}/", {"remark": remark}).status_code


def laws(desk: Desk) -> list[tuple[int, str]]:
    """What the ledger says of this entry now."""
    register = register_in(reading(house.house()))
    return [(each.edition, each.law) for each in register.history["VA-04"]]


def test_a_change_is_a_fact_only_when_a_second_person_approved(desk: Desk) -> None:
    number = proposed(desk)
    assert decide(desk, MANAGER, number, "keur-goed") == 403
    deliver(house.house())
    assert laws(desk) == [(1, "Participatiewet art. 11")]
    assert decide(desk, FG, number, "keur-goed", "Klopt met de wet.") == 302
    deliver(house.house())
    assert laws(desk) == [(1, "Participatiewet art. 11"), (2, "Participatiewet art. 53a")]
    page = desk.of(STAFF).get(PAGE).content.decode()
    assert "Participatiewet art. 53a" in page
    assert "<del>Participatiewet art. 11</del>" in page
    assert "Participatiewet art. 11" in desk.of(STAFF).get(f"{PAGE}versie/1/").content.decode()
    assert {act["object_kind"] for act in desk.acts("approved")} == {"register_proposal"}
    check_desk()


def test_what_was_looked_at_before_keeps_the_basis_of_then(desk: Desk) -> None:
    decide(desk, FG, proposed(desk), "keur-goed")
    deliver(house.house())
    register, now = register_in(reading(house.house())), timezone.now()
    assert register.as_of("VA-04", now - timedelta(days=1)).law == "Participatiewet art. 11"
    assert register.as_of("VA-04", now + timedelta(days=1)).law == "Participatiewet art. 53a"
    assert register.basis("VA-04", now - timedelta(days=900)) is Basis.NOT_THEN


def test_nobody_approves_what_they_asked_themselves_also_who_may_approve(desk: Desk) -> None:
    number = proposed(desk, FG)
    assert decide(desk, FG, number, "keur-goed") == 403
    assert Proposal.objects.get(number=number).outcome == ""
    assert decide(desk, SECOND, number, "keur-goed") == 302
    assert Proposal.objects.get(number=number).outcome == "approved"


def test_a_proposal_on_what_changed_meanwhile_is_made_anew(desk: Desk) -> None:
    one, other = proposed(desk), proposed(desk, FG, law="Participatiewet art. 17")
    decide(desk, FG, one, "keur-goed")
    page = desk.of(SECOND).post(f"/register/voorstellen/{other}/keur-goed/", {"remark": ""}, follow=True)
    assert "intussen veranderd" in page.content.decode()
    assert Proposal.objects.get(number=other).outcome == ""


def test_refusing_needs_a_reason_and_changes_nothing(desk: Desk) -> None:
    number = proposed(desk)
    decide(desk, SECOND, number, "wijs-af")
    assert Proposal.objects.get(number=number).outcome == ""
    decide(desk, SECOND, number, "wijs-af", "Dit artikel is vervallen.")
    deliver(house.house())
    assert (Proposal.objects.get(number=number).outcome, len(laws(desk))) == ("refused", 1)
    assert decide(desk, FG, number, "keur-goed") == 302
    assert Proposal.objects.get(number=number).outcome == "refused", "settled is settled"


def test_new_work_gets_an_address_of_its_own(desk: Desk) -> None:
    number = proposed(desk, key="VA-20", name="Schuldhulp", law="Wgs art. 3")
    decide(desk, FG, number, "keur-goed")
    deliver(house.house())
    assert reverse("register:activity", args=["VA-20"]) == "/register/verwerking/VA-20/"
    assert "Schuldhulp" in desk.of(STAFF).get("/register/verwerking/VA-20/").content.decode()


def test_the_form_asks_for_a_law_where_the_basis_stands_on_one_and_for_no_day_that_was(desk: Desk) -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    wrong = CHANGED | {"law": "", "since": yesterday}
    page = desk.of(FG).post("/register/voorstel/?verwerking=VA-04", wrong).content.decode()
    assert "Noem de wet en het artikel." in page
    assert "Kies vandaag of een latere dag." in page
    same = desk.of(FG).post("/register/voorstel/?verwerking=VA-04", _as_it_is(desk)).content.decode()
    assert "U veranderde niets." in same
    assert Proposal.objects.count() == 0


def test_what_has_no_basis_is_counted_by_system_and_team(desk: Desk) -> None:
    report = usage()
    assert report is not None
    looks = report.total(report.looks)
    assert looks > 10_000
    assert sum(each.count for each in report.looks if each.basis.counts) > 0.5 * looks
    page = desk.of(FG).get("/register/zonder-grondslag/").content.decode()
    lacking = next(each for each in report.looks if not each.basis.counts)
    assert lacking.system in page
    assert lacking.team in page
    assert desk.of(STAFF).get("/register/zonder-grondslag/").status_code == 403


def test_the_second_person_finds_it_on_the_work_list(desk: Desk) -> None:
    number = proposed(desk, FG)
    link = f"/register/voorstellen/{number}/"
    assert link in desk.of(SECOND).get("/werklijst/").content.decode()
    assert link not in desk.of(FG).get("/werklijst/").content.decode()


def test_the_page_of_erasures_says_that_nothing_was_erased(desk: Desk) -> None:
    page = desk.of(FG).get("/vernietigingen/").content.decode()
    assert "Er is nog niets gewist." in page


def test_the_page_of_erasures_tells_each_order_and_who_signed_and_nothing_of_what_went(
    desk: Desk, tmp_path: Path
) -> None:
    erase_and_hold(desk.home, tmp_path)
    page = desk.of(FG).get("/vernietigingen/").content.decode()
    assert "Elke opdracht is uitgevoerd." in page
    assert "vonnis 2026-17" in page
    assert "veldhaven.example/anna, veldhaven.example/bram" in page
    assert "onderzoek 2026-0004" in page
    assert desk.of(Role.TEAM_MANAGER).get("/vernietigingen/").status_code == 403


def _as_it_is(desk: Desk) -> dict[str, str]:
    del desk
    version = register_in(reading(house.house())).history["VA-04"][-1]
    return {
        "key": "VA-04", "name": version.name, "purpose": version.purpose, "legal_basis": version.legal_basis,
        "law": version.law, "categories": ",".join(version.categories), "owner": version.owner,
        "retention_period": str(version.retention_period), "confidentiality": "open",
        "because": "Niets bijzonders, echt.",
    }  # fmt: skip
