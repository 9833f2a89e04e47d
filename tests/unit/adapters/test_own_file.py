# SPDX-License-Identifier: EUPL-1.2
"""The key of one officer in a file of their own."""

from pathlib import Path

import pytest

from rekenschap.adapters.keys import verifier_of
from rekenschap.adapters.keys.own_file import make_own_key, read_own_key
from rekenschap.errors import KeysError

NAME = "example.org/officer-1"


def test_a_key_that_was_made_is_read_back(tmp_path: Path):
    made = make_own_key(tmp_path / "a.key", NAME)
    found = read_own_key(tmp_path / "a.key")
    assert found.key == made.key
    verifier_of(found.key.to_text()).verify(b"a text", found.sign(b"a text"))
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600


def test_two_keys_of_one_name_are_two_keys(tmp_path: Path):
    assert make_own_key(tmp_path / "a.key", NAME).key != make_own_key(tmp_path / "b.key", NAME).key


@pytest.mark.parametrize("place", ["a.key", "absent/b.key"])
def test_a_key_is_made_in_a_new_file_only(tmp_path: Path, place: str):
    make_own_key(tmp_path / "a.key", NAME)
    before = (tmp_path / "a.key").read_bytes()
    with pytest.raises(KeysError, match="expected a new file for the key"):
        make_own_key(tmp_path / place, NAME)
    assert (tmp_path / "a.key").read_bytes() == before


@pytest.mark.parametrize("name", ["", "two words", "a+b", "x" * 256])
def test_a_name_that_no_key_can_have_makes_no_file(tmp_path: Path, name: str):
    with pytest.raises(KeysError, match="a key name"):
        make_own_key(tmp_path / "a.key", name)
    assert not (tmp_path / "a.key").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [("PRIVATE+KEY+", ""), ("officer-1", "officer-2"), ("+A", "+B"), ("\n", "A\n"), ("PRIVATE", "PUBLIC")],
)
def test_a_file_that_holds_another_text_is_refused(tmp_path: Path, old: str, new: str):
    make_own_key(tmp_path / "a.key", NAME)
    text = (tmp_path / "a.key").read_text()
    changed = text.replace(old, new, 1)
    assert changed != text
    (tmp_path / "a.key").write_text(changed)
    with pytest.raises(KeysError):
        read_own_key(tmp_path / "a.key")


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int):
    make_own_key(tmp_path / "a.key", NAME)
    (tmp_path / "a.key").chmod(mode)
    with pytest.raises(KeysError, match="its owner only"):
        read_own_key(tmp_path / "a.key")
