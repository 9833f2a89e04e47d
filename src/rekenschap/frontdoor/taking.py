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

from rekenschap.contracts.traffic import COUNTED, Traffic, traffic_of
from rekenschap.frontdoor.inbox import Frame, Kind
from rekenschap.frontdoor.senders import Senders, warning
from rekenschap.intake import (
    BODY,
    BadRow,
    Door,
    FactLedger,
    OfferedBodies,
    Profile,
    as_text,
    passing,
    take_in_offered,
)
from rekenschap.intake.admission import microseconds
from rekenschap.intake.fields.numbers_in_text import holds_bsn
from rekenschap.seams.source import Block, BrokenRow
from rekenschap.tables import one_chunk

POISON = "poison"
NOT_ITS_OWN = "not-its-own"
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How the bodies of one kind are read.

    `rows` gives a row for each record, with the columns of `profile`, and for each row the index of its body;
    those of one body stand together. `system` is the column that names the system; `tells` is whether
    the rows say what their sender leaves out, in the columns that `traffic_of` counts.
    """

    rows: Callable[[Sequence[bytes]], tuple[pa.Table, pa.Int32Array]]
    profile: Profile
    system: str
    tells: bool = False


def _unheard(text: str) -> None:
    del text


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """What a worker needs of a house; `said` is told when a source first shows that it leaves records out."""

    door: Door
    ledger: FactLedger
    contracts: Mapping[Kind, Contract]
    clock: Callable[[], datetime]
    senders: Senders | None = None
    said: Callable[[str], None] = _unheard

    def take(self, frames: Sequence[Frame]) -> None:
        """Bring every record of some frames to ledger or quarantine."""
        self.prepare(frames)()

    def prepare(self, frames: Sequence[Frame]) -> Callable[[], None]:
        """Do with some frames what keeps nothing yet; gives what does the rest, in the order of `prepare`.

        May be called from one thread while another does the rest of earlier frames.
        """
        kinds = sorted({frame.kind for frame in frames})
        rests = [
            self._prepared(self.contracts[k], [each for each in frames if each.kind is k]) for k in kinds
        ]

        def rest() -> None:
            for each in rests:
                each()

        return rest

    def set_apart(self, frame: Frame) -> None:
        """Put a whole frame in quarantine; the form of it says what kind it is: `body:TRACES_JSON`."""
        self.door.quarantine.put(
            _digest(frame),
            [BadRow(line=0, reason=POISON, original=frame.body, form=f"{BODY}:{frame.kind.name}")],
            profile=self.contracts[frame.kind].profile.id,
            since=frame.received_at,
            origin=frame.source,
        )

    def read(self, contract: Contract, frames: Sequence[Frame]) -> tuple[Block, npt.NDArray[np.int32]]:
        """Give the records of some frames as rows, numbered from 0, and for each number its frame.

        What its source may not speak for is broken.
        """
        rows, index = contract.rows([frame.body for frame in frames])
        bodies = np.asarray(index, dtype=np.int32)
        return _block(rows, _strange(rows, bodies, frames, contract)), bodies

    def _prepared(self, contract: Contract, frames: Sequence[Frame]) -> Callable[[], None]:
        block, bodies = self.read(contract, frames)
        offered = OfferedBodies(
            [block],
            digests=lambda: [_digest(frame) for frame in frames],
            bodies=bodies,
            numbers=_numbers(bodies),
            origins=[frame.source for frame in frames],
        )
        now, door, profile = self.clock(), self.door, contract.profile
        passed = [*passing(offered, profile, pseudonyms=door.pseudonyms, now=microseconds(now))]
        listens = contract.tells and self.senders is not None
        traffic = traffic_of(_good(block.rows, contract)) if listens else ()

        def rest() -> None:
            take_in_offered(offered, profile, door=door, ledger=self.ledger, now=self.clock(), passed=passed)
            if self.senders is not None and traffic:
                self._listen(self.senders, traffic)

        return rest

    def _listen(self, senders: Senders, traffic: Sequence[Traffic]) -> None:
        for source, sign in senders.count(traffic, at=self.clock()):
            self.said(warning(source, sign))


def _good(rows: pa.Table, contract: Contract) -> pa.Table:
    """Give the rows that can be read, each under the source its fact bears; none whose source is a BSN."""
    profile = contract.profile
    rows = rows.select([name for name in (contract.system, profile.fault, *COUNTED) if name])
    at = rows.column_names.index(contract.system)
    told = pc.utf8_trim_whitespace(rows.column(at).cast(pa.string()).fill_null(""))
    names = pc.if_else(pc.equal(told, ""), profile.source, told)
    good = ~holds_bsn(names.combine_chunks())
    if profile.fault:
        good &= np.asarray(rows.column(profile.fault).is_null())
    named = rows.set_column(at, contract.system, names)
    return named if good.all() else named.filter(pa.array(good))


def _strange(
    rows: pa.Table, bodies: npt.NDArray[np.int32], frames: Sequence[Frame], contract: Contract
) -> npt.NDArray[np.bool_]:
    """Say of each row whether its source may not speak for the system it names."""
    strange = np.zeros(rows.num_rows, dtype=bool)
    for allowed in {frame.systems for frame in frames if frame.systems}:
        of = np.isin(bodies, [at for at, frame in enumerate(frames) if frame.systems == allowed])
        named = one_chunk(rows.column(contract.system))
        own = pc.is_in(named, value_set=pa.array(allowed, pa.string()).cast(named.type))
        strange |= of & ~np.asarray(own)
    if contract.profile.fault and strange.any():  # of what cannot be read, that comes first
        strange &= np.asarray(one_chunk(rows.column(contract.profile.fault)).is_null())
    return strange


def _block(rows: pa.Table, strange: npt.NDArray[np.bool_]) -> Block:
    """Make a block of rows, numbered from 0; those that are strange are broken."""
    lines = np.arange(rows.num_rows, dtype=np.int64)
    if not strange.any():
        return Block(rows=rows, lines=pa.array(lines))
    mask = pa.array(strange)
    broken = tuple(
        BrokenRow(line=line, reason=NOT_ITS_OWN, original=as_text(row))
        for line, row in zip(lines[strange].tolist(), rows.filter(mask).to_pylist(), strict=True)
    )
    return Block(rows=rows.filter(pc.invert(mask)), lines=pa.array(lines[~strange]), broken=broken)


def _numbers(bodies: npt.NDArray[np.int32]) -> Numbers:
    """Number the records of each body from 1."""
    if not len(bodies):
        return np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero(np.concatenate([[True], bodies[1:] != bodies[:-1]]))
    lengths = np.diff(np.append(begins, len(bodies)))
    return np.arange(1, len(bodies) + 1, dtype=np.int64) - np.repeat(begins, lengths)


def _digest(frame: Frame) -> bytes:
    return hashlib.sha256(frame.body).digest()
