# SPDX-License-Identifier: EUPL-1.2
"""The page on PostgreSQL, under a role of its own: it reaches nothing of the desk, and makes sure of that."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from rekenschap.errors import ConfigurationError
from rekenschap_citizen.place.configured import read_config
from tests.citizen.own.conftest import Runs
from tests.servers import postgres

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL needs psycopg")
on_a_server = pytest.mark.skipif(bool(postgres.why_not()), reason=postgres.why_not() or "-")

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "show-citizens-who-looked.md"
DESK, PAGE = "rekenschap_desk", "rekenschap_citizen"
LIVES = """
import rekenschap_citizen.wsgi
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
client = Client()
print([client.get(path).status_code for path in ("/", "/leeft/", "/machtigingen/")])
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore(); session["drawer"] = "00abcdefghjkmn"; session.save()
print(SessionStore(session.session_key)["drawer"])
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.PostgresServer]:
    """A server with the desk's tables in it, made by the desk itself, and the roles of the how-to."""
    with postgres.running() as running:
        with psycopg.connect(running.address, autocommit=True) as database:
            database.execute(f"create role {DESK} login")
            database.execute(f"create database rekenschap owner {DESK}")
            for statement in roles_of_the_how_to():
                database.execute(statement)
        home = tmp_path_factory.mktemp("house")
        address = address_of(running, DESK, "rekenschap")
        (home / "rekenschap.toml").write_text(f'[desk]\ndatabase = "{address}"\n', encoding="utf-8")
        told = {**os.environ, "REKENSCHAP_HOME": str(home)}
        prepare = [sys.executable, "-m", "rekenschap_web.settings.prepare"]
        subprocess.run(prepare, env=told, check=True, timeout=300)
        yield running


def roles_of_the_how_to() -> list[str]:
    """Give the statements of the how-to, as they stand there."""
    block = re.search(r"```sql\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert block is not None
    return [each.strip() for each in block[1].split(";") if each.strip()]


def address_of(server: postgres.PostgresServer, role: str, name: str) -> str:
    return f"postgresql://{role}@/{name}?host={quote(str(server.directory), safe='')}"


def told_of(place: Path, address: str) -> None:
    (place / "citizen.toml").write_text(f'database = "{address}"\n', encoding="utf-8")


def tables_of_the_desk(server: postgres.PostgresServer) -> list[str]:
    with psycopg.connect(address_of(server, DESK, "rekenschap")) as database:
        found = database.execute("select tablename from pg_tables where tableowner = current_user").fetchall()
    return [str(row[0]) for row in found]


@on_a_server
def test_the_page_keeps_its_rows_under_its_own_role(
    server: postgres.PostgresServer, place: Path, in_page: Runs
) -> None:
    told_of(place, address_of(server, PAGE, PAGE))
    prepared = in_page("-m", "rekenschap_citizen.prepare")
    assert prepared.returncode == 0, prepared.stderr
    done = in_page("-c", LIVES)
    assert done.stdout.splitlines() == ["[200, 200, 302]", "00abcdefghjkmn"], done.stderr
    assert not (place / "own" / "citizen.sqlite").exists()
    with psycopg.connect(address_of(server, PAGE, PAGE)) as database:
        tables = {row[0] for row in database.execute("select tablename from pg_tables").fetchall()}
    assert {"django_session", "mandates_mandate"} <= tables
    assert not tables & {"people_person", "acts_act"}


@on_a_server
def test_its_role_may_not_even_come_where_the_desk_keeps_its_rows(server: postgres.PostgresServer) -> None:
    assert "people_person" in tables_of_the_desk(server)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(address_of(server, PAGE, "rekenschap"))


@on_a_server
def test_in_one_database_with_the_desk_every_table_of_the_desk_is_closed_to_it(
    server: postgres.PostgresServer, place: Path, in_page: Runs
) -> None:
    """Some have one database only: then a schema of its own, and the same holds."""
    with psycopg.connect(address_of(server, DESK, "rekenschap"), autocommit=True) as database:
        database.execute(f"grant connect on database rekenschap to {PAGE}")
    with psycopg.connect(address_of(server, "rekenschap", "rekenschap"), autocommit=True) as database:
        database.execute(f"create schema citizen authorization {PAGE}")
    alone = address_of(server, PAGE, "rekenschap") + "&options=" + quote("-c search_path=citizen", safe="")
    try:
        told_of(place, alone)
        prepared = in_page("-m", "rekenschap_citizen.prepare")
        assert prepared.returncode == 0, prepared.stderr
        tables = tables_of_the_desk(server)
        assert len(tables) > 20
        for name in tables:
            with (
                psycopg.connect(alone) as database,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                database.execute(f'table public."{name}"')
        _refused_when_more_is_granted(server, in_page)
    finally:
        with psycopg.connect(address_of(server, DESK, "rekenschap"), autocommit=True) as database:
            database.execute(f"revoke connect on database rekenschap from {PAGE}")


def _refused_when_more_is_granted(server: postgres.PostgresServer, in_page: Runs) -> None:
    """One column of one table is too much, and so is to be able to become the desk."""
    grants = {
        f"grant select (id) on people_person to {PAGE}": f"revoke all (id) on people_person from {PAGE}",
        f"grant delete on acts_act to {PAGE}": f"revoke all on acts_act from {PAGE}",
        f"grant {DESK} to {PAGE}": f"revoke {DESK} from {PAGE}",
        f"alter role {PAGE} createrole": f"alter role {PAGE} nocreaterole",
    }
    for grant, revoke in grants.items():
        with psycopg.connect(address_of(server, "rekenschap", "rekenschap"), autocommit=True) as database:
            database.execute(grant)
            try:
                for words in (("-m", "rekenschap_citizen.prepare"), ("-c", LIVES)):
                    done = in_page(*words)
                    assert done.returncode != 0, grant
                    assert "a database role that reaches its own tables alone" in done.stderr, grant
            finally:
                database.execute(revoke)


@pytest.mark.parametrize(
    "database",
    ["sqlite:///tmp/x", "postgresql://role:word@machine/name", "postgresql:///name", "machine/name"],
)
def test_an_address_that_is_none_or_holds_a_password_is_refused(place: Path, database: str) -> None:
    told_of(place, database)
    with pytest.raises(ConfigurationError, match="without a password") as refused:
        read_config(place)
    assert "word@" not in str(refused.value)


@pytest.mark.parametrize(
    ("level", "is_enough"), [("basis", False), ("", False), ("midden", True), ("hoog", True)]
)
def test_a_level_below_two_factors_cannot_be_asked_for(place: Path, level: str, is_enough: bool) -> None:
    (place / "citizen.toml").write_text(
        '[oidc]\nissuer = "https://broker.example"\nclient_id = "x"\nclient_secret = "env:X"\n'
        f'at_least = "{level}"\n',
        encoding="utf-8",
    )
    if is_enough:
        told = read_config(place).oidc
        assert told is not None
        assert told.at_least == level
    else:
        with pytest.raises(ConfigurationError, match="at_least"):
            read_config(place)
