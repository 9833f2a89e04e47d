# SPDX-License-Identifier: EUPL-1.2
"""Whatever is wrong, a command answers in one sentence and an exit code, and says no personal value."""

import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager, suppress

import pytest

from tests.journeys.commands import rekenschap

ONE_SENTENCE = re.compile(r"(?:[^\n]* …\n)?rekenschap: expected [^\n]+, found [^\n]+; [^\n]+\n")
BSN = "999990019"
LOOK = {"relation": "consultation", "source": "brp", "register": "brp", "staff": "mw-0001", "subject": BSN}


def look(at, **more):
    return json.dumps(LOOK | {"looked_at": at} | more) + "\n"


def assert_one_sentence(ran, code):
    assert ran.code == code, (ran.code, ran.err)
    assert ONE_SENTENCE.fullmatch(ran.err), ran.err
    assert BSN not in ran.out + ran.err


@pytest.fixture
def house(tmp_path):
    """A small ledger of three looks."""
    path = tmp_path / "looks.jsonl"
    path.write_text("".join(look(f"2026-03-0{day}T09:00:00+01:00") for day in (2, 3, 4)))
    home = tmp_path / "home"
    ran = rekenschap("intake", path, "--profile", "native-jsonl", "--home", home)
    assert ran.code == 0, ran.err
    return home


