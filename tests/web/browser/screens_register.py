# SPDX-License-Identifier: EUPL-1.2
"""The screens of the register of processing activities, and of what was erased."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from rekenschap.casework.roles import Role
from rekenschap_web.evidence.reading.register import register
from rekenschap_web.register import actions
from rekenschap_web.register.wanting import wanted_of
from tests.web.browser import Screen, Town
from tests.web.erasing import erase_and_hold


def proposed(town: Town) -> str:
    """A change that waits for a second person."""
    wanted = wanted_of(register().history["VA-04"][-1])
    wanted |= {"law": "Participatiewet art. 53a", "people": ["inwoners"], "looks_kept": 1826}
    row = actions.propose(
        key="VA-04", wanted=wanted, because="De wet noemt dit artikel voor huisbezoek.",
        by=town.people[Role.TEAM_MANAGER],
    )  # fmt: skip
    return f"/register/voorstellen/{row.number}/"


def listed(town: Town) -> str:
    """The register, with a change in it that waits."""
    proposed(town)
    return "/register/"


def erased(town: Town) -> str:
    """What two officers had erased, and what they hold."""
    del town
    home = Path(settings.REKENSCHAP_HOME)
    if not (home / "anna.key").exists():  # the screens of a module share one house
        erase_and_hold(home, home)
    return "/vernietigingen/"


SCREENS = [
    Screen(name="register", role=Role.FG, path=listed),
    Screen(name="register-verwerking", role=Role.TEAM_MANAGER, path="/register/verwerking/VA-04/"),
    Screen(name="register-voorstel", role=Role.TEAM_MANAGER, path="/register/voorstel/?verwerking=VA-04"),
    Screen(name="register-besluit", role=Role.FG, path=proposed),
    Screen(name="register-zonder-grondslag", role=Role.FG, path="/register/zonder-grondslag/"),
    Screen(name="vernietigingen-leeg", role=Role.FG, path="/vernietigingen/"),
    Screen(name="vernietigingen", role=Role.FG, path=erased),
]
