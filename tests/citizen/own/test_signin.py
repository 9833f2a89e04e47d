# SPDX-License-Identifier: EUPL-1.2
"""Who comes in is decided by the signed token of a real provider: how sure it is, and for whom it vouches."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from rekenschap.citizen.mandating import Bond, MandateStep, Step
from rekenschap.errors import ConfigurationError
from rekenschap.house import ORIGIN, House
from rekenschap_citizen.place.configured import read_config
from tests.citizen.own import provider
from tests.citizen.own.conftest import Runs

SIGNS_IN = """
import json
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener
from urllib.error import HTTPError
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
class Stay(HTTPRedirectHandler):
    def redirect_request(self, *words):
        return None
client = Client()
there = client.get("/inloggen/")
assert there.status_code == 302, there.content
try:
    build_opener(Stay).open(there["Location"])
except HTTPError as moved:
    back = urlsplit(moved.headers["Location"])
answer = client.get(f"{back.path}?{back.query}")
pages = {path: client.get(path) for path in ("/mijn-vragen/", "/machtigingen/", "/uitleg/")}
print(json.dumps({
    "status": answer.status_code, "to": answer.get("Location", ""), "words": answer.content.decode(),
    "drawer": client.session.get("drawer"), "kept": json.dumps(dict(client.session)),
    "pages": {path: page.status_code for path, page in pages.items()},
    "about": pages["/uitleg/"].content.decode(),
}))
"""
ME, OTHER = "999990019", "999990020"
MIDDEN = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"
Told = Mapping[str, object]
SignsIn = Callable[[Told, Told], dict[str, object]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A house with the real clerk at work."""
    home = tmp_path_factory.mktemp("clerk")
    House.at(home).ledger(origin=ORIGIN)
    with subprocess.Popen([sys.executable, "-m", "rekenschap.audit.citizens.clerk", str(home)]) as clerk:
        until = time.monotonic() + 60
        while not (home / "citizen" / "clerk.sock").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        yield home
        clerk.terminate()


@pytest.fixture
def place(house: Path) -> Path:
    """The place of the page beside that clerk."""
    return house / "citizen"


@pytest.fixture
def signs_in(place: Path, in_page: Runs) -> Iterator[SignsIn]:
    """Sign in at a real provider that says this in its token and this at userinfo."""
    with provider.running() as broker:
        (place / "secret").write_text(provider.SECRET, encoding="ascii")
        (place / "citizen.toml").write_text(
            f'[oidc]\nissuer = "{broker.issuer}"\nclient_id = "{provider.CLIENT}"\n'
            f'client_secret = "file:{place}/secret"\n'
            'represented_claim = "represented"\nbond_claim = "bond"\n',
            encoding="utf-8",
        )
        prepared = in_page("-m", "rekenschap_citizen.prepare")
        assert prepared.returncode == 0, prepared.stderr

        def run(token: Told, userinfo: Told) -> dict[str, object]:
            broker.token, broker.userinfo = token, userinfo
            done = in_page("-c", SIGNS_IN)
            assert done.returncode == 0, done.stderr
            found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
            return found

        yield run


def test_with_two_factors_a_citizen_comes_in_and_no_number_is_kept(signs_in: SignsIn) -> None:
    found = signs_in({"bsn": ME, "acr": MIDDEN}, {})
    assert (found["status"], found["to"]) == (302, "/raadplegingen/")
    assert isinstance(found["drawer"], str)
    assert ME not in str(found["kept"])
    assert found["pages"] == {"/mijn-vragen/": 503, "/machtigingen/": 200, "/uitleg/": 200}


@pytest.mark.parametrize(
    ("token", "userinfo", "words"),
    [
        ({"acr": "basis"}, {}, "hogere manier van inloggen"),
        ({}, {}, "hogere manier van inloggen"),
        ({"acr": "iets nieuws"}, {}, "hogere manier van inloggen"),
        ({"acr": ["hoog"]}, {}, "hogere manier van inloggen"),
        ({}, {"acr": "hoog"}, "hogere manier van inloggen"),  # not signed
        ({"acr": "midden", "bsn": None}, {}, "Inloggen is niet gelukt"),
        ({"acr": "midden"}, {"sub": "another"}, "Inloggen is niet gelukt"),
        ({"acr": "midden", "aud": "another"}, {}, "Inloggen is niet gelukt"),
        ({"acr": "midden", "iss": "https://another.example"}, {}, "Inloggen is niet gelukt"),
    ],
)
def test_who_is_not_sure_enough_stays_out(signs_in: SignsIn, token: Told, userinfo: Told, words: str) -> None:
    found = signs_in({"bsn": ME, **token}, userinfo)
    assert found["drawer"] is None
    assert words in str(found["words"]) or str(found["to"]).startswith("/inloggen/")
    assert found["pages"] == {"/mijn-vragen/": 302, "/machtigingen/": 302, "/uitleg/": 200}


@pytest.mark.parametrize(
    ("bond", "kept", "words"),
    [
        ("family", Bond.FAMILY, "als ouder of familie"),
        ("representative", Bond.REPRESENTATIVE, "als vertegenwoordiger"),
        ("company", Bond.COMPANY, "voor een bedrijf"),
        ("owner", Bond.OTHER, "U kijkt voor iemand anders."),
    ],
)
def test_who_signs_in_for_another_sees_theirs_and_that_is_told_to_the_ledger(
    signs_in: SignsIn, place: Path, bond: str, kept: Bond, words: str
) -> None:
    for each in (place / "mandated").glob("*.json"):
        each.unlink()
    theirs = signs_in({"bsn": OTHER, "acr": "midden"}, {})["drawer"]
    found = signs_in({"bsn": ME, "acr": "midden", "represented": OTHER, "bond": bond}, {})
    assert found["drawer"] == theirs
    assert words in str(found["about"])
    assert found["pages"] == {"/mijn-vragen/": 503, "/machtigingen/": 404, "/uitleg/": 200}
    (left,) = (place / "mandated").glob("*.json")
    step = MandateStep.of(json.loads(left.read_text(encoding="utf-8")))
    assert (step.step, step.bond, step.giver) == (Step.USED, kept, theirs)
    assert step.taker == signs_in({"bsn": ME, "acr": "midden"}, {})["drawer"]


def test_that_somebody_may_look_for_another_counts_only_when_it_is_signed(signs_in: SignsIn) -> None:
    own = signs_in({"bsn": ME, "acr": "midden"}, {})["drawer"]
    assert signs_in({"bsn": ME, "acr": "midden"}, {"represented": OTHER})["drawer"] == own


def test_a_broker_without_tls_is_refused(tmp_path: Path) -> None:
    (tmp_path / "citizen.toml").write_text(
        '[oidc]\nissuer = "http://broker.example"\nclient_id = "x"\nclient_secret = "env:X"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigurationError, match="https"):
        read_config(tmp_path)
