# SPDX-License-Identifier: EUPL-1.2
"""The door of a house: its readers, the key of the period, and where originals and bad rows are put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rekenschap.intake.identifiers import Pseudonyms
from rekenschap.intake.private.quarantine import Quarantine
from rekenschap.intake.private.records import SealedRecords
from rekenschap.intake.private.sealing import SealedOriginals
from rekenschap.seams.cipher import Cipher
from rekenschap.seams.keys import Keys
from rekenschap.seams.source import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What every intake passes through."""

    readers: Mapping[str, Reader]
    pseudonyms: Pseudonyms
    originals: SealedOriginals
    quarantine: Quarantine
    records: SealedRecords

    def close(self) -> None:
        """Let go of the private files."""
        self.originals.close()
        self.quarantine.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """What a door is secured with: the keys of the house and the cipher they are used in."""

    keys: Keys
    cipher: Cipher


def open_door(folder: Path, *, locks: Locks, readers: Mapping[str, Reader], period: str) -> Door:
    """Open the door whose private files stand in `folder`; raises StoreError or KeysError."""
    sealing_key = locks.keys.sealing_key()
    originals = SealedOriginals(folder, cipher=locks.cipher, sealing_key=sealing_key, period=period)
    return Door(
        readers=readers,
        pseudonyms=Pseudonyms(locks.keys.pseudonym_key(period), originals),
        originals=originals,
        quarantine=Quarantine(folder, cipher=locks.cipher, sealing_key=sealing_key),
        records=SealedRecords(folder, cipher=locks.cipher, sealing_key=sealing_key),
    )
