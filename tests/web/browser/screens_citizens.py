# SPDX-License-Identifier: EUPL-1.2
"""The screens on which citizens get their answers, and of looks they do not see yet."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap_web.acts import recorded, system_person
from rekenschap_web.citizens import withholding
from rekenschap_web.citizens.models import CitizenQuestion
from rekenschap_web.findings.models import FindingRecord
from tests.web.browser import Screen, Town


def asked(town: Town) -> str:
    """A question of a citizen that waits for an answer."""
    del town
    now = timezone.now()
    row = CitizenQuestion(
        number="2026-0001", asked_as="vraag-een", drawer="lade", reference="", look=None, item={},
        words="Ik was die dag niet bij u. Wie keek er in mijn gegevens?", asked_at=now,
        due=now + timedelta(days=28),
    )  # fmt: skip
    recorded(row, by=system_person(), verb="received")
    return f"/vragen-van-inwoners/{row.number}/"


def listed(town: Town) -> str:
    """The list, with one in it."""
    asked(town)
    return "/vragen-van-inwoners/"


def withheld(town: Town) -> str:
    """A request not to show a look yet, which waits for a second person."""
    look = FindingRecord.objects.filter(number=town.numbers[0]).get().looks[0]
    withholding.ask(
        look=look, ground="uavg_41_d", because="De recherche vroeg ons hierom.",
        until=timezone.now() + timedelta(days=30), by=town.people[Role.INTEGRITY_OFFICER],
    )  # fmt: skip
    return "/niet-tonen/"


SCREENS = [
    Screen(name="vragen-van-inwoners-leeg", role=Role.FG, path="/vragen-van-inwoners/"),
    Screen(name="vragen-van-inwoners", role=Role.FG, path=listed),
    Screen(name="vraag-van-inwoner", role=Role.FG, path=asked),
    Screen(name="niet-tonen", role=Role.INTEGRITY_OFFICER, path=withheld),
    Screen(name="niet-tonen-tweede", role=Role.SECOND_OFFICER, path=withheld),
]
