# SPDX-License-Identifier: EUPL-1.2
"""Signing in at a provider of another maker, whose claims have other names: npm oidc-provider."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from rekenschap.casework.roles import Role
from rekenschap.cli.serving.ports import free_port
from rekenschap.config import Secret
from rekenschap_web.people.models import Person
from rekenschap_web.settings.configured import Oidc
from rekenschap_web.settings.placed import providers_of
from tests.servers import node
from tests.web.signin.provider import Browser

pytestmark = pytest.mark.django_db

BACK = "http://testserver/inloggen/organisatie/terug/"


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if reason := node.why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("node")
    one = {"oidc-provider": node.PACKAGES["oidc-provider"]}
    (folder / "package.json").write_text(json.dumps({"private": True, "type": "module", "dependencies": one}))
    asked = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
    if subprocess.run(asked, cwd=folder, capture_output=True, timeout=300, check=False).returncode:
        pytest.skip("npm could not install: is its registry within reach?")
    shutil.copy(Path(__file__).with_name("foreign.js"), folder)
    port = free_port(0)
    running = subprocess.Popen(
        ["node", "foreign.js", str(port), BACK], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert running.stdout is not None
    assert b"ready" in running.stdout.readline()
    yield f"http://localhost:{port}"
    running.terminate()
    running.wait(20)
    running.stdout.close()


@pytest.fixture(autouse=True)
def desk_with(issuer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FOREIGN_SECRET", "a secret of the tests, long enough")
    oidc = Oidc(
        issuer=issuer,
        client_id="desk",
        client_secret=Secret(reference="env:FOREIGN_SECRET"),
        roles_claim="groups",
        team_claim="department",
        staff_id_claim="nr",
    )
    config = replace(settings.DESK, public_url="http://testserver", oidc=oidc, roles={"GRP-fg": Role.FG})
    with override_settings(DESK=config, SOCIALACCOUNT_PROVIDERS=providers_of(config)):
        yield


def sign_in(client: Client, name: str) -> int:
    """Go through its pages: who are you, and may the desk know; gives how the desk answers."""
    browser = Browser()
    page = browser.get(client.get("/inloggen/organisatie/")["Location"], until=BACK)
    page = browser.send(page, login=name, password="any", until=BACK)  # noqa: S106
    if not page.is_redirect:
        page = browser.send(page, prompt="consent", until=BACK)
    return client.get(page.headers["Location"]).status_code


def test_claims_with_other_names_say_who_somebody_is(issuer: str) -> None:
    client = Client()
    assert sign_in(client, "bram") == 302
    person = Person.objects.get(sub="bram")
    assert (person.name, person.email) == ("Bram Koster", "bram@veldhaven.example")
    assert (person.team, person.staff_id) == ("staf", "mw-0039")
    assert person.roles == {Role.STAFF, Role.FG}
    assert client.get("/waar-ben-ik-ingelogd/").status_code == 200


def test_who_is_in_no_group_of_ours_is_a_member_of_staff(issuer: str) -> None:
    client = Client()
    assert sign_in(client, "ruud") == 302
    assert Person.objects.get(sub="ruud").roles == {Role.STAFF}
