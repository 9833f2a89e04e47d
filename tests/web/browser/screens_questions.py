# SPDX-License-Identifier: EUPL-1.2
"""The screens of questions, own looks, liftings and investigations."""

from __future__ import annotations

from rekenschap.casework.roles import Role
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.investigations import actions as investigating
from rekenschap_web.liftings import actions as lifting
from rekenschap_web.people.pseudonyms import own_pseudonym
from rekenschap_web.questions import actions as asking
from tests.web.browser import Screen, Town

OFFICER, SECOND, WORKER = Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, Role.STAFF
WHY = "Drie avonden zonder werk, bij dezelfde persoon."


def finding_about_worker(town: Town) -> FindingRecord:
    """The finding about the one who looks too much."""
    return FindingRecord.objects.get(about=own_pseudonym(town.people[WORKER]), state="open")


def question(town: Town) -> str:
    """A question that was asked."""
    row = asking.ask(finding=finding_about_worker(town).number, by=town.people[OFFICER])
    return f"/vragen/{row.number}/"


def answered(town: Town) -> str:
    """A question that was answered."""
    path = question(town)
    asking.answer(number=path.split("/")[2], by=town.people[WORKER], code="waarneming", words="Ik viel in.")
    return path


def own_unexplained(town: Town) -> str:
    """An own look that nothing explains."""
    return f"/mijn-raadplegingen/{finding_about_worker(town).looks[0]}/"


def asked_name(town: Town) -> str:
    """A request for a name that waits."""
    finding = finding_about_worker(town)
    row = lifting.ask(
        about=finding.about,
        belongs_to=f"finding:{finding.number}",
        because="Ik wil de medewerker horen.",
        by=town.people[OFFICER],
    )
    return f"/naamopheffing/{row.number}/"


def live_name(town: Town) -> str:
    """A name that may be seen."""
    path = asked_name(town)
    lifting.move(number=path.split("/")[2], act="approve", by=town.people[SECOND])
    return path


def investigation(town: Town) -> str:
    """An investigation that runs; who looks at it says first why."""
    finding = finding_about_worker(town)
    row = investigating.open_investigation(finding=finding.number, by=town.people[OFFICER], because=WHY)
    return f"/onderzoeken/{row.number}/"


def reply(town: Town) -> str:
    """A reply that is asked for."""
    path = investigation(town)
    investigating.move(number=path.split("/")[2], act="ask_reply", by=town.people[OFFICER])
    return path.replace("onderzoeken", "reactie")


def listed(town: Town) -> str:
    """The list, with one in it."""
    investigation(town)
    return "/onderzoeken/"


def ask_page(town: Town) -> str:
    """Where a question is asked."""
    return f"/vragen/stel/{finding_about_worker(town).number}/"


def name_page(town: Town) -> str:
    """Where a name is asked for."""
    return f"/naamopheffing/vraag/{finding_about_worker(town).number}/"


def open_page(town: Town) -> str:
    """Where an investigation begins."""
    return f"/onderzoeken/start/{finding_about_worker(town).number}/"


SCREENS = [
    Screen(name="mijn-raadplegingen", role=WORKER, path="/mijn-raadplegingen/"),
    Screen(name="mijn-raadplegingen-leeg", role=Role.AUDITOR, path="/mijn-raadplegingen/"),
    Screen(name="mijn-raadplegingen-uitleggen", role=WORKER, path=own_unexplained),
    Screen(name="vragen-leeg", role=Role.CISO, path="/vragen/"),
    Screen(name="vraag-stellen", role=OFFICER, path=ask_page),
    Screen(name="vraag", role=WORKER, path=question),
    Screen(name="vraag-gesteld", role=OFFICER, path=question),
    Screen(name="vraag-controleren", role=Role.TEAM_MANAGER, path=answered),
    Screen(name="naam-vragen", role=OFFICER, path=name_page),
    Screen(name="naam-beslissen", role=SECOND, path=asked_name),
    Screen(name="naam-te-zien", role=OFFICER, path=live_name),
    Screen(name="naamopheffingen-fg", role=Role.FG, path="/naamopheffing/"),
    Screen(name="onderzoek-starten", role=OFFICER, path=open_page),
    Screen(name="onderzoeken", role=OFFICER, path=listed),
    Screen(name="onderzoeken-leeg", role=Role.FG, path="/onderzoeken/"),
    Screen(name="onderzoek-reden", role=Role.FG, path=investigation),
    Screen(name="reactie", role=WORKER, path=reply),
]  # fmt: skip
