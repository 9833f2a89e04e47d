# SPDX-License-Identifier: EUPL-1.2
"""Somebody puts a link where a file of the ledger should be: what it leads to can change without a trace."""

from pathlib import Path

import pytest

from rekenschap.errors import InconsistentError, RekenschapError
from tests.ledgers import Place


def test_a_hard_link_in_the_store_is_named(ledger: Place, tmp_path: Path):
    """The same bytes under a second name outside: whoever writes there writes in the ledger."""
    name = ledger.segments()[3].parquet
    (tmp_path / "elsewhere").hardlink_to(ledger.path / name)
    with pytest.raises(InconsistentError, match=name):
        ledger.check()


@pytest.mark.parametrize("kind", ["parquet", "pack", "secret"])
def test_a_symbolic_link_in_the_store_is_named(ledger: Place, tmp_path: Path, kind: str):
    """Bytes and all are as they should be, today."""
    name = str(getattr(ledger.segments()[3], kind))
    moved = tmp_path / "elsewhere"
    (ledger.path / name).rename(moved)
    (ledger.path / name).symlink_to(moved)
    with pytest.raises(RekenschapError, match=name):
        ledger.check()


def test_a_folder_that_is_a_link_is_named(ledger: Place, tmp_path: Path):
    (ledger.path / "segments").rename(tmp_path / "segments")
    (ledger.path / "segments").symlink_to(tmp_path / "segments")
    with pytest.raises(RekenschapError, match="segments"):
        ledger.check()


def test_a_link_beside_the_files_is_named(ledger: Place):
    (ledger.path / "segments/today").symlink_to("/dev/null")
    with pytest.raises(InconsistentError, match="segments/today"):
        ledger.check()
