# SPDX-License-Identifier: EUPL-1.2
"""DigiD itself signs citizens in: a real SAML provider, whose every message is signed, over TLS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("digid_eherkenning", reason="needs rekenschap[saml]")

from tests.citizen.own import idp
from tests.citizen.own.conftest import Runs
from tests.citizen.own.idp import CLASSES, US, Idp, Told
from tests.citizen.own.test_signin import house as house
from tests.citizen.own.test_signin import place as place

SIGNS_IN = """
import json, os, re, sys
from html import unescape
from urllib.parse import urlsplit
import django
django.setup()
import requests
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
client, other = Client(), Client()
page = client.get("/inloggen/")
words = unescape(page.content.decode())
action = re.search(r'<form method="post" action="(https[^"]*)"', words)[1]
given = dict(re.findall(r'<input type="hidden" name="(SAMLRequest|RelayState)" value="([^"]*)"', words))
moved = requests.post(action, data=given, allow_redirects=False, verify=os.environ["REQUESTS_CA_BUNDLE"])
back = urlsplit(moved.headers["Location"])
who = other if "other" in sys.argv else client
answer = who.get(f"{back.path}?{back.query}")
again = Client().get(f"{back.path}?{back.query}")
print(json.dumps({
    "policy": page["Content-Security-Policy"], "status": answer.status_code, "to": answer.get("Location", ""),
    "words": answer.content.decode(), "drawer": who.session.get("drawer"), "again": again.status_code,
    "kept": json.dumps(dict(who.session)), "elsewhere": client.get("/uitleg/")["Content-Security-Policy"],
}))
"""
ME = "999990019"
SignsIn = Callable[..., dict[str, object]]


@pytest.fixture
def provider(place: Path, tmp_path: Path) -> Iterator[Idp]:
    """The provider, and a page that knows it."""
    with idp.running(tmp_path) as made:
        (tmp_path / "metadata.xml").write_text(made.metadata(), encoding="utf-8")
        (place / "citizen.toml").write_text(
            f'[saml]\nentity_id = "{US}"\nprovider = "{made.address}"\nmetadata = "{tmp_path}/metadata.xml"\n'
            f'key = "{tmp_path}/us.key"\ncertificate = "{tmp_path}/us.crt"\n',
            encoding="utf-8",
        )
        yield made


@pytest.fixture
def signs_in(provider: Idp, in_page: Runs) -> SignsIn:
    """Sign in at the provider, which says this."""

    def run(told: Told, *words: str) -> dict[str, object]:
        provider.told = told
        prepared = in_page("-m", "rekenschap_citizen.prepare")
        assert prepared.returncode == 0, prepared.stderr
        done = in_page("-c", SIGNS_IN, *words, REQUESTS_CA_BUNDLE=str(provider.certificate))
        assert done.returncode == 0, done.stderr
        assert ME not in done.stderr
        found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
        return found

    return run


def test_a_citizen_comes_in_and_no_number_is_kept(signs_in: SignsIn, provider: Idp) -> None:
    found = signs_in(Told())
    assert (found["status"], found["to"]) == (302, "/raadplegingen/"), found["words"]
    assert isinstance(found["drawer"], str)
    assert ME not in str(found["kept"])
    assert found["again"] == 403, "an answer counts once"
    assert f"form-action 'self' {provider.address}" in str(found["policy"])
    assert provider.address not in str(found["elsewhere"])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"level": f"{CLASSES}PasswordProtectedTransport"}, "hogere manier van inloggen"),
        ({"level": f"{CLASSES}unspecified"}, "hogere manier van inloggen"),
        ({"name_id": "s00000001:999990019"}, "Inloggen is niet gelukt"),
        ({"name_id": "s00000000:"}, "Inloggen is niet gelukt"),
        ({"audience": "urn:iemand:anders"}, "Inloggen is niet gelukt"),
        ({"minutes": -60}, "Inloggen is niet gelukt"),
        ({"minutes": 60}, "Inloggen is niet gelukt"),
        ({"is_forged": True}, "Inloggen is niet gelukt"),
        ({"is_other_question": True}, "Inloggen is niet gelukt"),
    ],
)
def test_who_is_not_sure_enough_stays_out(signs_in: SignsIn, told: dict[str, object], words: str) -> None:
    found = signs_in(replace(Told(), **told))
    assert (found["status"], found["drawer"]) == (403, None)
    assert words in str(found["words"])


def test_an_answer_counts_only_in_the_browser_that_asked(signs_in: SignsIn) -> None:
    found = signs_in(Told(), "other")
    assert (found["status"], found["drawer"]) == (403, None)


def test_our_metadata_says_who_we_are_and_where_to_come_back(provider: Idp, in_page: Runs) -> None:
    assert in_page("-m", "rekenschap_citizen.prepare").returncode == 0
    script = (
        "import django; django.setup()\nfrom django.conf import settings\nfrom django.test import Client\n"
        'settings.ALLOWED_HOSTS = ["testserver"]\n'
        'print(Client().get("/inloggen/digid/gegevens/").content.decode())'
    )
    done = in_page("-c", script)
    assert done.returncode == 0, done.stderr
    assert f'entityID="{US}"' in done.stdout
    assert "http://localhost:8002/inloggen/digid/terug/" in done.stdout
    assert "bindings:HTTP-Artifact" in done.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('at_least = "basis"', "at_least under [saml]"),
        ('somebody = "x"', "the key 'somebody'"),
        ('[oidc]\nissuer = "https://x"', "[oidc] or [saml]"),
    ],
)
def test_what_is_wrong_in_the_settings_is_said_in_a_sentence(
    provider: Idp, place: Path, in_page: Runs, line: str, said: str
) -> None:
    path = place / "citizen.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    done = in_page("-m", "rekenschap_citizen.prepare")
    assert done.returncode != 0
    assert said in done.stderr
