# SPDX-License-Identifier: EUPL-1.2
"""From a finding to a question, an answer, and a look that is explained by what somebody said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap_web.acts.bringing.due import run_due
from rekenschap_web.evidence import house
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.papers.models import Paper
from rekenschap_web.questions import actions
from rekenschap_web.questions.models import Question

pytestmark = pytest.mark.slow


def asked(desk) -> Question:
    finding = desk.finding_about(Role.STAFF)
    url = reverse("questions:ask", args=[finding.number])
    page = desk.of(Role.INTEGRITY_OFFICER).post(url, {"kies": finding.looks[:5]})
    assert page.status_code == 302, page.content.decode()[:500]
    return Question.objects.get(finding=finding.number)


def test_finding_question_answer_explained(desk, mail):
    question = asked(desk)
    assert FindingRecord.objects.get(number=question.finding).state == "asked"

    # The mail says that something waits, and nothing else.
    ((to, letter),) = mail()
    assert to == [desk.people[Role.STAFF].email]
    text = letter.get_payload(decode=True).decode() + str(letter["Subject"])
    assert "Er wacht iets op u" in text
    for secret in (question.number, question.finding, "Hoekstra", "burgerzaken", "raadpleging", "bevinding"):
        assert secret not in text

    # Two clicks: an answer, and send.
    url = reverse("questions:detail", args=[question.number])
    page = desk.of(Role.STAFF).get(url).content.decode()
    assert "Waarom keek u hier?" in page
    assert "Deze vraag is geen verwijt" in page
    sent = desk.of(Role.STAFF).post(url, {"answer": "waarneming"})
    assert sent.status_code == 302
    assert FindingRecord.objects.get(number=question.finding).state == "answered"

    # Before a second person looked it counts as stated; afterwards as confirmed. Never as explained by work.
    looks = set(question.looks)
    assert desk.evening() > 0
    assert {row["look"] for row in desk.acts("stated")} == looks
    assert {row["because"] for row in desk.acts("stated")} == {"waarneming"}
    rows = house.derived().looks(sorted(looks)).to_pylist()
    assert not any(row["explained"] for row in rows)
    assert all(row["weak_only"] for row in rows)
    # some of them were weakly explained before anybody was asked
    assert [row["best_ground"] for row in rows].count("stated") > len(rows) / 2

    said = desk.of(Role.TEAM_MANAGER).post(
        reverse("questions:weigh", args=[question.number]), {"bekend": "ja"}
    )
    assert said.status_code == 302
    desk.evening()
    assert {row["look"] for row in desk.acts("confirmed") if row["object_kind"] == "look"} == looks
    rows = house.derived().looks(sorted(looks)).to_pylist()
    assert [row["best_ground"] for row in rows].count("stated_confirmed") > len(rows) / 2
    assert not any(row["best_ground"] == "stated" for row in rows)

    own = desk.of(Role.STAFF).get(reverse("questions:own_looks") + "?stand=stated").content.decode()
    assert "Ik nam werk waar voor een collega" in own


def test_who_asks_chooses_the_looks_up_to_all_and_at_least_one(desk):
    finding = desk.finding_about(Role.STAFF)
    url, client = reverse("questions:ask", args=[finding.number]), desk.of(Role.INTEGRITY_OFFICER)
    page = client.get(url).content.decode()
    assert page.count('name="kies"') == len(finding.looks) > 5
    assert page.count("checked") == 5
    none = client.post(url)
    assert (none.status_code, Question.objects.count()) == (422, 0)
    assert "Kies ten minste één raadpleging." in none.content.decode()
    strange = client.post(url, {"kies": [*finding.looks[:1], max(finding.looks) + 1]})
    assert (strange.status_code, Question.objects.count()) == (422, 0)
    assert client.post(url, {"kies": finding.looks}).status_code == 302
    assert Question.objects.get().looks == sorted(finding.looks)


def test_an_answer_the_manager_does_not_know_explains_nothing(desk):
    question = asked(desk)
    desk.of(Role.STAFF).post(reverse("questions:detail", args=[question.number]), {"answer": "zaak"})
    desk.of(Role.TEAM_MANAGER).post(reverse("questions:weigh", args=[question.number]), {"bekend": "nee"})
    desk.evening()
    rows = house.derived().looks(question.looks).to_pylist()
    assert {row["best_ground"] for row in rows} & {"stated", "stated_confirmed"} == set()
    assert Question.objects.get(pk=question.pk).state == "not_known"


def test_nobody_answers_for_another(desk):
    question = asked(desk)
    url = reverse("questions:detail", args=[question.number])
    assert desk.of(Role.CISO).get(url).status_code == 403
    refused = desk.of(Role.INTEGRITY_OFFICER).post(url, {"answer": "zaak"})
    assert refused.status_code == 400
    assert "Dit is een vraag aan een ander. Alleen die persoon kan dit doen." in refused.content.decode()
    assert Question.objects.get(pk=question.pk).state == "asked"


def test_an_answer_may_come_with_a_document_that_is_sealed(desk):
    question = asked(desk)
    paper = SimpleUploadedFile("rooster.txt", b"Ik viel in op dinsdag.")
    desk.of(Role.STAFF).post(
        reverse("questions:detail", args=[question.number]), {"answer": "waarneming", "paper": paper}
    )
    (kept,) = Paper.objects.all()
    assert b"dinsdag" not in bytes(kept.sealed)
    got = desk.of(Role.STAFF).get(reverse("papers:open", args=[kept.id]))
    assert got.content == b"Ik viel in op dinsdag."
    assert got["Content-Disposition"].startswith("attachment")
    assert desk.of(Role.CISO).get(reverse("papers:open", args=[kept.id])).status_code == 403


@pytest.mark.parametrize(
    ("name", "raw"),
    [("p.pdf", b"MZ\x90\x00 a program"), ("leeg.txt", b""), ("macro.docx", b"PK\x03\x04 not a zip")],
)
def test_a_file_that_is_not_a_paper_is_not_taken(desk, name, raw):
    question = asked(desk)
    url = reverse("questions:detail", args=[question.number])
    page = desk.of(Role.STAFF).post(url, {"answer": "zaak", "paper": SimpleUploadedFile(name, raw)})
    assert page.status_code == 400
    assert Question.objects.get(pk=question.pk).state == "asked"  # nothing of the answer was kept either
    assert not Paper.objects.exists()


def test_who_asks_for_help_gets_more_time(desk):
    question = asked(desk)
    desk.of(Role.STAFF).post(reverse("questions:help", args=[question.number]))
    later = Question.objects.get(pk=question.pk)
    assert later.state == "helped"
    assert later.due > question.due


def test_a_reminder_goes_out_once_and_the_time_ends(desk, mail, monkeypatch):
    question = asked(desk)
    assert len(mail()) == 1
    moment = question.due - timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert run_due() == 1  # as the worker asks every room
    assert actions.run_due() == 0
    assert len(mail()) == 2
    moment = question.due + timedelta(seconds=1)
    assert actions.run_due() == 1
    assert Question.objects.get(pk=question.pk).state == "lapsed"
    monkeypatch.undo()
    late = desk.of(Role.STAFF).get(reverse("questions:detail", args=[question.number])).content.decode()
    assert "Verstuur uw antwoord" in late  # late is better than never


def test_mail_that_cannot_go_out_now_goes_out_later(desk, settings, mail):
    where, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    question = asked(desk)
    assert question.told_at is None
    settings.EMAIL_PORT = where
    assert actions.run_due() == 1
    assert Question.objects.get(pk=question.pk).told_at is not None
    assert len(mail()) == 1


def test_mail_goes_to_the_address_of_the_setting(desk, settings, mail):
    settings.DESK_QUESTION_MAIL = "{staff_id}@post.veldhaven.example"
    asked(desk)
    assert [to for to, _ in mail()] == [["mw-0031@post.veldhaven.example"]]


def test_everybody_sees_the_own_looks_and_nobody_elses(desk):
    page = desk.of(Role.STAFF).get(reverse("questions:own_looks"))
    assert page.status_code == 200
    mine = {look.staff.short for look in page.context["found"].looks}
    assert len(mine) == 1
    other = desk.of(Role.TEAM_MANAGER).get(reverse("questions:own_looks"))
    assert {look.staff.short for look in other.context["found"].looks}.isdisjoint(mine)
    entry = page.context["found"].looks[0].entry
    assert desk.of(Role.STAFF).get(reverse("questions:explain_own", args=[entry])).status_code == 200
    assert desk.of(Role.TEAM_MANAGER).get(reverse("questions:explain_own", args=[entry])).status_code == 404


def test_an_own_look_is_explained_without_being_asked(desk):
    page = desk.of(Role.STAFF).get(reverse("questions:own_looks") + "?stand=unexplained")
    entry = page.context["shown"][0].entry
    url = reverse("questions:explain_own", args=[entry])
    assert desk.of(Role.STAFF).post(url, {"answer": "anders"}).status_code == 200  # it says nothing by itself
    assert desk.of(Role.STAFF).post(url, {"answer": "anders", "words": "inwerken"}).status_code == 302
    desk.evening()
    assert [row["look"] for row in desk.acts("stated")].count(entry) == 1
    assert not any("inwerken" in str(row["because"]) for row in desk.acts("stated"))
