# SPDX-License-Identifier: EUPL-1.2
"""The power goes at any moment: nothing acknowledged is lost, nothing else half appears, nobody has to help.

The long run, with its figures in docs/reference/crash-tests.md: `python -m tests.crash.cuts --cuts 20000`.
"""

import pytest

from tests.crash.mutants import MUTANTS, HonestDisk
from tests.crash.script import cut_often


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_nothing_acknowledged_is_lost(seed: int):
    counted = cut_often(seed, 225, checked=0.1)
    assert (counted.cuts, counted.caught) == (225, {})


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_on_a_disk_whose_syncs_fail_now_and_then():
    counted = cut_often(8, 200, make=HonestDisk, checked=0.1)
    assert (counted.cuts, counted.caught) == (200, {})


@pytest.mark.slow
@pytest.mark.parametrize("mistake", sorted(MUTANTS))
def test_a_mistake_in_the_order_of_writes_is_caught(mistake: str):
    mutant = MUTANTS[mistake]
    with mutant.alive():
        counted = cut_often(3, 100, kind=mutant.kind, make=mutant.make, checked=0.2)
    assert counted.total >= 1  # one in a hundred
