# SPDX-License-Identifier: EUPL-1.2
"""The five lines a developer adds: say who looks at whose data, and it is written down before it is shown."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from threading import Lock
from typing import ParamSpec, TypeVar

from rekenschap.emit.delivering import Address, Delivery, Health
from rekenschap.emit.records import Look, frame_of, requests_of
from rekenschap.emit.spool import Place, Spool, SpoolFile
from rekenschap.emit.trace import TraceContext, current
from rekenschap.errors import RefusedError

P = ParamSpec("P")
R = TypeVar("R")


class Guarantee(StrEnum):
    """When a look is on disk (VNG B7952; FSC logging; LDV 1.0.0 3.3.1 lets the system choose)."""

    BEFORE_ACT = "before-act"
    """before the block begins; whose data it is must be known by then"""
    BEFORE_SHOW = "before-show"
    """before the block ends; inside a request: before the answer leaves"""
    ASYNC_DURABLE = "async-durable"
    """within a tenth of a second; a crash may lose what came just before it"""


class Waiting:
    """The looks of one request that must be durable before its answer leaves; its threads share one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._places: dict[SpoolFile, int] = {}

    def add(self, place: Place) -> None:
        """Have a place waited for."""
        with self._lock:
            self._places[place.file] = max(place.end, self._places.get(place.file, 0))

    def take(self) -> list[Place]:
        """Give what is to be waited for, once."""
        with self._lock:
            places, self._places = self._places, {}
        return [Place(file=file, end=end) for file, end in places.items()]

    def __bool__(self) -> bool:
        return bool(self._places)


in_request: ContextVar[Waiting | None] = ContextVar("rekenschap_request", default=None)


