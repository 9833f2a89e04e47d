# SPDX-License-Identifier: EUPL-1.2
"""A backup of a house whose desk is on PostgreSQL: saved, put back in an empty database, and proven."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rekenschap.house import ORIGIN, House
from tests.servers import postgres
from tests.web.real_house import COUNT, WRITE, command, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(postgres.why_not()), reason=postgres.why_not() or "-"),
    pytest.mark.skipif(not shutil.which("pg_dump"), reason="no pg_dump: apt install postgresql-client"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.PostgresServer]:
    with postgres.running() as running:
        with psycopg.connect(running.address, autocommit=True) as connection:
            for name in ("desk", "again"):
                connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        yield running


def address(server: postgres.PostgresServer, database: str) -> str:
    return server.address.replace("/postgres?", f"/{database}?")


@pytest.fixture(scope="module")
def home(server: postgres.PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of which ten acts are in the ledger, and five wait."""
    place = tmp_path_factory.mktemp("backup") / "house"
    place.mkdir()
    House.at(place).ledger(origin=ORIGIN)
    _names(place, address(server, "desk"))
    run(place, "-m", "rekenschap_web.settings.prepare")
    run(place, "-c", WRITE, "0", "10")
    run(place, "-m", "rekenschap_web.acts.worker", "--no-derive", "--once")
    run(place, "-c", WRITE, "10", "15")
    return place


@pytest.fixture(scope="module")
def backup(home: Path) -> Path:
    folder = home.with_name("backup")
    made = command(home, "backup", "create", str(folder), "--home", str(home), "--language", "en")
    assert made.returncode == 0, made.stderr
    return folder


def _empty(home: Path, again: Path, database: str) -> Path:
    """Give a machine on which only the keys were put back."""
    shutil.copytree(home / "keys", again / "keys")
    (again / "desk").mkdir()
    shutil.copyfile(home / "desk" / "secret-key", again / "desk" / "secret-key")
    _names(again, database)
    return again


def _restored(backup: Path, again: Path, keys: Path) -> subprocess.CompletedProcess[str]:
    words = ("restore", str(backup), "--home", str(again), "--public-key", str(keys), "--language", "en")
    return command(again, "backup", *words)


def _names(home: Path, database: str) -> None:
    (home / "rekenschap.toml").write_text(f'[desk]\ndatabase = "{database}"\n', encoding="utf-8")


def test_a_desk_on_postgresql_is_put_back_where_there_is_none_and_agrees_with_the_ledger(
    server: postgres.PostgresServer, home: Path, backup: Path, tmp_path: Path
) -> None:
    assert (backup / "desk.saved").read_bytes().startswith(b"PGDMP")
    again = _empty(home, tmp_path / "again", address(server, "again"))
    done = _restored(backup, again, home / "public-keys.txt")
    assert done.returncode == 0, done.stderr
    assert "is proven with the public key" in done.stdout
    assert run(again, "-c", COUNT).split() == ["16", "5"]
    run(again, "-m", "rekenschap_web.acts.worker", "--no-derive", "--once")
    assert command(again, "check", str(again)).returncode == 0


def test_a_desk_that_is_there_is_never_written_over(
    server: postgres.PostgresServer, home: Path, backup: Path, tmp_path: Path
) -> None:
    again = _empty(home, tmp_path / "again", address(server, "desk"))
    done = _restored(backup, again, home / "public-keys.txt")
    assert done.returncode != 0
    assert "a house without a desk" in done.stderr
    assert "Traceback" not in done.stderr
