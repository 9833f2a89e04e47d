# SPDX-License-Identifier: EUPL-1.2
"""Quarantine of a house, worked through: rows by their profile, records of the front door by their contract.

A whole request that was set apart is taken in as it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice

from rekenschap.audit.intake import opened_door
from rekenschap.errors import ConfigurationError
from rekenschap.frontdoor.callers.sources import Callers, read_callers
from rekenschap.frontdoor.inbox import Frame, Kind
from rekenschap.frontdoor.taking import Contract, Taker
from rekenschap.frontdoor.working import tried
from rekenschap.house import House
from rekenschap.intake import (
    BODY,
    Again,
    Door,
    FactLedger,
    OfferedAgain,
    Profile,
    Waiting,
    Which,
    judge_again,
    load_profile,
    profile_names,
    take_in_offered,
)

_AT_ONCE = 2_000
_MARKS = ((b"T", Kind.TRACES_PROTOBUF), (b"L", Kind.LOGS_PROTOBUF))
_WORDS = ((b'"resourceSpans"', Kind.TRACES_JSON), (b'"resourceLogs"', Kind.LOGS_JSON))
_HEAD = 40


@dataclass(slots=True, kw_only=True)
class Worked:
    """What became of what waited; `unknown` are the profiles that no one gave and that do not come along."""

    again: Again = field(default_factory=Again)
    unknown: dict[str, int] = field(default_factory=dict)


def work_through(
    house: House, which: Which, profile: Profile | None, *, ledger: FactLedger, now: datetime
) -> Worked:
    """Judge again what waits: with `profile` what is of it, the rest with the profiles that come along.

    Raises RefusedError for a profile whose facts need a whole file.
    """
    with opened_door(house) as door:
        given = {} if profile is None else {profile.id: profile}
        return _Working(house, door, ledger, given, now=now).through(which)


def contract_of(original: bytes) -> Kind | None:
    """Say in which form a record of the front door waits; None when it is none."""
    for mark, kind in _MARKS:
        if original.startswith(mark + b"\x0a"):
            return kind
    if original.startswith(b"{"):
        return next((kind for word, kind in _WORDS if word in original[:_HEAD]), None)
    return None


class _Working:
    def __init__(
        self, house: House, door: Door, ledger: FactLedger, given: Mapping[str, Profile], *, now: datetime
    ) -> None:
        self._door, self._ledger, self._given, self._now = door, ledger, dict(given), now
        self._systems = systems_by_origin(read_callers(house.root))
        self._taker: Taker | None = None
        self._told = Worked()

    def through(self, which: Which) -> Worked:
        """Take everything that waits now, each once."""
        held = self._door.quarantine
        keys = iter(held.keys(which))
        while some := list(islice(keys, _AT_ONCE)):
            for (form, name), rows in _sorted(list(held.waiting(some))).items():
                if form == BODY:
                    self._bodies(Kind[name], rows)
                elif form:
                    self._records(Kind[name], rows)
                else:
                    self._rows(name, rows)
        return self._told

    def _rows(self, profile: str, rows: Sequence[Waiting]) -> None:
        chosen = self._profile(profile)
        if chosen is None:
            self._told.unknown[profile] = self._told.unknown.get(profile, 0) + len(rows)
            return
        told = judge_again(rows, chosen, door=self._door, ledger=self._ledger, now=self._now, may=self._may)
        self._told.again.join(told)

    def _records(self, kind: Kind, rows: Sequence[Waiting]) -> None:
        told, taker = Again(judged=len(rows)), self._ready()
        known = [each for each in rows if self._of(each.origin) is not None]
        told.staying.update(each.row.reason for each in rows if self._of(each.origin) is None)
        if known:
            block, places = taker.read(
                taker.contracts[kind], [self._frame(kind, each, _body(each)) for each in known]
            )
            offered = OfferedAgain([block], known, places.tolist())
            report = take_in_offered(
                offered, taker.contracts[kind].profile, door=self._door, ledger=self._ledger, now=self._now
            )
            told.add(offered, accepted=report.accepted, known=report.known)
        self._told.again.join(told)

    def _bodies(self, kind: Kind, rows: Sequence[Waiting]) -> None:
        told = Again(judged=len(rows))
        for each in rows:
            frame = self._frame(kind, each, each.row.original)
            if self._of(each.origin) is not None and tried(partial(self._ready().take, [frame])) is None:
                self._door.quarantine.remove_rows([each.key])
                told.gone += 1
            else:
                told.staying[each.row.reason] += 1
        self._told.again.join(told)

    def _frame(self, kind: Kind, held: Waiting, body: bytes) -> Frame:
        systems = self._of(held.origin) or ()
        return Frame(kind=kind, source=held.origin, systems=systems, received_at=held.since, body=body)

    def _of(self, origin: str) -> tuple[str, ...] | None:
        """Give the systems a sender may speak for, none for any; None when nobody knows the sender."""
        return self._systems.get(origin) if origin else ()

    def _may(self, held: Waiting, row: Mapping[str, str]) -> bool:
        systems = self._of(held.origin)
        return systems is not None and (not systems or row.get("source") in systems)

    def _profile(self, name: str) -> Profile | None:
        if name not in self._given and name in profile_names():
            self._given[name] = load_profile(name)
        return self._given.get(name)

    def _ready(self) -> Taker:
        if self._taker is None:
            self._taker = Taker(
                door=self._door, ledger=self._ledger, contracts=_contracts(), clock=lambda: self._now
            )
        return self._taker


def systems_by_origin(callers: Callers) -> dict[str, tuple[str, ...]]:
    """Give the systems each declared source may speak for."""
    return {source.name: source.systems for source in callers.sources}


def _contracts() -> Mapping[Kind, Contract]:
    try:
        from rekenschap.audit.frontdoor import contracts
    except ImportError as error:
        raise ConfigurationError(
            expected="the servers that come with rekenschap[services], for records of the front door",
            found="none",
            remedy="install them with: pip install 'rekenschap[services]'",
        ) from error
    return contracts()


def _sorted(rows: Sequence[Waiting]) -> dict[tuple[str, str], list[Waiting]]:
    """Put rows together that are judged in one way: whole bodies, records by kind, rows by profile."""
    found: dict[tuple[str, str], list[Waiting]] = {}
    for each in rows:
        found.setdefault(_way(each), []).append(each)
    return found


def _way(held: Waiting) -> tuple[str, str]:
    form, _, name = held.row.form.partition(":")
    if form == BODY:
        return BODY, name
    kind = contract_of(held.row.original)
    return ("record", kind.name) if kind is not None else ("", held.profile)


def _body(held: Waiting) -> bytes:
    original = held.row.original
    return original if original.startswith(b"{") else original[1:]
