# SPDX-License-Identifier: EUPL-1.2
"""Each file of a ledger goes, or loses its end, while no program runs: made good from the rest or refused."""

from random import Random

import pytest

from rekenschap.adapters.disks import SimulatedDisk
from rekenschap.errors import AlarmError, InconsistentError, StoreError
from rekenschap.ledger.check import check
from tests.crash.script import SMALL, Script
from tests.ledgers import facts, verifiers
from tests.sequencers import identities, opened, simulated, started

FOR_GOOD = ("segments/", "secrets/", "anchor", "ledger.json", "tile/", "journal/")
"""What nothing else can give back; of the journal, as far as its rows are signed."""


def copy_of(disk: SimulatedDisk) -> SimulatedDisk:
    """The same disk after the program ended: nobody holds a lock any more."""
    return SimulatedDisk(disk.platter.copy())


def files_of(disk: SimulatedDisk, folder: str = "") -> list[str]:
    found = []
    for name, sort in disk.entries(folder):
        place = f"{folder}/{name}".removeprefix("/")
        found += files_of(disk, place) if sort == "directory" else [place]
    return found


@pytest.fixture(scope="module")
def stopped() -> SimulatedDisk:
    """A ledger whose program was ended with rows in every stage: sealed, signed, and only acknowledged."""
    disk = copy_of(Script(3).run(16).disk)
    sequencer = started(simulated(disk), disk)
    for seed in range(3):
        sequencer.append(SMALL, facts(SMALL, 8, seed=900 + seed))
        if seed < 2:
            sequencer.tick()
    return copy_of(disk)


def recovered(disk: SimulatedDisk) -> set[bytes]:
    """Recover and check; give the facts of one relation."""
    house = simulated(disk)
    with started(house, disk):
        pass
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size
    return set(identities(opened(house), SMALL.name))


def test_a_file_that_is_gone_is_made_good_or_refused(stopped: SimulatedDisk):
    everything = recovered(copy_of(stopped))
    seen: dict[str, set[str]] = {}
    for name in files_of(stopped):
        disk = copy_of(stopped)
        disk.remove(name)
        before = {each: disk.read(each) for each in files_of(disk)}
        try:
            assert recovered(disk) == everything
            outcome = "good"
        except (StoreError, AlarmError):
            outcome = "refused"
        if outcome == "refused" and name.startswith("journal/"):
            assert {each: disk.read(each) for each in files_of(disk)} == before
        seen.setdefault(name.split("/")[0], set()).add(outcome)
    assert seen.pop("checkpoint") == {"good"}
    assert seen.pop("tail") == {"good"}
    assert seen.pop("tile") <= {"good", "refused"}
    assert "refused" in seen.pop("journal")
    assert all("refused" in outcomes for outcomes in seen.values()), seen


def test_a_cut_through_signed_rows_of_the_journal_is_refused_and_touches_nothing(stopped: SimulatedDisk):
    name = max(each for each in files_of(stopped) if each.endswith(".wal"))
    content = stopped.read(name)
    used = len(content.rstrip(b"\0"))
    rows = recovered(copy_of(stopped))
    refused = 0
    for length in range(0, used, 7):
        disk = copy_of(stopped)
        disk.remove(name)
        disk.create(name).write(0, content[:length])
        before = {each: disk.read(each) for each in files_of(disk)}
        try:
            left = recovered(disk)
            assert left < rows  # rows that nothing was signed for yet, and whole batches of them
            assert (len(rows) - len(left)) % 8 == 0
        except InconsistentError:
            refused += 1
            assert {each: disk.read(each) for each in files_of(disk)} == before
    assert refused > used // 7 // 2


def test_a_changed_bit_anywhere_in_the_journal_is_seen_or_was_not_used(stopped: SimulatedDisk):
    name = max(each for each in files_of(stopped) if each.endswith(".wal"))
    content = stopped.read(name)
    used = len(content.rstrip(b"\0"))
    rows, random = recovered(copy_of(stopped)), Random(4)  # noqa: S311
    seen = 0
    for _ in range(150):
        at, disk = random.randrange(2 * used), copy_of(stopped)
        disk.open(name).write(at, bytes([content[at] ^ 1 << random.randrange(8)]))
        try:
            assert recovered(disk) == rows or at > used * 0.6
        except (InconsistentError, StoreError):
            seen += 1
            assert at < used
    assert seen > 20