@pytest.mark.parametrize("command", ["intake", "audit"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.jsonl", None),
        ("empty.jsonl", b""),
        ("binary.jsonl", bytes(range(256)) * 99),
        ("half.jsonl.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab"),
        ("other.jsonl", f'{{"naam": "{BSN}"}}\n'.encode()),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, command, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = rekenschap(command, tmp_path / name, "--profile", "native-jsonl", "--home", tmp_path / "home")
    assert_one_sentence(ran, 4)


def test_a_directory_is_no_file(tmp_path):
    assert_one_sentence(rekenschap("audit", tmp_path, "--profile", "native-jsonl"), 4)


def test_a_profile_that_does_not_exist_is_answered_with_the_nearest(tmp_path):
    ran = rekenschap("audit", tmp_path / "x.xes", "--profile", "coselog-reciept")
    assert_one_sentence(ran, 4)
    assert "did you mean coselog-receipt" in ran.err


@pytest.mark.parametrize("year", [1601, 2999])
def test_a_time_that_cannot_be_goes_to_quarantine_with_its_own_exit_code(tmp_path, year):
    path = tmp_path / "looks.jsonl"
    path.write_text(look("2026-03-02T09:00:00+01:00") + look(f"{year}-03-02T09:00:00+01:00"))
    ran = rekenschap("intake", path, "--profile", "native-jsonl", "--home", tmp_path / "home", "--json")
    assert_one_sentence(ran, 6)
    assert ran.told["accepted"] == {"consultation": 1}
    assert list(ran.told["quarantined"].values()) == [1]


def test_the_same_file_twice_adds_nothing(house, tmp_path):
    again = rekenschap(
        "intake", tmp_path / "looks.jsonl", "--profile", "native-jsonl", "--home", house, "--json"
    )
    assert (again.code, again.told["known"], sum(again.told["accepted"].values())) == (0, 3, 0)


@pytest.mark.parametrize("command", [("check",), ("prove", "0", "--ledger")])
def test_what_is_no_ledger(tmp_path, command):
    for place in (tmp_path / "nowhere", tmp_path):
        assert_one_sentence(rekenschap(*command, place), 4)


def test_a_ledger_of_a_newer_version_is_left_alone(house):
    path = house / "ledger" / "ledger.json"
    header = json.loads(path.read_text())
    path.write_text(json.dumps(header | {"version": 99}) + "\n")
    ran = rekenschap("check", house)
    assert ran.code in (4, 5)
    assert ONE_SENTENCE.fullmatch(ran.err), ran.err
    assert "version" in ran.err


def test_an_entry_that_is_not_there(house):
    ran = rekenschap("prove", 99_999, "--ledger", house)
    assert_one_sentence(ran, 3)


def test_a_public_key_that_is_none(house, tmp_path):
    assert_one_sentence(rekenschap("check", house, "--public-key", tmp_path / "no.txt"), 4)
    (tmp_path / "odd.txt").write_text("not a key\n")
    assert_one_sentence(rekenschap("check", house, "--public-key", tmp_path / "odd.txt"), 4)


def test_another_ones_key_is_an_alarm(house, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(look("2026-03-02T09:00:00+01:00"))
    rekenschap("intake", other, "--profile", "native-jsonl", "--home", tmp_path / "other")
    ran = rekenschap("check", house, "--public-key", tmp_path / "other" / "public-keys.txt")
    assert_one_sentence(ran, 5)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe\x00", b'{"format":"rekenschap-proof"}'])
def test_a_proof_that_is_none(house, tmp_path, content):
    (tmp_path / "proof.json").write_bytes(content)
    ran = rekenschap("verify", tmp_path / "proof.json", "--public-key", house / "public-keys.txt")
    assert_one_sentence(ran, 5 if content else 4)


def test_a_proof_in_which_one_letter_was_changed(house, tmp_path):
    path = tmp_path / "proof.json"
    assert rekenschap("prove", 1, "--ledger", house, "--out", path).code == 0
    assert rekenschap("verify", path, "--public-key", house / "public-keys.txt").code == 0
    proof = json.loads(path.read_text())
    row = proof["entry"]["row"]
    proof["entry"]["row"] = row[:60] + ("A" if row[60] != "A" else "B") + row[61:]
    path.write_text(json.dumps(proof))
    assert_one_sentence(rekenschap("verify", path, "--public-key", house / "public-keys.txt"), 5)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("check",), "the directory of a ledger, or the house it is in, found a file;"),
        (("keys", "show", "--home"), "the directory of a ledger, or the house it is in, found a file;"),
        (("erase", "--home"), "the directory of a ledger, or the house it is in, found a file;"),
        (("backup", "copy", "--ledger"), "the directory of a ledger, or the house it is in, found a file;"),
        (("recover", "--home"), "a directory as the house, found a file; name a directory with --home"),
        (("sequencer", "--home"), "a directory as the house, found a file; name a directory with --home"),
        (("timestamp", "--home"), "a directory as the house, found a file; name a directory with --home"),
        (("restore", "HOUSE/ledger", "--public-key", "HOUSE/public-keys.txt", "--home"), "name a directory"),
        (("backup", "--ledger", "HOUSE"), "a directory for a copy, or an address"),
        (("repair", "--home", "HOUSE"), "a directory for a copy, or an address"),
        (("verify", "--public-key", "HOUSE", "PROOF"), "a file with public keys, found a directory;"),
    ],
)
def test_a_file_where_a_directory_is_expected_is_called_that(house, tmp_path, command, said):
    assert rekenschap("prove", 1, "--ledger", house, "--out", tmp_path / "PROOF").code == 0
    given = [each.replace("HOUSE", str(house)) for each in command]
    ran = rekenschap(*given, *([] if "PROOF" in command else [tmp_path / "looks.jsonl"]), cwd=tmp_path)
    assert_one_sentence(ran, 4)
    assert said in ran.err


def test_the_ledger_inside_a_house_is_not_taken_for_the_house(house, tmp_path):
    inside = ("--home", house / "ledger")
    for command in (("intake", tmp_path / "looks.jsonl", "--profile", "native-jsonl"), ("keys", "rotate")):
        ran = rekenschap(*command, *inside)
        assert_one_sentence(ran, 4)
        assert "found a ledger itself; give the directory above it" in ran.err
    assert not (house / "ledger" / "keys").exists() and not (house / "ledger" / "ledger").exists()


