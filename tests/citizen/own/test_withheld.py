# SPDX-License-Identifier: EUPL-1.2
"""What the page sends, and the work it does for it, are the same with and without looks that are withheld."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from rekenschap.audit.citizens import Names, offer
from rekenschap.audit.citizens.offering import withhold
from rekenschap.audit.deriving.buckets import write_buckets
from rekenschap.audit.deriving.for_citizens import FILE, FOLDER, ForCitizens
from rekenschap.citizen import Spell, Withholding
from tests.citizen.own.conftest import Runs

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LAPSES = NOW + timedelta(days=10)
ME = 64
SHOWN, HIDDEN = range(1, 46), range(101, 123)
ASKS = """
import gc, hashlib, json, re, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
from rekenschap_citizen.formats import offered
from rekenschap_citizen.signin import sessions
settings.ALLOWED_HOSTS = ["testserver"]
drawer, hidden = sys.argv[1:]
client = Client()
now = sessions.timezone.now().isoformat()
session = client.session
browser = sessions._browser(client.request().wsgi_request)
session.update({"drawer": drawer, "began": now, "seen": now, "browser": browser})
session.save()
client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
paths = [f"/raadplegingen/?pagina={each}" for each in range(1, 6)]
paths += [f"/meenemen/{each}/" for each in offered()]
paths += ["/brief/", "/mijn-vragen/", "/uitleg/", f"/vraag/{hidden}/"]
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
calls = 0
def count(frame, event, argument):
    global calls
    calls += event in ("call", "c_call")
told = {}
for turn in range(2):  # the first time things are read that stay
    for path in paths:
        gc.collect(); gc.disable()
        calls = 0
        sys.setprofile(count)
        answer = client.get(path)
        sys.setprofile(None)
        gc.enable()
        body = TOKEN.sub(b"", answer.content)
        told[path] = {"status": answer.status_code, "length": len(answer.content), "calls": calls,
                      "body": hashlib.sha256(body).hexdigest(),
                      "headers": sorted((k, v) for k, v in answer.items() if k != "Set-Cookie")}
print(json.dumps(told))
"""
CHANCE = 30
"""Calls that differ from one request to the next: a form has a token, drawn anew each time."""
Told = dict[str, dict[str, object]]


def offered_at(home: Path, entries: list[int]) -> Path:
    """Offer looks at one citizen, some of which a decision withholds; gives the place of the page."""
    at = int(NOW.timestamp()) * 1_000_000
    rows = [
        {
            "subject": ME, "look": each, "looked_at": at - each * 3_600_000_000, "known_at": at,
            "register": "brp", "fields": "naam,adres", "team": "burgerzaken", "activity": "", "why": "zaak",
            "about": "reisdocument", "explained": each % 5 > 0,
        }
        for each in entries
    ]  # fmt: skip
    folder = home / "derived" / "9-1"
    folder.mkdir(parents=True)
    write_buckets(pa.Table.from_pylist(rows), folder / FOLDER, by="subject", then="looked_at")
    told = ForCitizens(register=(), investigated=(), departments=("burgerzaken",))
    (folder / FILE).write_bytes(msgspec.json.encode(told))
    (home / "derived" / "latest").write_text("9-1\n", encoding="ascii")
    (home / "desk").mkdir()
    (home / "desk" / "citizen-key").write_bytes(b"k" * 32)
    spell = Spell(since=NOW - timedelta(days=30), until=LAPSES)
    withhold(home, [Withholding(entry=each, ground="uavg_41", spell=spell) for each in HIDDEN])
    offer(home, now=NOW)
    return home / "citizen"


@pytest.fixture
def asked(in_page: Runs, place: Path, tmp_path: Path) -> Callable[[str, list[int]], Told]:
    """Ask every page of the citizen, at a place of its own."""
    names = Names(key=b"k" * 32)

    def ask(name: str, entries: list[int]) -> Told:
        there = str(offered_at(tmp_path / name, entries))
        prepared = in_page("-m", "rekenschap_citizen.prepare", REKENSCHAP_CITIZEN=there)
        assert prepared.returncode == 0, prepared.stderr
        done = in_page(
            "-c",
            ASKS,
            names.drawer(ME),
            names.reference(HIDDEN[0]),
            REKENSCHAP_CITIZEN=there,
            PYTHONHASHSEED="0",
        )
        assert done.returncode == 0, done.stderr
        found: Told = json.loads(done.stdout.splitlines()[-1])
        return found

    return ask


def test_every_answer_and_the_work_it_takes_are_the_same(asked: Callable[[str, list[int]], Told]) -> None:
    with_them, without = asked("one", [*SHOWN, *HIDDEN]), asked("two", list(SHOWN))
    assert {path: told["status"] for path, told in with_them.items() if told["status"] != 200} == {
        path: 404 for path in with_them if path.startswith("/vraag/")
    }
    for path, told in with_them.items():
        assert told | {"calls": 0} == without[path] | {"calls": 0}, path
        assert abs(calls_of(told) - calls_of(without[path])) <= CHANCE, path
    fewer = asked("six", list(SHOWN[:-1]))  # and one look less is seen in every one of them
    shown = [path for path in fewer if path.startswith(("/raadplegingen/", "/meenemen/", "/brief/"))]
    assert all(fewer[path]["body"] != without[path]["body"] for path in shown)
    # and would be, in the work: that is how fine this measures
    assert calls_of(without["/brief/"]) - calls_of(fewer["/brief/"]) > CHANCE


def calls_of(told: dict[str, object]) -> int:
    calls = told["calls"]
    assert isinstance(calls, int)
    return calls
