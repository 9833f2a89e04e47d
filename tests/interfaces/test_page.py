# SPDX-License-Identifier: EUPL-1.2
"""The page about letting others read does what it says, word for word."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rekenschap.audit.desk.people import reading
from rekenschap.cli.serving.ports import free_port
from rekenschap.house import House
from tests.interfaces.service import Readers
from tests.interfaces.town import SOUGHT, STAFF, copied

ROOT = Path(__file__).parents[2]


@pytest.fixture
def places(house: Path, tmp_path: Path) -> dict[str, str]:
    """Where everything of the page is, with `rekenschap` on the path as an operator has it."""
    home, programs = copied(house, tmp_path / "house"), tmp_path / "bin"
    programs.mkdir()
    program = programs / "rekenschap"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rekenschap "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"HOUSE": str(home), "PORT": str(free_port(0)), "PATH": path}


def test_the_page_on_letting_others_read_does_what_it_says(places: dict[str, str], tmp_path: Path):
    if shutil.which("curl") is None:
        pytest.skip("no curl: apt install curl")
    page = (ROOT / "docs" / "how-to" / "let-others-read.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    start, ask, give = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    add, serve = start.splitlines()
    home = Path(places["HOUSE"])
    (home / "read" / "read.toml").write_text(settings, encoding="utf-8")
    told = subprocess.run(["sh", "-ec", add], env=places, capture_output=True, text=True, check=True).stdout
    with (tmp_path / "said").open("wb") as said:
        served = subprocess.Popen(["sh", "-ec", f"exec {serve}"], env=places, stdout=said, stderr=said)
    try:
        token = {"TOKEN": told.splitlines()[-1].strip()}
        until = time.monotonic() + 90
        while (
            got := subprocess.run(
                ["sh", "-ec", ask], env=places | token, capture_output=True, text=True, check=False
            )
        ).returncode:
            assert time.monotonic() < until, got.stderr + (tmp_path / "said").read_text()
            time.sleep(0.5)
    finally:
        served.terminate()
        served.wait(60)
    found = json.loads(got.stdout)["processingActivities"]
    assert [int(each["spanId"], 16) for each in found] == [8, 2]
    assert found[0]["attributes"]["dpl.core.processing_activity_id"].endswith(
        "gemeente.example/register/VA%207"
    )
    _gives(places, give, tmp_path)


def _gives(places: dict[str, str], give: str, tmp_path: Path) -> None:
    subprocess.run(["sh", "-ec", give], env=places, cwd=tmp_path, capture_output=True, check=True)
    text = (tmp_path / "audit-events.ndjson").read_text(encoding="utf-8")
    given = [json.loads(each) for each in text.splitlines()]
    assert len(given) == 2  # of four looks one is of a shielded activity, one of an investigation
    assert {each["resourceType"] for each in given} == {"AuditEvent"}
    assert STAFF not in text
    assert SOUGHT not in text
    facts = reading(House.at(Path(places["HOUSE"])))
    (disclosed,) = facts.facts("disclosure").table.to_pylist()
    assert (disclosed["kinds"], disclosed["subjects"], disclosed["kind"]) == ("looks", 2, "export")


def test_an_address_of_another_machine_needs_a_certificate(house: Path):
    ran = Readers(house)
    words = [
        sys.executable,
        "-m",
        "rekenschap",
        "read",
        "serve",
        "--home",
        str(ran.home),
        "--host",
        "0.0.0.0",  # noqa: S104 - refused
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, "--certificate" in done.stderr) == (4, True)
