# SPDX-License-Identifier: EUPL-1.2
"""From a finding to an investigation, a name, a reply, a file that proves itself, and an end by two."""

from __future__ import annotations

import base64
import hashlib
import re
import socketserver
import struct
import threading
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from rekenschap.audit.desk.evidence_file import check_evidence_file
from rekenschap.casework.roles import Role
from rekenschap.errors import ExitCode, VerificationError
from rekenschap.report.evidence_file import opened
from rekenschap_web.acts.bringing.checking import check_desk
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.evidence import house
from rekenschap_web.findings.models import FindingRecord
from rekenschap_web.investigations.models import Investigation, Note
from rekenschap_web.liftings.models import Lifting
from rekenschap_web.papers.models import Paper
from rekenschap_web.questions.models import Question

pytestmark = pytest.mark.slow

OFFICER, SECOND, WORKER = Role.INTEGRITY_OFFICER, Role.SECOND_OFFICER, Role.STAFF
WHY = "Drie avonden zonder werk, bij dezelfde persoon."


def address(page: str, *arguments: object) -> str:
    return reverse(page, args=arguments)


def begun(desk) -> Investigation:
    finding = desk.finding_about(WORKER)
    page = desk.of(OFFICER).post(address("investigations:open", finding.number), {"because": WHY})
    assert page.status_code == 302, page.content.decode()[:800]
    row = Investigation.objects.get(finding=finding.number)
    told = desk.of(OFFICER).get(address("findings:detail", finding.number)).content.decode()
    assert f'href="{address("investigations:detail", row.number)}"' in told
    return row


def reason_given(desk, role: Role, number: str) -> None:
    """Say why the investigation is looked at, as the page asks."""
    client, url = desk.of(role), address("investigations:detail", number)
    asked = client.get(url)
    assert asked.status_code == 302
    page, _, told = asked["Location"].partition("?")
    said = client.post(page, {**dict(parse_qsl(told)), "words": "Ik behandel dit onderzoek mee."})
    assert said.status_code == 302, said.content.decode()[:1500]
    assert client.get(url).status_code == 200