HELP = r"See `(\./run )?rekenschap {} --help`\.\n$"
"""Through `./run` a command is called so."""


@pytest.mark.parametrize(
    ("command", "asked"),
    [((), ""), (("prove",), "prove"), (("keys", "sign"), "keys sign"), (("order",), "order")],
)
def test_a_command_without_its_arguments_names_its_own_help_in_one_line(tmp_path, command, asked):
    ran = rekenschap(*command, cwd=tmp_path)
    assert ran.code == 2
    assert ran.err == "" if not command else re.search(HELP.format(asked), ran.err)
    assert ran.err.count("\n") == bool(command)


def test_a_word_that_is_no_option_is_a_usage_error():
    ran = rekenschap("check", "--nonsense")
    assert ran.code == 2
    assert "Traceback" not in ran.err and ran.err.count("\n") == 1


@contextmanager
def small_disk(place):
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", place], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no right to mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path):
    first, many = tmp_path / "first.jsonl", tmp_path / "many.jsonl"
    first.write_text(look("2026-03-02T09:00:00+01:00"))
    many.write_text("".join(look("2026-03-02T09:00:00+01:00", subject=f"K-{n}") for n in range(9_000)))
    with small_disk(tmp_path / "disk") as disk:
        assert rekenschap("intake", first, "--profile", "native-jsonl", "--home", disk / "home").code == 0
        assert_one_sentence(
            rekenschap("intake", many, "--profile", "native-jsonl", "--home", disk / "home"), 4
        )
        checked = rekenschap("prove", 1, "--ledger", disk / "home")
        assert checked.code == 0, checked.err


def test_a_full_disk_is_called_that_and_nothing_half_is_left(house, tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        (disk / "filled").write_bytes(bytes(190 * 1024))
        ran = rekenschap("backup", disk / "copy", "--ledger", house)
        assert (ran.code, "restore the anchor" in ran.err) == (4, False)
        with suppress(OSError), (disk / "rest").open("wb", buffering=0) as rest:
            while rest.write(bytes(4096)):
                pass
        assert rekenschap("keys", "new", "example.org/officer", "--out", disk / "own.key").code == 4
        assert not (disk / "own.key").exists()


def as_an_ordinary_owner():
    """Root may read and write everything; without these two rights it is held to the modes like anybody."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may everything, and no setpriv to give that up")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def own_keys(tmp_path):
    for name in "ab":
        key = tmp_path / f"{name}.key"
        assert rekenschap("keys", "new", f"example.org/officer-{name}", "--out", key).code == 0
        yield f"{key}.pub"


def test_no_permission_to_write_or_to_read(house, tmp_path):
    shut, segments = tmp_path / "shut", house / "ledger" / "segments"
    shut.mkdir(mode=0o555)
    segments.chmod(0o000)
    path, wrapper = tmp_path / "looks.jsonl", as_an_ordinary_owner()
    ran = rekenschap("intake", path, "--profile", "native-jsonl", "--home", shut / "home", wrapper=wrapper)
    assert_one_sentence(ran, 4)
    ran = rekenschap("check", house, wrapper=wrapper)
    segments.chmod(0o755)
    assert_one_sentence(ran, 4)
    before = (house / "ledger" / "checkpoint").read_bytes()
    officers = [part for key in own_keys(tmp_path) for part in ("--officer", key)]
    for command in (("keys", "ceremony", *officers, "--home", house), ("prove", 1, "--ledger", house)):
        ran = rekenschap(*command, "--out", shut / "out.txt", wrapper=wrapper)
        assert_one_sentence(ran, 4)
        assert "no permission to write there" in ran.err
    assert (house / "ledger" / "checkpoint").read_bytes() == before
    path.chmod(0o000)
    ran = rekenschap("intake", path, "--profile", "native-jsonl", "--home", house, wrapper=wrapper)
    assert_one_sentence(ran, 4)
