# SPDX-License-Identifier: EUPL-1.2
"""The month of the FG: made from evidence, its sample looked through, signed; people with a reason."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse
from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap.errors import RefusedError
from rekenschap_web.accountability import actions, queries
from rekenschap_web.accountability.missing import missed_view
from rekenschap_web.accountability.models import MonthRecord, SampleLook
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.system import system_person
from rekenschap_web.evidence.reading.months import Month, figures, months
from rekenschap_web.findings.following.taking import take_over
from tests.web.findings.invented import checkpoint, finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town_house")]


def text(response):
    return response.content.decode()


@pytest.fixture
def month():
    return months()[1]


@pytest.fixture
def fg(client_as):
    return client_as(Role.FG)


@pytest.fixture
def made(fg, month):
    answer = fg.post("/verantwoording/maken/", {"maand": month.name})
    assert answer["Location"].endswith(f"/verantwoording/{month.name}/")
    return MonthRecord.objects.get()


def reasoned(client, path, words="nakijken van de maand"):
    """Open a page, saying why where that is asked."""
    answer = client.get(path)
    if answer.status_code == 302:
        asked = answer["Location"]
        client.post(asked.partition("?")[0], dict(parse_qsl(asked.partition("?")[2])) | {"words": words})
        answer = client.get(path)
    return answer


def test_the_overview_answers_its_question_with_a_share_and_what_chance_gives(fg):
    shown = text(fg.get("/verantwoording/"))
    assert "<h1>Kunnen wij uitleggen wie waarom keek?</h1>" in shown
    assert "zoveel zegt toeval" in shown


def test_the_first_month_is_compared_with_nothing(fg):
    """A picture of one bar says nothing, and nor does a sentence that nothing stands out."""
    first = months()[-1]
    fg.post("/verantwoording/maken/", {"maand": first.name})
    shown = text(fg.get(f"/verantwoording/{first.name}/"))
    assert "Er zijn nog te weinig maanden om te zeggen of iets opvalt." in shown
    assert "Geen enkel vast cijfer" not in shown and 'class="is-wide"' not in shown


def test_a_report_says_of_which_systems_nobody_knew_whether_they_were_in_time(fg, made, month):
    shown = " ".join(text(fg.get(f"/verantwoording/{month.name}/")).split())
    assert "systemen wisten wij niet of zij op tijd waren" in shown
    assert "stil, te laat of niet aangesloten toen" not in shown


def test_the_work_of_the_fg_asks_for_the_reports_that_are_missing(fg):
    shown = text(fg.get("/werklijst/"))
    assert f"Maak het verslag van {months()[-1].label}" in shown
    assert f"{len(months())} maanden hebben nog geen verslag" in shown


def test_a_report_holds_the_figures_of_its_month_and_the_months_before(made, month):
    found = queries.month_view(month.name)
    assert found.lines[0].value == figures(month).whole.looks
    assert [name for name, _ in found.lines[0].months] == [month.before(1).label, month.label]
    assert Act.objects.filter(object=f"month:{month.name}", verb="made").exists()


def test_a_report_names_nobody(made, fg, month):
    shown = text(fg.get(f"/verantwoording/{month.name}/"))
    assert "<h1>" in shown
    assert "M-" not in shown.replace("M-4821", "")
    assert "P-" not in shown


def test_the_sample_is_drawn_by_the_lot_of_the_checkpoint(made, people, month):
    first = list(made.sample.values_list("entry", flat=True))
    assert len(first) == actions.SAMPLE
    assert made.seed == str(actions.seed_of(made.root, month))
    assert Act.objects.filter(verb="drawn").count() == actions.SAMPLE


def test_a_month_is_made_once(made, fg, month):
    assert fg.post("/verantwoording/maken/", {"maand": month.name}).status_code == 403
    assert MonthRecord.objects.count() == 1


def test_a_month_that_is_not_over_is_refused(fg, monkeypatch, month):
    future = Month(year=2099, month=1)
    answer = fg.post("/verantwoording/maken/", {"maand": future.name})
    assert answer.status_code == 403
    assert "nog niet voorbij" in text(answer)


def test_a_month_is_not_signed_before_the_whole_sample_is_looked_through(made, fg, month):
    answer = fg.post(f"/verantwoording/{month.name}/aftekenen/", {"remarks": "alles in orde bevonden"})
    assert answer.status_code == 403
    assert "hele steekproef" in text(answer)


def test_the_fg_looks_through_25_and_signs(made, fg, month):
    page = reasoned(fg, f"/verantwoording/{month.name}/steekproef/")
    assert page.status_code == 200
    place = 1
    while place:
        path = reverse("accountability:judge", args=[month.name, place])
        assert reasoned(fg, path).status_code == 200
        where = fg.post(path, {"answer": "right", "words": ""})["Location"]
        place = (
            int(where.rstrip("/").rpartition("/")[2]) if "steekproef/" in where and where[-2].isdigit() else 0
        )
    assert not SampleLook.objects.filter(answer="").exists()
    fg.post(f"/verantwoording/{month.name}/aftekenen/", {"remarks": "alles in orde bevonden"})
    made.refresh_from_db()
    assert (made.state, made.signed_by.roles_written) == ("signed", "fg")
    assert Act.objects.filter(object=f"month:{month.name}", verb="signed").exists()


def test_after_signing_nothing_of_the_sample_changes(made, people, month):
    by = people[Role.FG]
    for place in range(1, actions.SAMPLE + 1):
        actions.judge_look(month=month.name, place=place, answer="right", words="", by=by)
    actions.sign_month(month=month.name, remarks="alles in orde bevonden", by=by)
    with pytest.raises(RefusedError):
        actions.judge_look(month=month.name, place=1, answer="wrong", words="", by=by)


def test_what_is_missed_is_estimated_from_what_the_fg_found_in_the_lot(made, people, fg, month):
    assert "Dat weten wij zodra de FG een steekproef nakeek." in text(fg.get("/verantwoording/"))
    looks = figures(month).whole.looks
    rows = list(made.sample.all())
    for row, answer in zip(rows, ["wrong", "wrong", *["right"] * (len(rows) - 3), "unknown"], strict=True):
        actions.judge_look(
            month=month.name, place=row.place, answer=answer, words="niet gevonden", by=people[Role.FG]
        )
    found = missed_view()
    assert (found.looks, found.drawn, found.found, found.months) == (looks, len(rows) - 1, 2, 1)
    assert found.estimate == round(2 * looks / (len(rows) - 1))
    assert found.low < found.estimate < found.high <= looks
    shown = text(fg.get("/verantwoording/"))
    assert "Hoeveel missen wij?" in shown
    assert "met 95 % zekerheid tussen" in shown

    # What people were shown in a finding was not missed.
    shown_finding([row.entry for row in rows[:1]])
    assert missed_view().found == 1


def shown_finding(looks):
    view = replace(finding(1), looks=tuple(looks))
    take_over(by=system_person(), findings=[view], checkpoint=checkpoint(), now=timezone.now())


@pytest.mark.parametrize("role", [Role.CISO, Role.AUDITOR, Role.INTEGRITY_OFFICER, Role.TEAM_MANAGER])
def test_only_the_fg_makes_and_signs(client_as, made, month, role):
    client = client_as(role)
    assert client.post("/verantwoording/maken/", {"maand": month.name}).status_code in (403, 405)
    assert client.post(
        f"/verantwoording/{month.name}/aftekenen/", {"remarks": "in orde bevonden"}
    ).status_code in (403, 405)
    assert MonthRecord.objects.get().state == "made"


def test_people_come_only_with_a_reason_and_leave_a_look_for_each(made, fg, month):
    path = f"/verantwoording/{month.name}/personen/"
    assert "/waarom/" in fg.get(path)["Location"]
    shown = text(reasoned(fg, path, "meest bekeken persoon valt op"))
    assert "M-" in shown
    seen = Act.objects.filter(object=f"month_people:{month.name}", verb="consulted")
    assert sum(len(act.work) for act in seen) == 20


def test_people_of_a_month_are_not_for_the_ciso(client_as, made, month):
    assert client_as(Role.CISO).get(f"/verantwoording/{month.name}/personen/").status_code == 403


def test_a_month_changed_without_an_act_is_refused(made):
    made.remarks = "anders"
    with pytest.raises(RefusedError):
        made.save()


@pytest.mark.parametrize("name", ["2026-13", "x", "2026-3", "0000-00"])
def test_what_is_no_month_is_not_found(fg, name):
    assert fg.get(f"/verantwoording/{name}/").status_code == 404


def test_months_run_over_the_turn_of_a_year():
    assert Month(year=2026, month=1).before(1) == Month(year=2025, month=12)
    assert Month(year=2026, month=12).before(-1) == Month(year=2027, month=1)
    assert Month(year=2024, month=2).last == timezone.datetime(2024, 2, 29).date()