def shown(answer) -> str:
    """The words of a page, for a test that fails."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]).split())


def said_no(answer) -> str:
    assert answer.status_code == 403, answer.status_code
    return answer.content.decode()


def named(desk) -> Lifting:
    """Ask for the name, and have the second officer agree."""
    finding = desk.finding_about(WORKER) or FindingRecord.objects.filter(state="investigated").first()
    desk.of(OFFICER).post(
        address("liftings:ask", finding.number), {"because": "Zonder naam kan ik niemand horen."}
    )
    row = Lifting.objects.latest("pk")
    desk.of(SECOND).post(address("liftings:act", row.number, "sta-toe"), {"words": "akkoord"})
    row.refresh_from_db()
    return row


def test_finding_investigation_lifting_reply_file_closed(desk, mail):
    row = begun(desk)
    officer, second, worker = desk.of(OFFICER), desk.of(SECOND), desk.of(WORKER)
    assert FindingRecord.objects.get(number=row.finding).state == "investigated"
    assert officer.get(address("investigations:detail", row.number)).status_code == 200

    # Tasks, a note and a paper.
    officer.post(address("investigations:add_task", row.number), {"what": "Rooster opvragen"})
    task = Investigation.objects.get(pk=row.pk).tasks.get()
    officer.post(address("investigations:finish_task", row.number, task.pk))
    officer.post(address("investigations:note", row.number), {"text": "Het rooster laat geen dienst zien."})
    raw = b"%PDF-1.7 a roster"
    officer.post(
        address("investigations:attach", row.number), {"paper": SimpleUploadedFile("rooster.pdf", raw)}
    )
    paper = Paper.objects.get(belongs_to=f"investigation:{row.number}")
    assert paper.sha256 == base64.b64encode(hashlib.sha256(raw).digest()).decode()

    # Two people lift the name.
    lifting = named(desk)
    assert lifting.state == "live"
    name = officer.post(address("liftings:see", lifting.number)).content.decode()
    assert desk.people[WORKER].staff_id in name

    # The right of reply.
    officer.post(address("investigations:ask_reply", row.number))
    assert len(mail()) == 1
    page = worker.get(address("investigations:reply", row.number)).content.decode()
    assert "U hoeft niet te reageren, maar het mag." in page
    words = "Ik viel in voor een collega.\nDat staat niet in het rooster."
    worker.post(address("investigations:reply", row.number), {"words": words})
    row.refresh_from_db()
    assert (row.state, row.reply) == ("weighing", words.replace("\n", "\r\n") if "\r" in row.reply else words)

    # Proposed by one, closed by another.
    proposed = officer.post(
        address("investigations:propose", row.number),
        {"reason": "niet_toegestaan_hersteld", "words": "Besproken; afspraken gemaakt."},
    )
    assert proposed.status_code == 302
    reason_given(desk, SECOND, row.number)
    closed = second.post(address("investigations:close", row.number))
    assert closed.status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"
    finding = FindingRecord.objects.get(number=row.finding)
    assert (finding.state, finding.reason) == ("closed", "niet_toegestaan_hersteld")

    # The ledger has it all.
    desk.evening()
    for verb in ("opened", "task_added", "task_done", "noted", "attached", "approved", "unsealed", "replied",
                 "proposed", "closed"):  # fmt: skip
        assert desk.acts(verb), verb
    assert any(paper.sha256 in str(act["because"]) for act in desk.acts("attached"))

    # The evidence file holds, offline, with the keys from elsewhere.
    pdf = officer.post(address("investigations:evidence_file", row.number))
    assert pdf["Content-Type"] == "application/pdf", shown(pdf)
    from rekenschap.given import read_verifiers

    held = check_evidence_file(pdf.content, read_verifiers(str(house.house().public_keys_path)))
    assert held.number == row.number
    assert held.set_again
    assert set(row.looks) <= {fact.entry for fact in held.facts}
    assert {fact.values.get("verb") for fact in held.facts if fact.relation == "act"} >= {"opened", "closed"}
    text = opened(pdf.content).text
    assert "Ikvielinvooreencollega." in text
    assert "Besproken;afsprakengemaakt." in text


def test_the_command_checks_the_file_that_the_desk_made(desk, tmp_path, capsys):
    row = begun(desk)
    pdf = desk.of(OFFICER).post(address("investigations:evidence_file", row.number)).content
    (tmp_path / "dossier.pdf").write_bytes(pdf)
    from rekenschap.cli.ledgers.on_evidence_files import verify_file
    from rekenschap.cli.texts import Language

    keys = str(house.house().public_keys_path)
    found = verify_file(tmp_path / "dossier.pdf", keys, language=Language.NL, as_json=False)
    assert found == ExitCode.FINE
    said = capsys.readouterr().out
    assert f"Het bewijsdossier {row.number} klopt" in said
    assert said.count("   klopt:") == len(held_entries(pdf))


def held_entries(pdf: bytes) -> list[int]:
    return [fact.entry for fact in check_evidence_file(pdf).facts]


# ── refused, each with the sentence that says why ────────────────────────────


def test_the_wrong_role_is_told_whose_work_it_is(desk):
    finding = desk.finding_about(WORKER)
    for role in (WORKER, Role.TEAM_MANAGER, Role.CISO, Role.OPERATOR, SECOND, Role.AUDITOR):
        text = said_no(desk.of(role).post(address("investigations:open", finding.number), {"because": WHY}))
        assert "Deze pagina is voor: integriteitsfunctionaris." in text
    assert not Investigation.objects.exists()


def test_without_a_warrant_the_page_first_asks_why(desk):
    row = begun(desk)
    asked = desk.of(Role.FG).get(address("investigations:detail", row.number))
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("evidence:why"))
    page = desk.of(Role.FG).get(asked["Location"]).content.decode()
    assert "Waarom wilt u dit zien?" in page


def test_the_own_affair_is_no_second_pair_of_eyes(desk):
    """The one it is about becomes second officer: the rule looks at the person, not at the role."""
    from rekenschap_web.acts import recorded

    row = begun(desk)
    desk.of(OFFICER).post(
        address("investigations:propose", row.number),
        {"reason": "bron_mist", "words": "Er mist een koppeling."},
    )
    worker = desk.people[WORKER]
    worker.roles = {Role.STAFF, SECOND}
    with transaction.atomic():
        recorded(worker, by=worker, verb="changed")
    text = said_no(desk.of(WORKER).post(address("investigations:close", row.number)))
    assert "Dit gaat over uzelf" in text or "over zichzelf" in text or "uzelf" in text
    row.refresh_from_db()
    assert row.state == "closing"


def test_who_proposed_does_not_close(desk):
    row = begun(desk)
    desk.of(OFFICER).post(
        address("investigations:propose", row.number),
        {"reason": "bron_mist", "words": "Er mist een koppeling."},
    )
    text = said_no(desk.of(OFFICER).post(address("investigations:close", row.number)))
    assert "U vroeg dit zelf aan. Een tweede persoon moet meekijken." in text


def test_who_asked_for_a_name_does_not_approve_it(desk):
    finding = desk.finding_about(WORKER)
    desk.of(OFFICER).post(address("liftings:ask", finding.number), {"because": "Ik wil iemand horen."})
    row = Lifting.objects.get()
    text = said_no(desk.of(OFFICER).post(address("liftings:act", row.number, "sta-toe")))
    assert "U vroeg dit zelf aan. Een tweede persoon moet meekijken." in text
    row.refresh_from_db()
    assert row.state == "asked"
    text = said_no(desk.of(OFFICER).post(address("liftings:see", row.number)))
    assert "Dit kan nu niet: de stand is “wacht op een tweede persoon”." in text


def test_an_expired_lifting_shows_no_name(desk, monkeypatch):
    row = named(desk)
    from rekenschap_web.liftings import actions

    with transaction.atomic():
        late = actions.held(row.number)
        late.until = timezone.now() - timedelta(seconds=1)
        from rekenschap_web.acts import recorded, system_person

        recorded(late, by=system_person(), verb="shortened")
    text = said_no(desk.of(OFFICER).post(address("liftings:see", row.number)))
    assert "Deze naamopheffing is verlopen. Vraag een nieuwe aan als de naam nog nodig is." in text
    assert desk.people[WORKER].staff_id not in text
    assert actions.run_due() == 1
    text = said_no(desk.of(OFFICER).post(address("liftings:see", row.number)))
    assert "Deze naamopheffing is verlopen." in text


def test_refusing_a_name_must_say_why(desk):
    finding = desk.finding_about(WORKER)
    desk.of(OFFICER).post(address("liftings:ask", finding.number), {"because": "Ik wil iemand horen."})
    row = Lifting.objects.get()
    text = said_no(desk.of(SECOND).post(address("liftings:act", row.number, "weiger"), {"words": ""}))
    assert "Schrijf waarom, in minstens 8 letters." in text
    desk.of(SECOND).post(address("liftings:act", row.number, "weiger"), {"words": "Een vraag is nu genoeg."})
    row.refresh_from_db()
    assert row.state == "refused"


def test_the_fg_reads_every_lifting(desk):
    row = named(desk)
    text = desk.of(Role.FG).get(reverse("liftings:list")).content.decode()
    assert row.number in text
    assert "Zonder naam kan ik niemand horen." in text


def test_nothing_is_laid_on_anybody_unheard(desk):
    row = begun(desk)
    page = desk.of(OFFICER).post(
        address("investigations:propose", row.number),
        {"reason": "niet_toegestaan_hersteld", "words": "Zonder te vragen."},
    )
    assert page.status_code == 400
    row.refresh_from_db()
    assert row.state == "open"


def test_going_on_without_a_reply_waits_for_the_deadline(desk):
    row = begun(desk)
    desk.of(OFFICER).post(address("investigations:ask_reply", row.number))
    url = address("investigations:move", row.number, "ga-verder")
    text = said_no(desk.of(OFFICER).post(url, {"words": "Er kwam geen reactie."}))
    assert "De termijn loopt nog. Dit kan pas daarna." in text


def test_only_the_person_it_is_about_replies(desk):
    row = begun(desk)
    assert (
        desk.of(WORKER).get(address("investigations:reply", row.number)).status_code == 404
    )  # not asked yet
    desk.of(OFFICER).post(address("investigations:ask_reply", row.number))
    for role in (OFFICER, SECOND, Role.TEAM_MANAGER, Role.FG):
        assert desk.of(role).get(address("investigations:reply", row.number)).status_code == 404
    assert desk.of(WORKER).get(address("investigations:reply", row.number)).status_code == 200


def test_the_database_itself_knows_four_eyes(desk):
    """Whoever goes past the program is stopped by a constraint; the rest is found by the check."""
    row = begun(desk)
    officer = desk.people[OFFICER].pk
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE investigations_investigation SET state = 'closed', reason = 'bron_mist',"
            " proposed_by_id = %s, closed_by_id = %s, closed_at = %s WHERE id = %s",
            [officer, officer, timezone.now(), row.pk],
        )


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("investigations_investigation", "because", "iets anders"),
        ("liftings_lifting", "decided_by_id", None),
        ("papers_paper", "sha256", "A" * 43 + "="),
        ("investigations_note", "text", "Er was wel een dienst."),
        ("questions_question", "answer", "vergissing"),
    ],
)
def test_what_is_changed_in_the_database_is_found(desk, table, column, value):
    """Somebody changes a vote, a reason, a hash, a note or an answer in the database: the check names it."""
    question = desk.finding_about(WORKER)
    desk.of(OFFICER).post(address("questions:ask", question.number), {"kies": question.looks[:2]})
    asked = Question.objects.get()
    desk.of(WORKER).post(address("questions:detail", asked.number), {"answer": "zaak"})
    desk.of(OFFICER).post(address("investigations:open", question.number), {"because": WHY})
    row = Investigation.objects.get()
    desk.of(OFFICER).post(address("investigations:note", row.number), {"text": "Er was geen dienst."})
    desk.of(OFFICER).post(
        address("investigations:attach", row.number), {"paper": SimpleUploadedFile("r.txt", b"rooster")}
    )
    lifting = named(desk)
    deliver(house.house())
    check_desk()
    other = desk.people[Role.FG].pk if value is None else value
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s", [other])  # noqa: S608 - names of our own tables
    with pytest.raises(VerificationError):
        check_desk()
    assert lifting.decided_by_id != other


def test_an_order_to_keep_is_drafted_for_officers(desk):
    row = begun(desk)
    page = desk.of(OFFICER).post(
        address("investigations:hold", row.number), {"because": "De rechter kan hierom vragen."}
    )
    assert page.status_code == 302, page.content.decode()[:500]
    note = Note.objects.get(kind="hold")
    assert f"onderzoek-{row.number}" in note.text
    assert f"{row.looks[0]}" in note.text or str(min(row.looks)) in note.text


# ── papers and the scanner ───────────────────────────────────────────────────


class Clamd(socketserver.StreamRequestHandler):
    """The wire protocol of clamd(8), INSTREAM, as an independent server would speak it."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        taken = b""
        while (size := struct.unpack("!L", self.rfile.read(4))[0]) > 0:
            taken += self.rfile.read(size)
        found = b"EICAR" in taken
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def clamd(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.DESK_CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


def test_a_paper_is_scanned_and_an_unsafe_one_is_not_kept(desk, clamd):
    row = begun(desk)
    url = address("investigations:attach", row.number)
    desk.of(OFFICER).post(url, {"paper": SimpleUploadedFile("goed.txt", b"niets bijzonders")})
    assert Paper.objects.get().scan == "clean"
    refused = desk.of(OFFICER).post(url, {"paper": SimpleUploadedFile("fout.txt", b"EICAR test")})
    assert refused.status_code == 403
    assert Paper.objects.count() == 1


def test_a_scanner_that_is_away_keeps_nothing(desk, settings):
    settings.DESK_CLAMD = "127.0.0.1:9"
    row = begun(desk)
    client = desk.of(OFFICER)
    client.raise_request_exception = False
    answer = client.post(
        address("investigations:attach", row.number), {"paper": SimpleUploadedFile("goed.txt", b"niets")}
    )
    assert answer.status_code == 500
    assert not Paper.objects.exists()


def test_without_a_scanner_the_page_says_so(desk):
    row = begun(desk)
    desk.of(OFFICER).post(
        address("investigations:attach", row.number), {"paper": SimpleUploadedFile("goed.txt", b"niets")}
    )
    page = desk.of(OFFICER).get(address("investigations:detail", row.number)).content.decode()
    assert "niet op virussen nagekeken: er is geen virusscanner ingesteld" in page
