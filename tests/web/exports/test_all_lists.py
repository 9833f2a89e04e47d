# SPDX-License-Identifier: EUPL-1.2
"""Every list of the desk leaves in every format, holding what its page shows, each time with an act."""

import csv
import json
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO
from secrets import token_hex
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from rekenschap.casework.roles import Role
from rekenschap.model.warrant import Because, Warrant
from rekenschap_web.accountability.actions import make_month
from rekenschap_web.acts.models import Act
from rekenschap_web.evidence.reading.months import months
from rekenschap_web.exports.formats import Format
from rekenschap_web.exports.lists import names
from rekenschap_web.leaks.actions import Wanted, search_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town_house")]
ROLES = (Role.FG, Role.INTEGRITY_OFFICER, Role.CISO, Role.TEAM_MANAGER, Role.STAFF)
"""Who reads a list: the first of these who may."""

ABOUT = {
    "accountability:month": ("maand", True), "accountability:registers": ("maand", False),
    "accountability:sample": ("maand", True), "leaks:detail": ("zoeking", True),
}  # fmt: skip
"""Lists of one thing: what the address of the export calls it, and whether it has a page of the same name."""


def a_warrant(person, because):
    return Warrant(
        id=token_hex(4), person=person.sub, because=because, words="lijst bij de krant",
        investigation="2026-0001",
        until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


@pytest.fixture
def told(people):
    """What the lists of one thing are about: a month with its sample, and a search."""
    fg, officer = people[Role.FG], people[Role.INTEGRITY_OFFICER]
    month = make_month(month=months()[1], by=fg, warrant=a_warrant(fg, Because.MONTHLY_REPORT))
    people_asked = "\n".join(f"K-{number:06}" for number in range(100, 140))
    wanted = Wanted(text=people_asked, first=months()[-1].first, last=months()[0].last)
    search = search_source(by=officer, wanted=wanted, warrant=a_warrant(officer, Because.LEAK))
    return {"maand": month, "zoeking": search}


def reader_of(client_as, path):
    """Give who may read the list, with the reason already said where one is asked."""
    for role in ROLES:
        client = client_as(role)
        answer = client.get(path)
        if answer.status_code == 302 and "/waarom/" in answer["Location"]:
            asked = answer["Location"]
            given = dict(parse_qsl(asked.partition("?")[2])) | {"words": "dit hoort bij mijn werk"}
            client.post(asked.partition("?")[0], given)
            answer = client.get(path)
        if answer.status_code == 200:
            return client
    raise AssertionError(f"nobody may export {path}")


def address_of(name, told):
    query = f"?{ABOUT[name][0]}={told[ABOUT[name][0]]}" if name in ABOUT else ""
    return reverse("exports:ask", args=[name]) + query


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("name", names())
def test_a_list_leaves_with_an_act(client_as, told, settings, name, form):
    settings.DESK_EXPORT_ALONE = 10_000
    path = address_of(name, told)
    client = reader_of(client_as, path)
    before = Act.objects.filter(verb="exported").count()
    answer = client.post(path, {"form": form.value, "because": "voor het jaarverslag"})
    assert (answer.status_code, answer["Content-Type"].startswith(("text/html",))) == (200, False)
    assert readable(form, answer.content)
    assert Act.objects.filter(verb="exported").count() == before + 1


def readable(form, content):
    match form:
        case Format.EXCEL:
            return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        case Format.CSV:
            return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
        case Format.JSON:
            return json.loads(content)["columns"]
        case Format.PDF:
            return content.startswith(b"%PDF-")


@pytest.mark.parametrize("name", [each for each in names() if ABOUT.get(each, ("", True))[1]])
def test_what_leaves_is_what_the_page_shows(client_as, told, settings, name):
    settings.DESK_EXPORT_ALONE = 10_000
    path = address_of(name, told)
    client = reader_of(client_as, path)
    rows = json.loads(client.post(path, {"form": "json", "because": "voor het jaarverslag"}).content)["rows"]
    about = [told[ABOUT[name][0]]] if name in ABOUT else []
    page = unescape(client.get(reverse(name, args=about), follow=True).content.decode())
    shown = " ".join(page.split())
    missing = [cell for row in rows[:20] for cell in row.values() if " ".join(cell.split()) not in shown]
    assert missing == []
