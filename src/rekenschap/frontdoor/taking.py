# SPDX-License-Identifier: EUPL-1.2
"""Takes frames in: their records become rows, the rows facts, each in the way of its kind.

A record that cannot be read, or that is of a system its source may not speak for, waits in quarantine with
its number in its request; those beside it go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.frontdoor.inbox import Frame, Kind
from rekenschap.intake import BODY, BadRow, Door, FactLedger, OfferedBodies, Profile, as_text, take_in_offered
from rekenschap.seams.source import KEPT_OF_A_LINE, Block, BrokenRow

POISON = "poison"
NOT_ITS_OWN = "not-its-own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How the bodies of one kind are read.

    `rows` gives a block of text columns with one row per record, the lines of which count from 0 over all of
    them (broken rows too), and the body of each line. `system` is the column that names the system.
    """

    rows: Callable[[Sequence[bytes]], tuple[Block, pa.Int32Array]]
    profile: Profile
    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """What a worker needs of a house."""

    door: Door
    ledger: FactLedger
    contracts: Mapping[Kind, Contract]
    clock: Callable[[], datetime]

    def take(self, frames: Sequence[Frame]) -> None:
        """Bring every record of some frames to ledger or quarantine."""
        for kind in sorted({frame.kind for frame in frames}):
            self._take(self.contracts[kind], [frame for frame in frames if frame.kind is kind])

    def set_apart(self, frame: Frame) -> None:
        """Put a whole frame in quarantine."""
        bad = BadRow(line=0, reason=POISON, original=frame.body, form=f"{BODY}:{frame.kind.name}")
        profile = self.contracts[frame.kind].profile.id
        self.door.quarantine.put(
            _digest(frame), [bad], profile=profile, since=frame.received_at, origin=frame.source
        )

    def idle(self) -> None:
        """Nothing is held back that could be done."""

    def read(self, contract: Contract, frames: Sequence[Frame]) -> tuple[Block, npt.NDArray[np.int32]]:
        """Give the records of frames of one kind as a block, and of each line the place of its frame."""
        block, index = contract.rows([frame.body for frame in frames])
        bodies = np.asarray(index, dtype=np.int32)
        return _its_own(block, bodies, frames, contract.system), bodies

    def _take(self, contract: Contract, frames: Sequence[Frame]) -> None:
        block, bodies = self.read(contract, frames)
        offered = OfferedBodies(
            [block],
            digests=[_digest(frame) for frame in frames],
            bodies=bodies,
            numbers=_numbers(bodies),
            origins=[frame.source for frame in frames],
        )
        take_in_offered(offered, contract.profile, door=self.door, ledger=self.ledger, now=self.clock())


def _its_own(block: Block, bodies: npt.NDArray[np.int32], frames: Sequence[Frame], column: str) -> Block:
    """Break the rows of which the source may not speak for the system."""
    if not any(frame.systems for frame in frames) or not block.rows.num_rows:
        return block
    lines = np.asarray(block.lines, dtype=np.int64)
    whose, systems = bodies[lines], block.rows.column(column)
    strange = np.zeros(len(lines), dtype=bool)
    for allowed in {frame.systems for frame in frames if frame.systems}:
        of = np.isin(whose, [at for at, frame in enumerate(frames) if frame.systems == allowed])
        named = pc.is_in(systems, value_set=pa.array(allowed, systems.type))
        strange |= of & ~np.asarray(named.combine_chunks() if isinstance(named, pa.ChunkedArray) else named)
    if not strange.any():
        return block
    refused = block.rows.filter(pa.array(strange)).to_pylist()
    broken = tuple(
        BrokenRow(line=int(line), reason=NOT_ITS_OWN, original=as_text(row)[:KEPT_OF_A_LINE])
        for line, row in zip(lines[strange], refused, strict=True)
    )
    return Block(
        rows=block.rows.filter(pa.array(~strange)),
        lines=pa.array(lines[~strange]),
        broken=(*block.broken, *broken),
        bytes_read=block.bytes_read,
    )


def _numbers(bodies: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Number the records of each body from 1; those of one body stand together."""
    if not len(bodies):
        return np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero(np.concatenate([[True], bodies[1:] != bodies[:-1]]))
    lengths = np.diff(np.append(begins, len(bodies)))
    return np.arange(1, len(bodies) + 1, dtype=np.int64) - np.repeat(begins, lengths)


def _digest(frame: Frame) -> bytes:
    return hashlib.sha256(frame.body).digest()
