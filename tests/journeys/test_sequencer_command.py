# SPDX-License-Identifier: EUPL-1.2
"""A sequencer at work: intake goes through it, other writers wait, stopping it leaves everything sealed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rekenschap.house import House
from tests.journeys.commands import rekenschap

LOOKS = [
    {
        "relation": "consultation",
        "source": "BRP",
        "looked_at": f"2026-10-05T09:{number:02d}:00Z",
        "staff": f"M{number % 3}",
        "subject": f"K{number}",
        "register": "BRP",
    }
    for number in range(40)
]


@contextmanager
def at_work(home: Path) -> Iterator[subprocess.Popen]:
    child = subprocess.Popen(
        [sys.executable, "-m", "rekenschap", "sequencer", "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        said = child.stdout.readline()
        assert "neemt in" in said, child.stderr.read() if child.stderr else ""
        yield child
    finally:
        child.kill()
        child.communicate()


def written(path: Path, looks: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(look) + "\n" for look in looks))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    first = written(tmp_path / "first.jsonl", LOOKS[:10])
    taken = rekenschap("intake", first, "--profile", "native-jsonl", "--home", tmp_path / "house")
    assert taken.code == 0, taken.err
    return tmp_path / "house"


def looks_in(home: Path) -> int:
    return House.at(home).ledger(origin="x").facts("consultation").table.num_rows


def test_intake_goes_through_a_sequencer_and_a_file_twice_adds_nothing(home: Path, tmp_path: Path):
    more = written(tmp_path / "more.jsonl", LOOKS[5:25])
    every = written(tmp_path / "every.jsonl", LOOKS)
    with at_work(home) as child:
        for path in (more, more, every):
            taken = rekenschap("intake", path, "--profile", "native-jsonl", "--home", home, "--json")
            assert taken.code == 0, taken.err
        refused = rekenschap("recover", "--home", home)
        assert refused.code == 4
        assert "at work" in refused.err
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        assert "ondertekend en verzegeld" in out
    assert looks_in(home) == 40
    assert rekenschap("check", home).code == 0


def test_what_went_through_a_killed_sequencer_is_there(home: Path, tmp_path: Path):
    every = written(tmp_path / "every.jsonl", LOOKS)
    with at_work(home) as child:
        assert rekenschap("intake", every, "--profile", "native-jsonl", "--home", home).code == 0
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    assert (home / "sequencer.sock").is_socket()
    again = rekenschap("intake", every, "--profile", "native-jsonl", "--home", home, "--json")
    assert again.code == 0, again.err
    assert looks_in(home) == 40
    assert rekenschap("check", home).code == 0


def test_a_place_without_a_ledger_is_refused_in_one_sentence(tmp_path: Path):
    refused = rekenschap("sequencer", "--home", tmp_path / "nowhere")
    assert refused.code == 3
    assert refused.err.count("\n") == 1
