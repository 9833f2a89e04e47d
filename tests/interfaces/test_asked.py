# SPDX-License-Identifier: EUPL-1.2
"""Who asked what about whom is on record before anything is given, and becomes a fact."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from rekenschap.audit.desk.people import hi_of, pseudonyms_of, reading
from rekenschap.audit.readers import Asked, Journal, bring
from rekenschap.house import House, right_now
from tests.interfaces.service import Readers
from tests.interfaces.town import ME, TRACES, copied

LDV = "/lezen/v1/processing-activities"


@pytest.fixture
def own(house: Path, tmp_path: Path) -> Readers:
    """A house of its own, for what changes it."""
    home = copied(house, tmp_path / "house")
    readers = Readers(home)
    readers.add("keten", "--reads", "ldv")
    readers.add("portaal", "--reads", "inzage")
    return readers


def decisions(home: Path) -> list[dict]:
    facts = reading(House.at(home)).facts("decision")
    rows = facts.table.to_pylist()
    return [each for each in rows if each["source"] == "rekenschap-read"]


def test_who_asks_becomes_a_fact_about_whom_and_what(own: Readers):
    with own:
        assert own.ask(LDV, {"dpl.core.data_subject_id": ME}, client="keten").status == 200
        assert own.ask(LDV, {"traceId": TRACES["plain"]}, client="keten").status == 200
        assert own.ask(LDV, {"traceId": TRACES["plain"]}, client="portaal").status == 401
        assert own.ask(LDV, {"traceId": TRACES["plain"]}).status == 401
    (me,) = pseudonyms_of(House.at(own.home), [ME], "subject")
    clients = pseudonyms_of(House.at(own.home), ["rekenschap-read/keten", "rekenschap-read/portaal"], "staff")
    told = decisions(own.home)
    assert [(hi_of(each["staff"]), each["outcome"], each["rule"]) for each in told] == [
        (clients[0].hi, "permit", "ldv"), (clients[0].hi, "permit", "ldv"), (clients[1].hi, "refuse", "ldv")
    ]  # fmt: skip
    assert [each["subject"] and hi_of(each["subject"]) for each in told] == [me.hi, None, None]
    assert {each["action"] for each in told} == {"processing-activities", "POST"}


def test_a_look_that_is_asked_by_its_name_is_on_record_with_whom_it_is_about(own: Readers):
    objects = "/inzage/api/v1/verwerkte-objecten"
    query = f"objecttype=persoon&soortObjectId=x&objectId={ME}&beginDatum=2020-01-01&eindDatum=2999-01-01"
    with own:
        (one,) = own.ask(f"{objects}?{query}", client="portaal").told["results"]
        assert own.ask(f"{objects}/{one['verwerktObjectId']}", client="portaal").status == 200
    (me,) = pseudonyms_of(House.at(own.home), [ME], "subject")
    assert [hi_of(each["subject"]) for each in decisions(own.home)] == [me.hi, me.hi]


def test_who_asks_too_often_waits_and_that_is_noted_once(own: Readers):
    own.add("haast", "--reads", "ldv", "--a-minute", "3")
    with own:
        found = [own.ask(LDV, {"traceId": TRACES["plain"]}, client="haast") for _ in range(6)]
        assert [each.status for each in found] == [200, 200, 200, 429, 429, 429]
        assert found[-1].headers["content-type"] == "application/problem+json"
        assert found[-1].headers["retry-after"] == "20"
        assert own.ask(LDV, {"traceId": TRACES["plain"]}, client="keten").status == 200
    assert [each["outcome"] for each in decisions(own.home)] == [*["permit"] * 3, "refuse", "permit"]


def test_without_a_clerk_nobody_is_answered(own: Readers):
    with own:
        clerk = _child_of(own, "rekenschap.audit.readers.clerk")
        os.kill(clerk, signal.SIGSTOP)
        try:
            (own.home / "read" / "clerk.sock").rename(own.home / "read" / "away")
            got = own.ask(LDV, {"traceId": TRACES["plain"]}, client="keten")
            assert (got.status, "retry-after" in got.headers) == (503, True)
        finally:
            (own.home / "read" / "away").rename(own.home / "read" / "clerk.sock")
            os.kill(clerk, signal.SIGCONT)
        assert own.ask(LDV, {"traceId": TRACES["plain"]}, client="keten").status == 200


def test_the_service_ends_when_the_clerk_does(own: Readers):
    with own:
        os.kill(_child_of(own, "rekenschap.audit.readers.clerk"), signal.SIGKILL)
        assert own.ended() == 4


def test_nothing_on_disk_names_who_was_asked_about(own: Readers):
    with own:
        assert own.ask(LDV, {"dpl.core.data_subject_id": "K-secret-4711"}, client="keten").status == 200
        noted = b"".join(each.read_bytes() for each in own.home.rglob("*") if each.is_file())
    assert b"K-secret-4711" not in noted
    assert b"K-secret-4711" not in own.said.encode()


def test_notes_reach_the_ledger_once_however_often_they_are_brought(own: Readers, monkeypatch):
    house, journal = House.at(own.home), Journal(own.home)
    for _ in range(2):
        journal.note(Asked(at=right_now(), client="keten", interface="ldv", action="x", token=b"t" * 16))
    monkeypatch.setattr(Journal, "forget", lambda _self: None)  # a crash before what was brought is removed
    assert bring(house, journal, now=right_now()) == 2
    journal.note(Asked(at=right_now(), client="keten", interface="ldv", action="y"))
    assert bring(house, journal, now=right_now()) == 0
    monkeypatch.undo()
    assert bring(house, journal, now=right_now()) == 0
    assert bring(house, journal, now=right_now()) == 1
    assert [each["action"] for each in decisions(own.home)] == ["x", "x", "y"]


def test_a_note_that_was_cut_off_does_not_hold_up_the_others(own: Readers):
    house, journal = House.at(own.home), Journal(own.home)
    journal.note(Asked(at=right_now(), client="keten", interface="ldv", action="x"))
    with (own.home / "desk" / "read-asked" / "waiting.lines").open("ab") as file:
        file.write(b'{"at":"2026')
    journal.note(Asked(at=right_now(), client="keten", interface="ldv", action="y"))
    assert bring(house, journal, now=right_now()) == 2


def _child_of(readers: Readers, module: str) -> int:
    assert readers._child is not None
    until = time.monotonic() + 10
    while time.monotonic() < until:
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(readers._child.pid)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for each in listed.splitlines():
            if module in each:
                return int(each.split()[0])
        time.sleep(0.1)
    raise AssertionError(listed)


def test_the_cipher_of_the_door_is_not_in_the_service():
    """The service is another program: what it imports is told by the import contract; here as it runs."""
    code = (
        "import sys, rekenschap_read.door.app; "
        "print(sorted(m for m in sys.modules if m.startswith(('rekenschap.house', 'rekenschap.ledger',"
        " 'rekenschap.adapters', 'rekenschap.audit', 'cryptography', 'pyarrow', 'django'))))"
    )
    import sys

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
