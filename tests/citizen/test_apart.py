# SPDX-License-Identifier: EUPL-1.2
"""The page is apart: nothing of staff lies with it, and nothing in its process opens the desk."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from rekenschap.audit.deriving import newest_in
from tests.citizen.conftest import Served

REACHABLE = """
import gc, json, os, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "rekenschap_citizen.settings"
import django
django.setup()
from django.test import Client
from django.conf import settings
from django.db import connection
from django.urls import get_resolver
settings.ALLOWED_HOSTS = ["testserver"]
from rekenschap_citizen.wsgi import application
from rekenschap_citizen.formats import offered
client = Client()
codes = [client.get(path).status_code for path in ("/", "/uitleg/", "/raadplegingen/", "/leeft/")]
from rekenschap_citizen.place import shelf
place = Path(settings.CITIZEN_PLACE)
newest = place / "offered" / (place / "offered" / "latest").read_text().strip()
drawer = next(line for path in sorted(newest.glob("*.lines")) for line in path.open()).partition("\\t")[0]
from rekenschap.citizen.telling import Telling
answer = shelf.answer_in(place, drawer, organisation="Veldhaven")
for each in offered().values():
    each.write(answer, Telling.in_language("nl"))
gc.collect()
seen = {type(each).__module__ for each in gc.get_objects()}
seen |= {each.__module__ for each in gc.get_objects() if isinstance(each, type)}
print(json.dumps({
    "codes": codes, "looks": len(answer.items),
    "modules": sorted(name for name in set(sys.modules) | {str(each) for each in seen}
                      if name.split(".")[0].startswith(("rekenschap", "duckdb", "pyarrow"))),
    "tables": sorted(connection.introspection.table_names()),
    "surroundings": sorted(value for name, value in os.environ.items() if "house" in value
                           and name not in ("PWD", "OLDPWD")),
}))
"""
MAY = ("rekenschap", "rekenschap.errors", "rekenschap.citizen", "rekenschap.model", "rekenschap_citizen")


@pytest.fixture(scope="module")
def reached(served: Served) -> dict[str, list[str]]:
    """What a process with the surroundings of the page reaches, after it served and wrote every format."""
    import json

    surroundings = {
        "PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "REKENSCHAP_CITIZEN": str(served.place), "REKENSCHAP_HOME": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", REACHABLE],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    assert found["codes"] == [200, 200, 302, 200]
    assert found["looks"] != 0
    return found


def test_no_object_in_the_process_can_open_the_desk(reached: dict[str, list[str]]) -> None:
    strangers = [
        name
        for name in reached["modules"]
        if not any(name == each or (name.startswith(each + ".") and each != "rekenschap") for each in MAY)
    ]
    assert strangers == []


def test_its_database_holds_no_table_of_the_desk(reached: dict[str, list[str]]) -> None:
    assert {name.split("_")[0] for name in reached["tables"]} <= {
        "account",
        "auth",
        "django",
        "mandates",
        "socialaccount",
    }


def test_it_is_told_only_where_its_own_place_is(reached: dict[str, list[str]], served: Served) -> None:
    assert reached["surroundings"] == [str(served.place)]


def lying_in(place: Path) -> dict[str, bytes]:
    """Read every file; what the worker replaces meanwhile is read as far as it is there."""
    found = {}
    for folder, _, names in os.walk(place):
        for name in names:
            with suppress(OSError):  # gone by now, or a socket
                found[f"{folder}/{name}"] = Path(folder, name).read_bytes()
    return found


def test_nothing_of_staff_lies_with_the_citizen_page(served: Served) -> None:
    """Every byte, against every staff number and every pseudonym of staff, as a number and as bytes."""
    folder = served.home / "derived" / newest_in(served.home)
    people = pq.read_table(folder / "people.parquet").column("staff").to_pylist()
    assert len(people) > 100
    names = [f"mw-{each:04}".encode() for each in range(1, 400)]
    names += [str(each).encode() for each in people]
    names += [each.to_bytes(8, "big", signed=True) for each in people]
    held = lying_in(served.place)
    assert any(name.endswith(".lines") for name in held)
    for name, told in held.items():
        assert not [each for each in names if each in told], name


def test_no_key_of_the_house_lies_with_the_citizen_page(served: Served) -> None:
    keys = [path.read_bytes() for path in (served.home / "keys").rglob("*") if path.is_file()]
    keys.append((served.home / "desk" / "citizen-key").read_bytes())
    held = lying_in(served.place).values()
    assert keys
    assert not [key for key in keys if len(key) >= 16 and any(key in each for each in held)]


def test_others_of_this_machine_cannot_read_it(served: Served) -> None:
    private = [served.place / "offered", served.place / "own", served.home / "desk" / "citizen-key"]
    assert [path.stat().st_mode & 0o077 for path in private] == [0, 0, 0]
    assert Path(served.place / "clerk.sock").stat().st_mode & 0o077 == 0


def surroundings_of(process: Path) -> dict[str, str]:
    """Read what a process was started with; nothing of one that ended, or is not ours."""
    with suppress(OSError):
        told = (process / "environ").read_bytes().decode(errors="replace").split("\0")
        return dict(each.partition("=")[::2] for each in told if each)
    return {}


def test_the_page_that_runs_holds_no_file_of_the_house(served: Served) -> None:
    """Every open file and every mapped one, of every process that serves the page at this moment."""
    ours = {
        process: told
        for process in Path("/proc").glob("[0-9]*")
        if (told := surroundings_of(process)).get("REKENSCHAP_CITIZEN") == str(served.place)
    }
    assert ours
    for process, told in ours.items():
        assert told["REKENSCHAP_HOME"] == ""
        held = [str(each.readlink()) for each in (process / "fd").iterdir() if each.is_symlink()]
        held += (process / "maps").read_text(encoding="utf-8").split()
        of_house = {each for each in held if each.startswith(f"{served.home}/")}
        assert {each for each in of_house if not each.startswith(f"{served.place}/")} == set()
