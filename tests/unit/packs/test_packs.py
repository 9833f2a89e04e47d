# SPDX-License-Identifier: EUPL-1.2
"""A pack is read, signed and checked by its files alone."""

from pathlib import Path

import pytest

from rekenschap.adapters.keys.own_file import make_own_key
from rekenschap.adapters.keys.signatures import verifier_of
from rekenschap.errors import ConfigurationError, KeysError, WrongSignatureError
from rekenschap.packs import SIGNATURE_FILE, check_signature, read_pack, sign_pack
from rekenschap.sql.query import Holds
from tests.unit.packs.packs import a_pack, a_rule_pack, change


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return a_pack(tmp_path / "pack")


def signed(pack: Path, tmp_path: Path):
    """Sign a pack with a new key; gives who can check it."""
    pair = make_own_key(tmp_path / "author.key", "veldhaven.example/author")
    sign_pack(pack, pair)
    return verifier_of(pair.key.to_text())


def test_a_pack_says_who_made_it_and_what_is_in_it(pack):
    read = read_pack(pack)
    assert (read.name, read.version, read.author) == ("wide-contact", "1.0.0", "Gemeente Veldhaven")
    assert [each.id for each in read.grounds] == ["contact_wide"]
    assert read.content.startswith("rekenschap pack/1\ngrounds/contact_wide/")


def test_a_signed_pack_is_known_by_the_key_that_signed_it(pack, tmp_path):
    verifier = signed(pack, tmp_path)
    assert check_signature(pack, [verifier]) == "veldhaven.example/author"


def _change(pack: Path) -> None:
    query = pack / "grounds" / "contact_wide" / "query.sql"
    query.write_text(query.read_text(encoding="utf-8") + "-- another line\n", encoding="utf-8")


def _add(pack: Path) -> None:
    (pack / "README.md").write_text("more\n", encoding="utf-8")


def _drop(pack: Path) -> None:
    (pack / "grounds" / "contact_wide" / "cases" / "empty.txt").unlink()


def _rename(pack: Path) -> None:
    (pack / "grounds" / "contact_wide" / "cases" / "empty.txt").rename(
        pack / "grounds" / "contact_wide" / "cases" / "void.txt"
    )


@pytest.mark.parametrize("trick", [_change, _add, _drop, _rename])
def test_a_file_that_is_changed_added_dropped_or_renamed_breaks_the_signature(pack, tmp_path, trick):
    verifier = signed(pack, tmp_path)
    trick(pack)
    with pytest.raises(WrongSignatureError, match="as they were signed"):
        check_signature(pack, [verifier])


def test_the_signature_of_another_key_is_refused(pack, tmp_path):
    signed(pack, tmp_path)
    other = make_own_key(tmp_path / "other.key", "elsewhere.example/author")
    with pytest.raises(WrongSignatureError, match="by a known key"):
        check_signature(pack, [verifier_of(other.key.to_text())])


def test_a_pack_without_a_signature_is_not_signed(pack, tmp_path):
    verifier = signed(pack, tmp_path)
    (pack / SIGNATURE_FILE).unlink()
    with pytest.raises(KeysError, match="found none"):
        check_signature(pack, [verifier])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.py", "print()"),
        ("pack.toml", "name = 1"),
        ("pack.toml", 'name = "x'),
        ("grounds/contact_wide/query.toml", 'id = "other"'),
        ("bad name.txt", "x"),
    ],
)
def test_what_is_no_pack_is_refused_in_a_sentence(pack, name, text):
    (pack / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"expected .*, found .*; correct the "):
        read_pack(pack)


def test_a_link_in_a_pack_is_refused(pack):
    (pack / "LICENSE").symlink_to("/etc/hostname")
    with pytest.raises(ConfigurationError, match="found a link or device"):
        read_pack(pack)


def test_a_pack_cannot_say_what_somebody_stated(pack):
    path = pack / "grounds" / "contact_wide" / "query.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"full"', '"stated"'), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="weight full, weak, trace"):
        read_pack(pack)


def test_no_directory_is_no_pack(tmp_path):
    with pytest.raises(ConfigurationError, match="found none"):
        read_pack(tmp_path / "nothing")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return a_rule_pack(tmp_path / "rules")


def test_a_pack_may_hold_rules_only(rules):
    read = read_pack(rules)
    assert ([each.id for each in read.rules], read.grounds) == (["name_bare"], ())
    assert read.rules[0].columns["known_from"] is Holds.ENTRY


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('happened_at = "time"', 'happened_at = "count"', "with the columns entry, staff"),
        ('severity = "at once"', 'severity = "look first"', 'severity = "at once"'),
        ('writes = "name_bare"', 'writes = "disclosure"', "that writes name_bare"),
        ('reads = ["look", "verdict"]', 'reads = ["visit"]', "read facts, look, verdict or canary"),
        ("sentence = {", "short = {", "a sentence in nl and en"),
    ],
)
def test_what_is_no_rule_is_refused_in_a_sentence(rules, old, new, expected):
    change(rules / "rules" / "name_bare" / "query.toml", old, new)
    with pytest.raises(ConfigurationError, match=expected):
        read_pack(rules)
