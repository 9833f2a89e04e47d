# SPDX-License-Identifier: EUPL-1.2
"""An outsider checks a ledger against what was kept elsewhere, with the commands."""

from pathlib import Path

import pytest

from rekenschap.tlog.note import Note, sign_text
from tests.journeys.commands import rekenschap
from tests.ledgers import KEYS, ORIGIN, Place, make_place
from tests.witnessing import Signers, Tree


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path / "ledger", (20, 30))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "public-keys.txt"
    path.write_text("\n".join(KEYS.verifier_texts(ORIGIN)) + "\n", encoding="utf-8")
    return path


def check(place: Place, keys: Path, *more: object):
    return rekenschap("check", place.path, "--public-key", keys, "--language", "en", *more)


def kept(tmp_path: Path, name: str, raw: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def test_a_ledger_contains_what_was_kept_signed_and_typed(place: Place, keys: Path, tmp_path: Path):
    note = kept(tmp_path, "mailed.txt", place.anchor.history()[1][1])
    text = Note.from_bytes(place.store.get("checkpoint")).text
    typed = kept(tmp_path, "typed.txt", text.encode())
    ran = check(place, keys, "--against", note, "--against", typed)
    assert ran.code == 0, ran.err
    assert "Contains the checkpoint of 32 entries that was kept elsewhere, signed" in ran.out
    assert "It carries no signature" in ran.out
    assert "seen only with a checkpoint kept elsewhere" not in ran.out
    told = check(place, keys, "--against", note, "--json").told
    assert told["against"] == [{"size": 32, "signed": True}]


def test_a_ledger_that_was_put_back_is_an_alarm_that_names_the_sizes(
    place: Place, keys: Path, tmp_path: Path
):
    note = kept(tmp_path, "mailed.txt", make_place(tmp_path / "more", (20, 30, 40)).store.get("checkpoint"))
    ran = check(place, keys, "--against", note)
    assert ran.code == 5
    assert "at least 137 entries" in ran.err
    assert "found one of 77" in ran.err


def test_another_history_is_an_alarm(place: Place, keys: Path, tmp_path: Path):
    note = kept(tmp_path, "mailed.txt", make_place(tmp_path / "other", (20,)).store.get("checkpoint"))
    ran = check(place, keys, "--against", note)
    assert ran.code == 5
    assert "the first 32 of 77 entries" in ran.err


@pytest.mark.parametrize(("content", "code"), [(b"no checkpoint", 5), (None, 4)])
def test_a_file_that_is_no_checkpoint_is_one_sentence(
    place: Place, keys: Path, tmp_path: Path, content, code
):
    path = tmp_path / "missing.txt" if content is None else kept(tmp_path, "kept.txt", content)
    ran = check(place, keys, "--against", path)
    assert ran.code == code
    assert ran.err.count("\n") == 1


def test_the_witnesses_a_policy_asks_are_counted_or_missed(place: Place, keys: Path, tmp_path: Path):
    signers = Signers()
    lines = f"witness one {signers.texts[1]}\nquorum one\n"
    policy = kept(tmp_path, "policy.txt", lines.encode())
    without = check(place, keys, "--policy", policy)
    assert without.code == 5
    assert "quorum one" in without.err
    note = Note.from_bytes(place.store.get("checkpoint"))
    cosigned = note.with_signatures([sign_text(note.text, signers.pairs[1], 1_790_000_001)])
    place.store.replace("checkpoint", cosigned.to_bytes())
    ran = check(place, keys, "--policy", policy)
    assert ran.code == 0, ran.err
    assert "Witnesses (1) cosigned up to 77 entries" in ran.out
    assert check(place, keys, "--policy", policy, "--json").told["witnessed"] == 77


def test_a_policy_that_is_none_is_one_sentence(place: Place, keys: Path, tmp_path: Path):
    ran = check(place, keys, "--policy", kept(tmp_path, "policy.txt", b"quorum nobody\n"))
    assert ran.code == 4
    assert "quorum" in ran.err


def test_a_witness_is_made_once_and_refuses_without_its_memory(tmp_path: Path):
    home = tmp_path / "witness"
    made = rekenschap("witness", "keys", "--home", home, "--name", "witness.example/w1", "--json")
    assert made.code == 0, made.err
    assert made.told["new"]
    again = rekenschap("witness", "keys", "--home", home, "--json")
    assert again.told == made.told | {"new": False}
    assert (home / "public-keys.txt").read_text().splitlines() == made.told["public_keys"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (home / "keys").iterdir())
    (home / "logs.txt").write_text("\n".join(Tree().keys.verifier_texts(ORIGIN)), encoding="utf-8")
    (home / "memory.db").unlink()
    ran = rekenschap("witness", "serve", "--home", home)
    assert ran.code == 4
    assert "retire this key" in ran.err
