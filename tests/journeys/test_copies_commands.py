# SPDX-License-Identifier: EUPL-1.2
"""A ledger is copied, lost, brought back, mended and recovered, by command."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rekenschap.house import House
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.journeys.commands import rekenschap
from tests.ledgers import facts

_CRASH = """
import sys
from pathlib import Path
from rekenschap.house import House
from rekenschap.model.relations import CONSULTATION
from tests.ledgers import facts
sequencer = House.at(Path(sys.argv[1])).sequencer(background=False)
some = facts(CONSULTATION, 25, seed=7)
for row in range(20):
    sequencer.append(CONSULTATION, some.slice(row, 1))
sequencer.tick()
for row in range(20, 25):
    sequencer.append(CONSULTATION, some.slice(row, 1))
print("acknowledged", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copies")
    House.at(root / "house").ledger(origin="example.org/ledger").append([(CONSULTATION, facts(count=600))])
    return root


@pytest.fixture
def place(begun: Path, tmp_path: Path) -> Path:
    shutil.copytree(begun, tmp_path / "here")
    return tmp_path / "here"


def test_a_ledger_is_brought_back_from_its_copy(place: Path):
    first = rekenschap("backup", place / "copy", "--ledger", place / "house")
    assert first.code == 0, first.err
    assert "601 regels" in first.out
    assert "Elke rij van de kopie is herrekend" in first.out
    assert not list((place / "copy").rglob("*.key"))
    shutil.rmtree(place / "house" / "ledger")
    keys = ("--public-key", place / "house" / "public-keys.txt")
    back = rekenschap("restore", place / "copy", "--home", place / "house", *keys, "--json")
    assert back.code == 0, back.err
    assert back.told["size"] == 601
    House.at(place / "house").ledger(origin="x").append([(ZAAK, facts(ZAAK, 2))])
    assert rekenschap("check", place / "house").code == 0


def test_a_copy_that_is_too_old_is_refused_while_the_anchor_is_there(place: Path):
    assert rekenschap("backup", place / "copy", "--ledger", place / "house").code == 0
    House.at(place / "house").ledger(origin="x").append([(ZAAK, facts(ZAAK, 2))])
    ledger = place / "house" / "ledger"
    for path in ledger.iterdir():
        if path.name != "anchor.db":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    keys = ("--public-key", place / "house" / "public-keys.txt")
    refused = rekenschap("restore", place / "copy", "--home", place / "house", *keys)
    assert refused.code == 5
    assert "at most 601 entries" in refused.err


def test_a_second_round_brings_only_what_is_new(place: Path):
    arguments = ("replicate", place / "copy", "--ledger", place / "house", "--every", "0")
    assert "nieuwe bestanden, gecontroleerd" in rekenschap(*arguments).out
    assert "601 regels, 0 nieuwe bestanden" in rekenschap(*arguments).out


def test_a_damaged_file_is_put_back_and_what_stood_there_is_kept(place: Path):
    assert rekenschap("backup", place / "copy", "--ledger", place / "house").code == 0
    path = next((place / "house" / "ledger" / "segments").glob("*consultation*.parquet"))
    path.write_bytes(spoilt := path.read_bytes()[:-100])
    assert rekenschap("check", place / "house").code == 5
    mended = rekenschap("repair", place / "copy", "--home", place / "house", "--language", "en")
    assert mended.code == 0, mended.err
    assert path.name in mended.out
    assert [kept.read_bytes() for kept in (place / "house" / "evidence").rglob("*.parquet")] == [spoilt]
    assert rekenschap("check", place / "house").code == 0
    assert (
        "Nothing was put back"
        in rekenschap("repair", place / "copy", "--home", place / "house", "--language", "en").out
    )


def test_a_repair_tells_that_the_anchor_is_lost_and_how_to_go_on(place: Path):
    home, copy = place / "house", place / "copy"
    assert "bewaar de sleutels" in rekenschap("backup", copy, "--ledger", home).out
    (home / "ledger" / "anchor.db").unlink()
    ran = rekenschap("repair", copy, "--home", home)
    assert ran.code == 5
    assert "the anchor of this house in anchor.db, found none; bring it back" in ran.err
    assert rekenschap("repair", copy, "--home", home, "--json").code == 5
    # What it says is what works.
    (home / "ledger").rename(place / "evidence")
    keys = ("--public-key", home / "public-keys.txt")
    assert rekenschap("restore", copy, "--home", home, *keys).code == 0
    assert rekenschap("check", home).code == 0


def test_what_was_acknowledged_is_there_after_a_kill(place: Path):
    child = subprocess.Popen(
        [sys.executable, "-c", _CRASH, str(place / "house")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"acknowledged\n"
    busy = rekenschap("recover", "--home", place / "house")
    assert busy.code == 4
    assert busy.err.rstrip().endswith("expected one writer, found another at work; try again later")
    child.send_signal(signal.SIGKILL)
    child.communicate()
    found = rekenschap("recover", "--home", place / "house", "--json")
    assert found.code == 0, found.err
    told = {key: found.told[key] for key in ("size", "was_sealed", "was_signed", "recovered")}
    assert told == {"size": 628, "was_sealed": 601, "was_signed": 621, "recovered": [621, 625]}
    checked = rekenschap("check", place / "house", "--language", "en")
    assert (checked.code, "Recovered, unsigned: 5 entries in 1 stops, last 621-625" in checked.out) == (
        0,
        True,
    )
    again = rekenschap("recover", "--home", place / "house")
    assert "628 regels" in again.out
    assert "Uit het journaal" not in again.out


def test_an_intake_first_seals_what_a_killed_sequencer_left(place: Path):
    sequencer = House.at(place / "house").sequencer(background=False)
    sequencer.append(CONSULTATION, facts(count=3, seed=11))
    sequencer.close()
    ledger = House.at(place / "house").ledger(origin="x")
    assert ledger.size == ledger.checkpoint.size == 604


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("restore", "nowhere", "--public-key", "KEYS"), "expected a ledger"),
        (("backup", "copy", "--ledger", "nowhere"), "expected the directory of a ledger"),
        (("backup", "s3://x", "--ledger", "HOUSE"), "expected the name of a bucket"),
        (("backup", "ftp://x/y", "--ledger", "HOUSE"), "begins with s3:"),
        (("repair", "nowhere", "--home", "HOUSE"), "expected a ledger"),
        (("recover", "--home", "nowhere"), "expected a house with a ledger"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(place: Path, arguments: tuple[str, ...], said: str):
    given = {"KEYS": place / "house" / "public-keys.txt", "HOUSE": place / "house"}
    ran = rekenschap(*(given.get(each, each) for each in arguments), cwd=place)
    assert ran.code in (3, 4)
    last = ran.err.strip().rsplit("\n", 1)[-1]
    assert said in last
    assert "Traceback" not in ran.err
