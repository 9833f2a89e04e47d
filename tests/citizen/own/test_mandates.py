# SPDX-License-Identifier: EUPL-1.2
"""Each step with a mandate is left for the ledger together with what it changes: both, or neither."""

from __future__ import annotations

import json
from pathlib import Path

from rekenschap.citizen.mandating import Bond, MandateStep, Step
from tests.citizen.own.conftest import Runs

GIVER, TAKER = "00abcdefghjkmn", "01abcdefghjkmn"
JOURNEY = f"""
import re
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.test import Client
from rekenschap_citizen.mandates.models import Mandate
from rekenschap_citizen.signin import sessions
settings.ALLOWED_HOSTS = ["testserver"]
box = Path(settings.CITIZEN_PLACE) / "mandated"
def signed_in(drawer):
    client = Client()
    session = client.session
    session.update({{"drawer": drawer, "began": sessions.timezone.now().isoformat(),
                    "seen": sessions.timezone.now().isoformat(),
                    "browser": sessions.hashlib.sha256(b"").hexdigest()}})
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
giver, taker = signed_in("{GIVER}"), signed_in("{TAKER}")
form = {{"taker_name": "Mijn dochter", "giver_name": "Vader", "term": "maand", "bond": "family"}}
assert giver.post("/machtigingen/geef/", form | {{"bond": "owner"}}).status_code == 422
page = giver.post("/machtigingen/geef/", form)
assert page.status_code == 200, page.status_code
code = re.search("<code>([a-z-]+)</code>", page.content.decode())[1]
assert taker.post("/machtigingen/neem-aan/", {{"code": code}}).status_code == 302
number = Mandate.objects.get().pk
stranger = signed_in("02abcdefghjkmn")
stranger.post(f"/machtigingen/{{number}}/stop/")
stranger.post(f"/machtigingen/{{number}}/verander/", {{"term": "jaar"}})
giver.post(f"/machtigingen/{{number}}/verander/", {{"term": "jaar"}})
until = Mandate.objects.get().until
kept = sorted(each.name for each in box.iterdir())
box.rename(box.with_name("away")); box.write_text("no directory")
answer = giver.post(f"/machtigingen/{{number}}/verander/", {{"term": "maand"}})
assert answer.status_code == 503, answer.status_code
assert Mandate.objects.get().until == until
giver.raise_request_exception = False
assert giver.post("/machtigingen/geef/", form).status_code == 503
assert Mandate.objects.count() == 1
box.unlink(); box.with_name("away").rename(box)
assert sorted(each.name for each in box.iterdir()) == kept
taker.post(f"/machtigingen/{{number}}/stop/")
taker.post(f"/machtigingen/{{number}}/stop/")
assert "Familie of partner" in page.content.decode()
"""


def test_each_step_is_left_with_what_it_changes_or_neither_happens(place: Path, in_page: Runs) -> None:
    assert in_page("-m", "rekenschap_citizen.prepare").returncode == 0
    done = in_page("-c", JOURNEY)
    assert done.returncode == 0, done.stderr
    told = [json.loads(each.read_text(encoding="utf-8")) for each in (place / "mandated").iterdir()]
    steps = sorted((MandateStep.of(each) for each in told), key=lambda each: each.at)
    assert [each.step for each in steps] == [Step.GIVEN, Step.ACCEPTED, Step.CHANGED, Step.RETURNED]
    assert {each.bond for each in steps} == {Bond.FAMILY}
    assert {each.giver for each in steps} == {GIVER}
    assert [each.taker for each in steps] == ["", TAKER, TAKER, TAKER]
    assert len({each.mandate for each in steps}) == 1
    assert "dochter" not in json.dumps(told)
    assert "Vader" not in json.dumps(told)


def test_the_migrations_are_those_of_the_tables(in_page: Runs) -> None:
    done = in_page("-m", "django", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
