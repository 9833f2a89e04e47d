# SPDX-License-Identifier: EUPL-1.2
"""Officers hold a ceremony, keys of the log change, and each step says what comes next."""

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.house import House
from rekenschap.model.relations import CONSULTATION
from tests.journeys.commands import rekenschap
from tests.ledgers import content, facts, with_identity


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with a small ledger, and three officers who made their keys."""
    root = tmp_path_factory.mktemp("keys")
    House.at(root / "house").ledger(origin="example.org/ledger").append([(CONSULTATION, facts(count=30))])
    for name in "abc":
        made = rekenschap("keys", "new", f"example.org/officer-{name}", "--out", root / f"{name}.key")
        assert made.code == 0, made.err
        assert (root / f"{name}.key.pub").read_text().startswith(f"example.org/officer-{name}+")
        assert (root / f"{name}.key").stat().st_mode & 0o777 == 0o600
    return root


@pytest.fixture
def place(begun: Path, tmp_path: Path) -> Path:
    shutil.copytree(begun, tmp_path / "copy")
    return tmp_path / "copy"


def held(place: Path, *names: str) -> list[object]:
    return [part for name in names for part in ("--officer", place / f"{name}.key.pub")]


def ceremony(place: Path) -> None:
    paper = place / "paper.txt"
    home = ("--home", place / "house")
    assert rekenschap("keys", "ceremony", *held(place, *"abc"), "--out", paper, *home).code == 0
    for name in "abc":
        assert rekenschap("keys", "sign", paper, "--key", place / f"{name}.key").code == 0
    done = rekenschap("keys", "accept", paper, *home)
    assert done.code == 0, done.err


def test_officers_found_themselves_with_each_others_eyes(place: Path):
    ceremony(place)
    told = rekenschap("keys", "show", "--home", place / "house", "--json").told
    assert told["needed"] == 2
    assert [key["role"] for key in told["keys"]] == ["ledger", "ledger", "officer", "officer", "officer"]


def test_a_ceremony_that_not_all_signed_is_refused(place: Path):
    paper = place / "paper.txt"
    rekenschap("keys", "ceremony", *held(place, *"ab"), "--out", paper, "--home", place / "house")
    rekenschap("keys", "sign", paper, "--key", place / "a.key")
    refused = rekenschap("keys", "accept", paper, "--home", place / "house")
    assert refused.code == 3
    assert "none of example.org/officer-b" in refused.err


@pytest.mark.parametrize("names", ["a", "aa"])
def test_one_person_is_no_ceremony(place: Path, names: str):
    out = place / "paper.txt"
    refused = rekenschap("keys", "ceremony", *held(place, *names), "--out", out, "--home", place / "house")
    assert refused.code == 3
    assert " at entry " not in refused.err
    assert_nothing_was_added(place)
    assert not out.exists()


def assert_nothing_was_added(place: Path) -> None:
    told = rekenschap("keys", "show", "--home", place / "house", "--json").told
    assert (told["size"], told["keys"]) == (31, [])


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("nowhere.pub", "found no such file;"),
        ("", "found a file that cannot be read;"),
        ("b.key", "found a private key, which only its owner may hold;"),
    ],
)
def test_a_ceremony_without_the_key_of_an_officer_leaves_nothing(place: Path, given: str, found: str):
    officers = (*held(place, "a"), "--officer", place / given)
    refused = rekenschap("keys", "ceremony", *officers, "--home", place / "house", cwd=place)
    assert refused.code == 4
    assert found in refused.err
    assert_nothing_was_added(place)


def test_too_few_officers_cannot_stay_and_it_is_said_what_to_do(place: Path):
    ceremony(place)
    leaving = ("--retire", place / "a.key.pub", "--retire", place / "b.key.pub")
    refused = rekenschap("keys", "ceremony", *leaving, "--home", place / "house", cwd=place)
    assert refused.code == 3
    assert "let enough officers stay" in refused.err


@pytest.mark.parametrize("content", [b"", b"whatever\n", b"text\n\nno signature\n", bytes(range(256))])
def test_what_is_no_signed_statement_is_refused_and_no_alarm(place: Path, content: bytes):
    (place / "paper.txt").write_bytes(content)
    home = ("--home", place / "house")
    for command in (("keys", "accept"), ("erase",), ("hold",)):
        refused = rekenschap(*command, place / "paper.txt", *home)
        assert refused.code == (3 if content else 4), refused.err
    assert_nothing_was_added(place)


def test_a_statement_nobody_signed_is_sent_to_those_who_sign(place: Path):
    paper, home = place / "paper.txt", ("--home", place / "house")
    rekenschap("keys", "ceremony", *held(place, *"ab"), "--out", paper, *home)
    refused = rekenschap("keys", "accept", paper, *home)
    assert (refused.code, "keys sign" in refused.err) == (3, True)
    signed = rekenschap("keys", "sign", paper, "--key", place / "a.key", "--language", "en")
    assert signed.out.rstrip().endswith(f"where the ledger is: rekenschap keys accept {paper}")
    refused = rekenschap("hold", paper, *home)
    assert (refused.code, "give it to rekenschap keys accept" in refused.err) == (3, True)


def test_a_public_key_is_no_key_to_sign_with(place: Path):
    (place / "paper.txt").write_text("whatever\n")
    refused = rekenschap("keys", "sign", place / "paper.txt", "--key", place / "a.key.pub")
    assert (refused.code, "give the file without .pub" in refused.err) == (4, True)


def test_copies_that_each_signed_apart_are_joined(place: Path):
    paper, home = place / "paper.txt", ("--home", place / "house")
    rekenschap("keys", "ceremony", *held(place, *"ab"), "--out", paper, *home)
    for name in "ab":
        copy = place / f"{name}.txt"
        assert rekenschap("keys", "sign", paper, "--key", place / f"{name}.key", "--out", copy).code == 0
    assert rekenschap("keys", "accept", place / "a.txt", place / "b.txt", *home).code == 0


def test_nothing_but_a_statement_gets_a_signature(place: Path):
    checkpoint = place / "house/ledger/checkpoint"
    text = checkpoint.read_text().split("\n\n")[0] + "\n"
    (place / "trick.txt").write_text(text)
    for trick in (checkpoint, place / "trick.txt"):
        refused = rekenschap("keys", "sign", trick, "--key", place / "a.key", "--out", place / "signed.txt")
        assert refused.code == 3
        assert "do not sign it" in refused.err
    assert not (place / "signed.txt").exists()


def test_a_key_is_never_written_over(place: Path):
    again = rekenschap("keys", "new", "example.org/officer-a", "--out", place / "a.key")
    assert again.code == 4
    assert "never written over" in again.err


def test_a_key_others_can_read_is_refused(place: Path):
    (place / "a.key").chmod(0o644)
    (place / "paper.txt").write_text("whatever\n")
    refused = rekenschap("keys", "sign", place / "paper.txt", "--key", place / "a.key")
    assert refused.code == 4
    assert "its owner only" in refused.err


def test_new_keys_of_the_log_take_over_and_who_holds_the_first_key_can_still_check(place: Path):
    home, ledger = place / "house", place / "house/ledger"
    first = (home / "public-keys.txt").read_text()
    (place / "first.txt").write_text(first)
    rotated = rekenschap("keys", "rotate", "--home", home)
    assert rotated.code == 0, rotated.err
    assert "keys retire" in rotated.out
    assert rekenschap("check", ledger, "--public-key", place / "first.txt").code == 0
    retired = rekenschap("keys", "retire", "--home", home)
    assert retired.code == 0
    assert f"rekenschap check {home}" in retired.out
    assert sorted(path.name for path in (home / "keys").glob("signing*")) == [
        "signing-ed25519-2.key",
        "signing-ml-dsa-44-2.key",
    ]
    later = House.at(home).ledger(origin="example.org/ledger")
    at = later.facts("key_event").table.column("recorded_at").cast(pa.int64())[-1].as_py()
    later.append([(CONSULTATION, with_identity(content(CONSULTATION, 3, 9), CONSULTATION, recorded_at=at))])
    for keys in ((), ("--public-key", place / "first.txt"), ("--public-key", home / "public-keys.txt")):
        checked = rekenschap("check", ledger, *keys)
        assert checked.code == 0, checked.err
    again = rekenschap("keys", "retire", "--home", home)
    assert again.code == 0
    assert "keys rotate" in again.out
