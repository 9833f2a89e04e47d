# SPDX-License-Identifier: EUPL-1.2
"""The desk on PostgreSQL: a house that names it is served from it, and what holds on SQLite holds there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import postgres

ALSO_THERE = (
    "tests/web/signin/test_sessions.py", "tests/web/signin/test_local.py",
    "tests/web/acts/test_outbox.py", "tests/web/attack",
)  # fmt: skip

pytestmark = pytest.mark.skipif(bool(postgres.why_not()), reason=postgres.why_not() or "-")


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.PostgresServer]:
    with postgres.running() as running:
        yield running


def test_a_house_that_names_postgresql_keeps_its_rows_there(
    server: postgres.PostgresServer, tmp_path: Path
) -> None:
    (tmp_path / "rekenschap.toml").write_text(f'[desk]\ndatabase = "{server.address}"\n', encoding="utf-8")
    told = {**os.environ, "REKENSCHAP_HOME": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-m", "rekenschap_web.settings.prepare"], env=told, check=True, timeout=300
    )
    assert not (tmp_path / "desk" / "desk.sqlite").exists()
    import psycopg

    with psycopg.connect(server.address) as database:
        tables = {row[0] for row in database.execute("select tablename from pg_tables").fetchall()}
    assert {"people_person", "signin_signedin", "acts_act", "desk_cache"} <= tables


@pytest.mark.slow
@pytest.mark.parametrize("suite", ALSO_THERE)
def test_what_holds_on_sqlite_holds_there(server: postgres.PostgresServer, suite: str) -> None:
    told = {**os.environ, "REKENSCHAP_TEST_DATABASE": server.address}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", suite],
        env=told, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
