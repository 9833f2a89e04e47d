# SPDX-License-Identifier: EUPL-1.2
"""The inbox of a house: where it lies and what opens it, for who fills it and for who looks what waits."""

from __future__ import annotations

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.disks.posix import PosixDisk
from rekenschap.frontdoor.inbox import FrameSeal, oldest_waiting
from rekenschap.house import House


def frame_seal(house: House) -> FrameSeal:
    """Give what seals and opens the inbox of a house."""
    return FrameSeal(AesGcm(), house.keys.sealing_key())


def waits_since(house: House) -> int | None:
    """Say since when something waits to be worked off (µs UTC); None when nothing does."""
    if not house.inbox_path.is_dir():
        return None
    return oldest_waiting(PosixDisk(house.inbox_path), frame_seal(house))
