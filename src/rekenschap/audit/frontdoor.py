# SPDX-License-Identifier: EUPL-1.2
"""The front door of a house: its two processes, put together. What each does is in `rekenschap.frontdoor`."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from functools import partial
from time import monotonic, sleep
from types import MappingProxyType
from typing import IO

from rekenschap.adapters.disks.posix import PosixDisk
from rekenschap.adapters.sequencing import DistantLedger
from rekenschap.audit.inbox import frame_seal
from rekenschap.audit.intake import opened_door
from rekenschap.contracts import facts
from rekenschap.contracts.otlp import BodyKind, rows_of
from rekenschap.errors import StoreError
from rekenschap.frontdoor.desk import Clocks
from rekenschap.frontdoor.inbox import InboxReader, Kind
from rekenschap.frontdoor.link import WorkerLine
from rekenschap.frontdoor.senders import Senders
from rekenschap.frontdoor.serving import Settings, Surroundings, serve
from rekenschap.frontdoor.taking import Contract, Taker
from rekenschap.frontdoor.working import Worker
from rekenschap.house import House, right_now
from rekenschap.intake import load_profile
from rekenschap.ledger import Ledger
from rekenschap.ledger.sequencer import Sequencer
from rekenschap.places import open_anchor, open_store

PROFILE, SYSTEM, NATIVE = "otlp", "service.name", "facts"
_KINDS: Mapping[Kind, BodyKind] = MappingProxyType(
    {
        Kind.TRACES_PROTOBUF: "traces-protobuf",
        Kind.TRACES_JSON: "traces-json",
        Kind.LOGS_PROTOBUF: "logs-protobuf",
        Kind.LOGS_JSON: "logs-json",
    }
)
_NATIVE: Mapping[Kind, facts.BodyKind] = MappingProxyType(
    {Kind.FACTS_JSON: "facts-json", Kind.FACTS_ARROW: "facts-arrow"}
)
_PATIENCE = 10.0
"""Seconds to wait for a worker that is just ending to let go of the ledger."""
_MOST_BYTES = 1_000_000
_SILENCE = 5.0


def serve_house(
    house: House,
    settings: Settings,
    *,
    ready: Callable[[int, int], None],
    said: Callable[[str], None],
    fault: Callable[[BaseException], None],
) -> int:
    """Take in what sources send until somebody stops it; gives the exit code."""
    folder = house.inbox_path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    given = Surroundings(
        disk=PosixDisk(folder),
        seal=frame_seal(house),
        worker=(sys.executable, "-m", "rekenschap", "intake", "work", "--home", str(house.root)),
        fetch=fetched,
        clocks=Clocks(now=right_now, ticks=monotonic),
        ready=ready,
        said=said,
        fault=fault,
    )
    return serve(settings, given)


def work_for(house: House, heard: IO[bytes], spoken: IO[bytes]) -> None:
    """Work off the inbox of a house until the line ends, as the one who appends to its ledger."""
    line = WorkerLine(heard, spoken)
    with ExitStack() as held:
        sequencer = held.enter_context(_lead(house))
        held.enter_context(house.socket(sequencer))
        door = held.enter_context(opened_door(house))
        ledger = DistantLedger(_reading(house), sequencer)
        senders = held.enter_context(closing(Senders(house.sealed_path)))
        taker = Taker(
            door=door,
            ledger=ledger,
            contracts=contracts(),
            clock=right_now,
            senders=senders,
            said=line.said,
        )
        reader = InboxReader(PosixDisk(house.inbox_path), frame_seal(house), start=line.start)
        held.callback(reader.close)
        Worker(reader, taker, line).run()


def contracts() -> Mapping[Kind, Contract]:
    """Give how the bodies of each kind are read."""
    profile, native = load_profile(PROFILE), load_profile(NATIVE)
    ours = {
        kind: Contract(rows=partial(facts.rows_of, kind=word), profile=native, system="source")
        for kind, word in _NATIVE.items()
    }
    return ours | {
        kind: Contract(rows=partial(rows_of, kind=word), profile=profile, system=SYSTEM, tells=True)
        for kind, word in _KINDS.items()
    }


async def fetched(address: str) -> Mapping[str, object]:
    """Get a JSON object from an address; raises OSError or ValueError."""
    return await asyncio.to_thread(_fetch, address)


def _fetch(address: str) -> Mapping[str, object]:
    if not address.startswith(("https://", "http://")):
        raise ValueError(address)
    try:
        with urllib.request.urlopen(address, timeout=_SILENCE) as answer:  # noqa: S310
            told = json.loads(answer.read(_MOST_BYTES))
    except urllib.error.URLError as error:
        raise OSError from error
    if not isinstance(told, dict):
        raise ValueError
    return told


def _lead(house: House) -> Sequencer:
    until = monotonic() + _PATIENCE
    while True:
        try:
            return house.sequencer()
        except StoreError as busy:
            if not busy.retryable or monotonic() > until:
                raise
        sleep(0.1)


def _reading(house: House) -> Ledger:
    return Ledger.open(store=open_store(house.config.store), anchor=open_anchor(house.config))
