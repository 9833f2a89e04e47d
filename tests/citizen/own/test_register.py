# SPDX-License-Identifier: EUPL-1.2
"""Without a sign-in anybody reads the register: each activity at its own address, now and as it was."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rekenschap.citizen import Activity, Published
from tests.citizen.own.conftest import Runs

NOW = datetime.now(tz=UTC)
OLD = Activity(
    key="VA-01", name="Reisdocumenten", purpose="documenten afgeven", legal_basis="e", law="Paspoortwet",
    is_shielded=False, valid_from=NOW - timedelta(days=900), valid_until=None, categories=("pasfoto",),
)  # fmt: skip
REGISTER = (
    OLD,
    replace(OLD, edition=2, law="Paspoortwet art. 3", valid_from=NOW - timedelta(days=300)),
    replace(OLD, key="https://begrip.example/va/7", name="Verhuizen"),
    replace(OLD, key="VA-02", name="Hondenbelasting", valid_until=NOW - timedelta(days=30)),
    replace(OLD, key="VA-03", name="Rechercheren", is_shielded=True),
)
GETS = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
client = Client(headers={"accept-language": sys.argv[1]})
answers = {path: client.get(path) for path in sys.argv[2:]}
print(json.dumps({path: [one.status_code, one.content.decode()] for path, one in answers.items()}))
"""


@pytest.fixture
def offered(place: Path) -> Path:
    """A register that the desk offers."""
    newest = place / "offered" / "first"
    newest.mkdir(parents=True)
    told = Published.of(REGISTER, now=NOW).told()
    (newest / "register.json").write_text(json.dumps(told), encoding="utf-8")
    (place / "offered" / "latest").write_text("first\n", encoding="ascii")
    return newest


def got(in_page: Runs, *paths: str, language: str = "nl") -> dict[str, tuple[int, str]]:
    assert in_page("-m", "rekenschap_citizen.prepare").returncode == 0
    done = in_page("-c", GETS, language, *paths)
    assert done.returncode == 0, done.stderr
    return {path: (status, text) for path, (status, text) in json.loads(done.stdout).items()}


def test_anybody_reads_the_list_and_each_activity(offered: Path, in_page: Runs) -> None:
    told = got(in_page, "/register/", "/register/VA-01/", "/register/https://begrip.example/va/7/")
    status, every = told["/register/"]
    assert status == 200
    assert "Voor welk werk kijken wij in gegevens?" in every
    assert 'href="/register/VA-01/"' in every
    assert "noindex" not in every, "a public page may be found"
    assert "Hondenbelasting" not in every, "what ended is not on the list"
    status, one = told["/register/VA-01/"]
    assert status == 200
    assert "Paspoortwet art. 3" in one
    assert "Nodig voor onze publieke taak." in one
    assert told["/register/https://begrip.example/va/7/"][0] == 200


def test_the_address_stays_and_says_what_held_on_a_day(offered: Path, in_page: Runs) -> None:
    then = f"/register/VA-01/?op={(NOW - timedelta(days=400)).date()}"
    paths = (then, "/register/VA-01/versie/1/", "/register/VA-02/", "/register/VA-01")
    told = got(in_page, *paths)
    for path in paths[:2]:
        assert told[path][0] == 200
        assert "U leest hoe het eerder was." in told[path][1]
        assert "Paspoortwet. Nodig" in told[path][1]
    assert "Dit werk doen wij niet meer." in told["/register/VA-02/"][1]
    assert told["/register/VA-01"][0] == 301, "without the last slash it is the same address"


@pytest.mark.parametrize(
    "path",
    ["/register/VA-03/", "/register/VA-03/versie/1/", "/register/VA-99/", "/register/VA-01/versie/9/",
     "/register/VA-01/?op=gisteren", "/register/VA-01/?op=1901-01-01", "/register/../desk/"],
)  # fmt: skip
def test_what_is_shielded_and_what_never_was_are_the_same_page(
    path: str, offered: Path, in_page: Runs
) -> None:
    strange = "/register/nergens/"
    told = got(in_page, path, strange)
    assert told[path][0] == told[strange][0] == 404
    assert _plain(told[path][1], path) == _plain(told[strange][1], strange)


def _plain(text: str, path: str) -> str:
    """Leave out what the browser sent itself, and the token of a form that is another each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'name="next" value="[^"]*"', "", text).replace(path, "")


def test_it_stands_there_in_english_too(offered: Path, in_page: Runs) -> None:
    told = got(in_page, "/register/VA-01/", language="en")["/register/VA-01/"][1]
    assert "For this work we may look at data." in told


def test_without_an_offer_the_page_says_that_it_does_not_work_now(in_page: Runs) -> None:
    assert got(in_page, "/register/")["/register/"][0] == 503
