# SPDX-License-Identifier: EUPL-1.2
"""A backup of house and desk: made while the desk is in use, checked, put back, and proven."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.web.real_house import COUNT, WRITE, command, founded, run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of which ten acts are in the ledger, and five wait."""
    place = founded(tmp_path_factory.mktemp("backup") / "house")
    run(place, "-c", WRITE, "0", "10")
    run(place, "-m", "rekenschap_web.acts.worker", "--no-derive", "--once")
    run(place, "-c", WRITE, "10", "15")
    return place


@pytest.fixture(scope="module")
def backup(home: Path) -> Path:
    """A backup of it; afterwards what waited came into the ledger."""
    folder = home.with_name("backup")
    made = command(home, "backup", "create", str(folder), "--home", str(home), "--language", "en")
    assert made.returncode == 0, made.stderr
    return folder


def _empty_house(home: Path, place: Path) -> Path:
    """A machine on which only the keys were put back."""
    shutil.copytree(home / "keys", place / "keys")
    (place / "desk").mkdir()
    shutil.copyfile(home / "desk" / "secret-key", place / "desk" / "secret-key")
    return place


@pytest.mark.slow
def test_a_backup_is_verified_without_the_house(home: Path, backup: Path) -> None:
    done = command(home, "backup", "verify", str(backup), "--public-key", str(home / "public-keys.txt"))
    assert done.returncode == 0, done.stderr
    assert "klopt" in done.stdout


@pytest.mark.slow
def test_what_is_put_back_ends_in_a_proof_and_a_desk_that_agrees(
    home: Path, backup: Path, tmp_path: Path
) -> None:
    again = _empty_house(home, tmp_path / "again")
    keys = str(home / "public-keys.txt")
    done = command(
        again,
        "backup",
        "restore",
        str(backup),
        "--home",
        str(again),
        "--public-key",
        keys,
        "--language",
        "en",
    )
    assert done.returncode == 0, done.stderr
    assert "is proven with the public key" in done.stdout
    assert run(again, "-c", COUNT).split() == ["16", "5"]
    run(again, "-m", "rekenschap_web.acts.worker", "--no-derive", "--once")
    assert command(again, "check", str(again)).returncode == 0


@pytest.mark.slow
def test_a_desk_that_was_changed_in_the_backup_is_an_alarm(home: Path, backup: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(backup, changed)
    with closing(sqlite3.connect(changed / "desk.saved")) as base:
        base.execute("UPDATE acts_act SET because = 'vergissing' WHERE number = 3")
        base.commit()
    again = _empty_house(home, tmp_path / "again")
    done = command(
        again, "backup", "restore", str(changed), "--home", str(again),
        "--public-key", str(home / "public-keys.txt"),
    )  # fmt: skip
    assert done.returncode == 5
    assert "act 3 in the database of the desk as the desk wrote it" in done.stderr


@pytest.mark.slow
def test_without_the_key_of_the_desk_nothing_of_it_is_put_back(
    home: Path, backup: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(home / "keys", again / "keys")
    done = command(
        again, "backup", "restore", str(backup), "--home", str(again),
        "--public-key", str(home / "public-keys.txt"),
    )  # fmt: skip
    assert done.returncode == 3
    assert "the key of the desk" in done.stderr
    assert not (again / "desk" / "desk.sqlite").exists()


@pytest.mark.slow
def test_the_doctor_finds_a_house_well_and_names_the_line_that_is_wrong(home: Path, tmp_path: Path) -> None:
    sick = tmp_path / "sick"
    shutil.copytree(home, sick)
    (sick / "rekenschap.toml").write_text('# ours\n[desk]\npublic_url = "ftp://desk"\n', encoding="utf-8")
    done = command(sick, "doctor", "--home", str(sick), "--language", "en")
    assert done.returncode == 4
    assert 'line 3: public_url = "ftp://desk"' in done.stdout
    well = ("doctor", "--home", str(home))
    assert "desk migrations: all run" in command(home, *well, "--language", "en").stdout
    assert "werkplek, tabellen: bijgewerkt" in command(home, *well, "--language", "nl").stdout
