# SPDX-License-Identifier: EUPL-1.2
"""What `rekenschap.toml` says of the desk: every key known, no secret in it, and strict over https."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rekenschap.casework.roles import Role
from rekenschap.config import FILE_NAME, read_config
from rekenschap.errors import ConfigurationError
from rekenschap_web.settings.configured import DeskConfig, read_desk_config
from rekenschap_web.settings.placed import database_of

WHOLE = """
store = "ledger"
[desk]
public_url = "https://desk.veldhaven.example"
database = "postgresql://desk@db.veldhaven.example/desk?sslmode=verify-full"
database_password = "env:DESK_DATABASE"
organisation = "Veldhaven"
proxies = 1
[desk.oidc]
issuer = "https://in.veldhaven.example"
client_id = "desk"
client_secret = "env:DESK_SECRET"
roles_claim = "groups"
[desk.roles]
"GRP-integriteit" = "integrity_officer"
"""


def _house(home: Path, text: str) -> Path:
    (home / FILE_NAME).write_text(text, encoding="utf-8")
    return home


def test_without_a_word_everything_is_right_for_a_try_out(tmp_path: Path) -> None:
    assert read_desk_config(tmp_path) == DeskConfig()


def test_a_house_with_a_desk_is_still_a_house(tmp_path: Path) -> None:
    assert read_config(_house(tmp_path, WHOLE)).store.path.name == "ledger"  # type: ignore[union-attr]


def test_everything_that_is_said_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_DATABASE", "geheim")
    config = read_desk_config(_house(tmp_path, WHOLE))
    assert (config.host, config.is_https, config.proxies) == ("desk.veldhaven.example", True, 1)
    assert config.oidc is not None and config.oidc.roles_claim == "groups"
    assert config.roles == {"GRP-integriteit": Role.INTEGRITY_OFFICER}
    database = database_of(config, tmp_path)
    assert (database["HOST"], database["NAME"], database["PASSWORD"]) == (
        "db.veldhaven.example", "desk", "geheim",
    )  # fmt: skip
    assert database["OPTIONS"] == {"sslmode": "verify-full"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[desk]\npublic_adres = "x"', "public_url"),
        ('[desk.oidc]\nisuer = "x"', "issuer"),
        ('[desk.oidc]\nclient_id = "x"', "issuer"),
        ('[desk]\npublic_url = "desk.example"', "http"),
        ('[desk]\ndatabase = "postgresql://a:geheim@b/c"', "without a password"),
        ('[desk]\ndatabase_password = "geheim"', "env:NAME"),
        ("[desk]\nlocal_accounts = 1", "true or false"),
        ("[desk]\nproxies = -1", "whole number"),
        ('[desk.roles]\nx = "baas"', "integrity_officer"),
        ('[desk.oidc]\nissuer = "http://in.example"\nclient_id = "x"\nclient_secret = "env:X"', "https"),
        ('[desk.oidc]\nissuer = "https://in.example"\nclient_id = "x"\nclient_secret = "abc"', "env:NAME"),
        ("desk = 1", "table [desk]"),
        ("[desk", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        read_desk_config(_house(tmp_path, text))
    assert said in str(wrong.value) and "; " in str(wrong.value)
    assert "geheim" not in str(wrong.value)


def test_over_https_cookies_are_for_this_host_alone_and_https_is_for_a_year(tmp_path: Path) -> None:
    _house(tmp_path, WHOLE.replace("database =", "#").replace("database_password", "#"))
    names = (
        "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "ALLOWED_HOSTS", "DEBUG",
    )  # fmt: skip
    asked = "import json; from rekenschap_web.settings import desk; "
    asked += f"print(json.dumps([getattr(desk, name) for name in {names}]))"
    told = {**os.environ, "REKENSCHAP_HOME": str(tmp_path), "DESK_SECRET": "x" * 40}
    done = subprocess.run([sys.executable, "-c", asked], env=told, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [
        "__Host-rekenschap", "__Host-rekenschap-form", True, True, 31_536_000, True,
        ["desk.veldhaven.example"], False,
    ]  # fmt: skip
    assert (tmp_path / "desk" / "secret-key").stat().st_mode & 0o077 == 0