@dataclass(slots=True, kw_only=True)
class Looking:
    """A look that is going on: say whose data it turns out to be."""

    look: Look
    _subjects: list[tuple[str | None, str, Sequence[str]]] = field(default_factory=list)

    def about(self, subject: str | int, *, subject_type: str = "bsn", fields: Sequence[str] = ()) -> None:
        """Name somebody whose data is shown; each person is a step of its own (LDV 1.0.0 3.3.1)."""
        self._subjects.append((_identifier(subject, subject_type), subject_type, fields))

    def named(self, *, zaak: str | None = None, search_key: str | None = None) -> None:
        """Name the zaak or the way of searching when it becomes known on the way."""
        self.look = replace(
            self.look, zaak=zaak or self.look.zaak, search_key=search_key or self.look.search_key
        )

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers for a call to another system that works for this look."""
        return self.look.trace.headers

    def looks(self) -> list[Look]:
        """Give one look for each person; several are steps below the one that searched."""
        if not self._subjects:
            return [self.look]
        if len(self._subjects) == 1 and self.look.subject is None:
            return [_about(self.look, self._subjects[0])]
        steps = [
            replace(self.look, trace=self.look.trace.step(), parent_id=self.look.trace.span_id)
            for _ in self._subjects
        ]
        return [self.look, *(_about(step, who) for step, who in zip(steps, self._subjects, strict=True))]


class Emitter:
    """Writes looks down and brings them to the front door; one for each system, made once.

    `spool` is a folder of this machine for looks that wait. Nothing is sampled, whatever a caller asks.
    """

    def __init__(
        self,
        address: Address | str,
        *,
        spool: Path | str,
        system: str,
        guarantee: Guarantee = Guarantee.BEFORE_SHOW,
        most_waiting_bytes: int = 1 << 30,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._spool = Spool(Path(spool), most_bytes=most_waiting_bytes)
        at = Address(url=address) if isinstance(address, str) else address
        self._guarantee, self._clock = guarantee, clock
        self._delivery = Delivery(self._spool, at, requests=partial(requests_of, system=system))

    @contextmanager
    def look(
        self,
        *,
        staff: str,
        register: str,
        subject: str | int | None = None,
        guarantee: Guarantee | None = None,
        **more: str,
    ) -> Iterator[Looking]:
        """Write down a look around the code that makes it; show the data after the block, or behind it.

        `more`: zaak, search_key, processing_activity, device, name, subject_type. With a processing activity
        a line for the processing log is written beside. Raises StoreError when the look cannot be written:
        then do not show the data. An error of the block is passed on, and the look says that it failed.
        """
        if not staff:
            raise _nobody()
        caller = current.get()
        trace = caller.step() if caller else TraceContext.begin()
        now = self._clock()
        looking = Looking(
            look=Look(
                trace=trace,
                parent_id=(caller.span_id or None) if caller else None,
                staff=staff,
                register=register,
                subject=_identifier(subject, more.get("subject_type", "bsn")),
                started=now,
                ended=now,
                **more,
            )
        )
        when = guarantee or self._guarantee
        early = when is Guarantee.BEFORE_ACT
        if early:
            self._write([_known_before(looking.look)], when)
        step = current.set(trace)
        try:
            yield looking
        except BaseException as error:
            looking.look = replace(looking.look, failed=type(error).__name__)
            raise
        finally:
            current.reset(step)
            looking.look = replace(looking.look, ended=max(now, self._clock()))
            # What was written before must not be told again in other words: only who came to it.
            self._write(looking.looks()[1:] if early else looking.looks(), when)

    def shows(
        self,
        *,
        staff: str | Callable[..., str],
        subject: str | Callable[[R], str | None],
        register: str,
        guarantee: Guarantee | None = None,
        **more: str,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Write down each call of a function that gives somebody's data, before it is given.

        `staff` and `subject` name an argument of the function; or `staff` is a function of the same
        arguments, and `subject` one of what it gives (None: nobody was found).
        """

        def decorate(function: Callable[P, R]) -> Callable[P, R]:
            signature = inspect.signature(function)

            @functools.wraps(function)
            def looked(*args: P.args, **kwargs: P.kwargs) -> R:
                bound = signature.bind(*args, **kwargs)
                bound.apply_defaults()
                who = staff(*args, **kwargs) if callable(staff) else str(bound.arguments[staff])
                whose = None if callable(subject) else str(bound.arguments[subject])
                with self.look(
                    staff=who, register=register, subject=whose, guarantee=guarantee, **more
                ) as looking:
                    given = function(*args, **kwargs)
                    found = subject(given) if callable(subject) else None
                    if found is not None:
                        looking.about(found)
                return given

            return looked

        return decorate

    def durable(self, waiting: Waiting) -> None:
        """Make the looks of a request durable; raises StoreError: then its answer must not leave."""
        for place in waiting.take():
            self._spool.sync(place)

    def health(self) -> Health:
        """Say how delivery goes."""
        return self._delivery.health()

    def drain(self, seconds: float) -> bool:
        """Wait until all of this process, and of those that are gone, is delivered; says whether it is."""
        return self._delivery.drain(seconds)

    def close(self) -> None:
        """Stop delivering; what waits is taken up by the next process that uses the same folder."""
        self._delivery.stop()
        self._spool.close()

    def _write(self, looks: Sequence[Look], when: Guarantee) -> None:
        frames = [frame for frame in map(frame_of, looks) if frame != b"\n"]
        if not frames:
            return
        place = self._spool.append(frames)
        waiting = in_request.get()
        if when is Guarantee.BEFORE_SHOW and waiting is not None:
            waiting.add(place)
        elif when is not Guarantee.ASYNC_DURABLE:
            self._spool.sync(place)
        self._delivery.wake()


def _about(look: Look, who: tuple[str | None, str, Sequence[str]]) -> Look:
    subject, subject_type, fields = who
    return replace(look, subject=subject, subject_type=subject_type, fields=fields or look.fields)


def _identifier(subject: str | int | None, subject_type: str) -> str | None:
    """Spell an identifier; a BSN that a program keeps as a number gets back the zeros before it."""
    if isinstance(subject, int):
        return f"{subject:09d}" if subject_type == "bsn" else str(subject)
    return subject


def _nobody() -> RefusedError:
    return RefusedError(
        expected="the account of the member of staff who looks",
        found="an empty one",
        remedy="do not show the data before you know who asks",
        rule="staff",
    )


def _known_before(look: Look) -> Look:
    if look.subject is None:
        raise RefusedError(
            expected="whose data it is, for a look that is written down before the act",
            found="nobody",
            remedy="name the subject, or use before-show",
            rule="before-act",
        )
    return look
