# SPDX-License-Identifier: EUPL-1.2
"""The disk is full while producers append: each is told, and everything acknowledged is there afterwards."""

import os
import resource
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rekenschap.errors import StoreError
from rekenschap.ledger.check import check
from rekenschap.ledger.journal import Limits
from rekenschap.ledger.sequencer import Pace, Sequencer
from rekenschap.model.relations import CONSULTATION
from tests.ledgers import facts, verifiers
from tests.sequencers import begun, identities, ids, on_disk, opened

PACE = Pace(tick=0.05, age=0.2, limits=Limits(rows=4_000, file=4 << 20, begin=1 << 12))
BALLAST = 3 << 20


@contextmanager
def small_disk(path: Path) -> Iterator[Path]:
    """A disk of 12 MiB, partly taken; what was taken is given back by removing `ballast`."""
    path.mkdir()
    made = shutil.which("mount") and os.geteuid() == 0
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(path)]
    if not made or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk takes the right to mount one")
    try:
        (path / "ballast").write_bytes(bytes(BALLAST))
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


def fill(path: Path) -> tuple[dict[int, bytes], list[StoreError]]:
    """Append from several threads until each is told that it does not go on; give what was acknowledged."""
    house, disk = on_disk(path)
    begun(house)
    sequencer = Sequencer.start(house, disk, pace=PACE)
    acked: dict[int, bytes] = {}
    told: list[StoreError] = []

    def produce(producer: int) -> None:
        rows = facts(count=30_000, seed=producer)
        try:
            for at in range(0, 30_000, 60):
                some = rows.slice(at, 60)
                receipt = sequencer.append(CONSULTATION, some)
                acked.update(zip(range(receipt.first, receipt.size), ids(some), strict=True))
        except StoreError as error:
            told.append(error)

    threads = [threading.Thread(target=produce, args=(n,)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    sequencer.close()
    return acked, told


def compare(path: Path, acked: dict[int, bytes]) -> None:
    house, disk = on_disk(path)
    with Sequencer.start(house, disk, pace=PACE, background=False) as sequencer:
        assert sequencer.append(CONSULTATION, facts(count=1, seed=99)).first >= len(acked)
    ledger = opened(house)
    found = dict(
        zip(ledger.facts("consultation").entries.to_pylist(), identities(ledger, "consultation"), strict=True)
    )
    assert len(set(found.values())) == len(found)
    assert acked.items() <= found.items()
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == ledger.size


@pytest.mark.slow
def test_a_full_disk_loses_nothing_acknowledged(tmp_path: Path):
    with small_disk(tmp_path / "small") as place:
        acked, told = fill(place / "ledger")
        assert len(acked) > 1_000
        assert len(told) == 4
        assert all("full disk" in str(each) or "SQLITE_FULL" in str(each) for each in told)
        (place / "ballast").unlink()
        compare(place / "ledger", acked)


@pytest.mark.slow
def test_a_limit_on_the_size_of_files_loses_nothing_acknowledged(tmp_path: Path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, before[1]))
    try:
        acked, told = fill(tmp_path / "ledger")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(acked) > 1_000
    assert len(told) == 4
    assert all("limit on the size of files" in str(each) for each in told)
    compare(tmp_path / "ledger", acked)
