# SPDX-License-Identifier: EUPL-1.2
"""The screens of the leak source, the account and the exports."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex

from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap.model.warrant import Because, Warrant
from rekenschap_web.accountability.actions import make_month
from rekenschap_web.evidence.reading.months import months
from rekenschap_web.exports.actions import Asked, ask
from rekenschap_web.exports.formats import Format
from rekenschap_web.exports.lists import Sheet
from rekenschap_web.investigations.actions import open_investigation
from tests.web.browser import Screen, Town


def _with_investigation(town: Town) -> str:
    officer = town.people[Role.INTEGRITY_OFFICER]
    opened = open_investigation(finding=town.numbers[0], by=officer, because="een lijst stond in de krant")
    return f"/bron-van-een-lek/?onderzoek={opened.number}"


def _month(town: Town) -> str:
    fg = town.people[Role.FG]
    warrant = Warrant(
        id=token_hex(4),
        person=fg.sub,
        because=Because.MONTHLY_REPORT,
        until=timezone.now() + timedelta(hours=1),
    )
    return f"/verantwoording/{make_month(month=months()[0], by=fg, warrant=warrant)}/"


def _export(town: Town) -> str:
    sheet = Sheet(title="Werklijst", heads=("Wat",), numeric=frozenset(), rows=(("een bevinding",),) * 120)
    asked = Asked(list_name="exports:list", query="", form=Format.EXCEL, because="voor de accountant")
    return f"/uitgiften/{ask(by=town.people[Role.CISO], asked=asked, sheet=sheet)}/"


SCREENS = [
    Screen(name="bron-van-een-lek", role=Role.INTEGRITY_OFFICER, path=_with_investigation),
    Screen(name="bron-van-een-lek-leeg", role=Role.INTEGRITY_OFFICER, path="/bron-van-een-lek/"),
    Screen(name="verantwoording", role=Role.FG, path="/verantwoording/"),
    Screen(name="verantwoording-ciso", role=Role.CISO, path="/verantwoording/"),
    Screen(name="maandverslag", role=Role.FG, path=_month),
    Screen(name="maandverslag-auditor", role=Role.AUDITOR, path=_month),
    Screen(name="dekking", role=Role.CISO, path="/dekking/"),
    Screen(name="regels", role=Role.CISO, path="/regels/"),
    Screen(name="regel", role=Role.CISO, path="/regels/unexplained_by_staff/"),
    Screen(name="verklaringsgrond", role=Role.FG, path="/regels/registered_handler/"),
    Screen(name="uitgiften", role=Role.FG, path="/uitgiften/"),
    Screen(name="lijst-meenemen", role=Role.FG, path="/uitgifte/accountability:rules/"),
    Screen(name="uitgifte-beoordelen", role=Role.FG, path=_export),
]
