# SPDX-License-Identifier: EUPL-1.2
"""A list leaves: a small one at once, a large one after a second person agreed; always with an act."""

import json
from urllib.parse import quote

import pytest
from django.urls import reverse

from rekenschap.casework.roles import Role
from rekenschap_web.acts.models import Act
from rekenschap_web.design.tables import Column, Shape
from rekenschap_web.exports import lists
from rekenschap_web.exports.models import ExportRecord

pytestmark = pytest.mark.django_db

ASK = "/uitgifte/exports:list/"
REASON = {"form": "json", "because": "voor de accountant"}


def refused(response):
    return response.status_code == 403 and response.content.decode()


@pytest.fixture
def alone(settings):
    settings.DESK_EXPORT_ALONE = 1
    return settings


@pytest.fixture
def town_list(monkeypatch):
    """A list of three rows, of which one is left by the filter `alleen=b`; the test may add rows."""
    rows = ["a", "b", "c"]
    monkeypatch.setattr(lists, "_LISTS", dict(lists._LISTS))
    column = Column(key="naam", label="Naam", cell=lambda row: row, sort=lambda row: row)
    lists.register(
        "town:rows",
        shape=lambda _request: Shape(name="Rijen", columns=(column,), size=2),
        rows=lambda request: [each for each in rows if request.GET.get("alleen", each) == each],
        action="rule.read",
        kind="rule",
    )
    return rows


TOWN = "/uitgifte/town:rows/"


def large(client):
    """The list of three rows, asked by this person; more than anybody may take alone."""
    answer = client.post(TOWN, REASON)
    return ExportRecord.objects.get(number=answer["Location"].strip("/").split("/")[-1])


def test_what_leaves_is_every_page_in_the_order_and_with_the_filters_of_the_address(client_as, town_list):
    fg = client_as(Role.FG)
    every = json.loads(fg.post(f"{TOWN}?sorteer=-naam&pagina=2", REASON).content)["rows"]
    one = json.loads(fg.post(f"{TOWN}?alleen=b", REASON).content)["rows"]
    assert ([each["Naam"] for each in every], [each["Naam"] for each in one]) == (["c", "b", "a"], ["b"])


def test_who_may_not_read_a_list_cannot_take_it_along(client_as, town_list):
    assert refused(client_as(Role.TEAM_MANAGER).post(TOWN, REASON))
    assert not ExportRecord.objects.exists()


def test_a_small_list_leaves_at_once_with_an_act(client_as):
    answer = client_as(Role.FG).post(ASK, REASON)
    row, act = ExportRecord.objects.get(), Act.objects.filter(verb="exported").get()
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'{row.number}.json"')
    assert (row.state, act.object, act.because) == ("taken", f"export:{row.number}", "voor de accountant")


def test_the_act_tells_of_a_disclosure(client_as):
    client_as(Role.FG).post(ASK, REASON)
    work = Act.objects.filter(verb="exported").get().work
    assert work[0]["relation"] == "disclosure"
    assert work[0]["kind"] == "export"


def test_a_reason_is_needed(client_as):
    answer = client_as(Role.FG).post(ASK, {"form": "csv", "because": "x"})
    assert answer.status_code == 200
    assert not ExportRecord.objects.exists()


def test_a_large_list_waits_for_a_second_person(client_as, alone, town_list):
    row = large(client_as(Role.CISO))
    assert (row.state, row.digest) == ("asked", "")
    assert Act.objects.filter(object=row.act_object, verb="asked").exists()


def test_a_second_person_agrees_and_the_asker_fetches_it_once(client_as, alone, town_list):
    ciso, fg = client_as(Role.CISO), client_as(Role.FG)
    row = large(ciso)
    page = fg.get(reverse("exports:detail", args=[row.number]))
    assert "Sta toe" in page.content.decode()
    fg.post(reverse("exports:judge", args=[row.number]), {"besluit": "toestaan", "because": "dit is nodig"})
    fetched = ciso.post(reverse("exports:take", args=[row.number]))
    assert fetched.status_code == 200
    assert json.loads(fetched.content)["export"]["approved_by"]
    assert refused(ciso.post(reverse("exports:take", args=[row.number])))


def test_nobody_is_their_own_second_person(client_as, alone, town_list):
    fg = client_as(Role.FG)
    row = large(fg)
    answer = fg.post(
        reverse("exports:judge", args=[row.number]), {"besluit": "toestaan", "because": "dit is nodig"}
    )
    assert refused(answer)
    row.refresh_from_db()
    assert row.state == "asked"


def test_another_cannot_fetch_what_was_approved(client_as, alone, town_list):
    ciso, fg = client_as(Role.CISO), client_as(Role.FG)
    row = large(ciso)
    fg.post(reverse("exports:judge", args=[row.number]), {"besluit": "toestaan", "because": "dit is nodig"})
    assert refused(fg.post(reverse("exports:take", args=[row.number])))


def test_what_was_refused_does_not_leave(client_as, alone, town_list):
    ciso, fg = client_as(Role.CISO), client_as(Role.FG)
    row = large(ciso)
    fg.post(
        reverse("exports:judge", args=[row.number]), {"besluit": "weigeren", "because": "te veel personen"}
    )
    assert refused(ciso.post(reverse("exports:take", args=[row.number])))


def test_a_list_that_grew_does_not_leave_on_the_old_word(client_as, alone, town_list):
    ciso, fg = client_as(Role.CISO), client_as(Role.FG)
    row = large(ciso)
    fg.post(reverse("exports:judge", args=[row.number]), {"besluit": "toestaan", "because": "dit is nodig"})
    town_list.append("d")
    assert refused(ciso.post(reverse("exports:take", args=[row.number])))


def test_a_list_that_does_not_exist_is_not_found(client_as):
    assert client_as(Role.FG).get(f"/uitgifte/{quote('geen:lijst')}/").status_code == 404


def test_somebody_else_does_not_see_what_a_colleague_took(client_as):
    client_as(Role.FG).post(ASK, REASON)
    number = ExportRecord.objects.get().number
    assert client_as(Role.STAFF).get(reverse("exports:detail", args=[number])).status_code == 404


def test_an_empty_list_of_exports_says_what_to_do(client_as):
    assert "Er is nog geen lijst meegenomen" in client_as(Role.STAFF).get("/uitgiften/").content.decode()


def test_a_row_changed_without_an_act_is_refused(client_as):
    client_as(Role.FG).post(ASK, REASON)
    row = ExportRecord.objects.get()
    row.state = "asked"
    with pytest.raises(Exception, match="change without one"):
        row.save()
