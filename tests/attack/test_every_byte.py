# SPDX-License-Identifier: EUPL-1.2
"""A flipped bit, a truncated file, a missing file: each is seen and placed, or changes nothing that is read.

A tenth of the long run: `python -m tests.attack.every_byte --flips 1000`, and `--all` for every byte.
"""

from pathlib import Path

import pytest

from rekenschap.ledger.check import Mode
from tests.attack.every_byte import KINDS, PLACED, Target, make_target, random_flips, verdict

FLIPS = 100


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return make_target(tmp_path_factory.mktemp("bytes") / "ledger")


def test_the_ledger_that_is_damaged_has_files_of_every_kind(target: Target):
    assert all(target.files(kind) for kind in KINDS)
    report = target.check()
    assert report.mode is Mode.FULL
    assert report.unsealed > 5
    assert report.size == sum(report.entries.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_is_seen_and_placed_or_changes_nothing(target: Target, kind: str):
    found = list(random_flips(target, kind, count=FLIPS, seed=1))
    assert [each.why for each in found if each.why] == []
    if kind in ("commitments", "tails", "tiles", "header", "checkpoint"):
        assert {each.what for each in found} == {"seen"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "anchor"])
def test_a_file_that_is_cut_off_is_seen_and_placed(target: Target, kind: str):
    for name in target.files(kind):
        blob = target.read(name)
        used = len(blob.rstrip(b"\0")) if kind == "journal" else len(blob)
        for keep in {0, 1, used // 2, used - 1}:
            found = verdict(target, kind, name, damage=lambda n=name, b=blob[:keep]: target.write(n, b))
            assert (found.what, found.why) in [("seen", ""), ("harmless", "")]
            assert found.what == "seen" or _may_go(name)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "anchor"])
def test_a_file_that_is_gone_is_seen_and_placed(target: Target, kind: str):
    for name in target.files(kind):
        found = verdict(target, kind, name, damage=(target.path / name).unlink)
        assert (found.what, found.why) in [("seen", ""), ("harmless", "")]
        assert found.what == "seen" or _may_go(name)


@pytest.mark.parametrize("kind", PLACED)
def test_a_file_that_grew_is_seen_and_placed(target: Target, kind: str):
    if kind == "journal":
        return  # behind its last frame a journal is zeros, or a write of which nobody was told
    for name in target.files(kind):
        blob = target.read(name) + b"\0"
        found = verdict(target, kind, name, damage=lambda n=name, b=blob: target.write(n, b))
        assert (found.what, found.why) == ("seen", "") or (found.what == "harmless" and _may_go(name))


def _may_go(name: str) -> bool:
    """The secret of a run that has begun and holds no entry yet: it opens nothing, and one is made anew."""
    return name.startswith("secrets/")


def test_two_damages_are_told_in_the_order_of_the_entries(target: Target, tmp_path: Path):
    import shutil

    shutil.copytree(target.path, tmp_path / "copy")
    copy = Target(tmp_path / "copy")
    sealed, waiting = copy.files("commitments")[2], copy.files("tails")[0]
    for name in (sealed, waiting):
        copy.write(name, bytes([copy.read(name)[0] ^ 1]) + copy.read(name)[1:])
    with pytest.raises(Exception, match="entr") as alarm:
        copy.check()
    assert alarm.value.entry == int(sealed[9:29])
