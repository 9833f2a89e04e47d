# SPDX-License-Identifier: EUPL-1.2
"""The database of the desk: every change of a table is written down, and an older database comes along."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = sorted(name.rpartition(".")[2] for name in settings.DESK_APPS)


@pytest.mark.django_db
def test_no_change_of_a_table_is_without_a_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_room_with_tables_has_a_migration_to_begin_with() -> None:
    loader = MigrationLoader(None)
    for room in OURS:
        with_tables = any(model._meta.managed for model in apps.get_app_config(room).get_models())
        firsts = [name for app, name in loader.disk_migrations if app == room]
        assert bool(firsts) == with_tables or not with_tables, room


def test_a_database_of_the_first_set_comes_along_with_what_stands_in_it(tmp_path: Path) -> None:
    firsts = sorted(
        (app, name)
        for app, name in MigrationLoader(None).disk_migrations
        if app in OURS and name[:4] == "0001"
    )
    for app, name in firsts:
        _django(tmp_path, "migrate", app, name)
    database = tmp_path / "desk" / "desk.sqlite"
    with sqlite3.connect(database) as rows:
        rows.execute(
            "insert into people_person"
            " (password, sub, name, email, roles_written, team, staff_id, is_locked, made_at)"
            " values ('!', 'fg', 'Bram Koster', 'fg@veldhaven.example', 'fg', 'staf', 'mw-0039', 0,"
            " '2026-01-01')"
        )
    _django(tmp_path, "migrate")
    with sqlite3.connect(database) as rows:
        found = rows.execute("select sub, name, roles_written, staff_id from people_person").fetchall()
    assert found == [("fg", "Bram Koster", "fg", "mw-0039")]
    assert "No planned migration operations" in _django(tmp_path, "migrate", "--plan")


def test_bringing_a_database_up_to_date_twice_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-m", "rekenschap_web.settings.prepare"],
            env=_told(tmp_path),
            check=True,
            timeout=120,
        )
    assert (tmp_path / "desk").stat().st_mode & 0o077 == 0


def _django(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "django", *words],
        env=_told(home), check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return done.stdout


def _told(home: Path) -> dict[str, str]:
    told = {"REKENSCHAP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "rekenschap_web.settings.desk"}
    return {**os.environ, **told}
