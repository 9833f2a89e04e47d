# SPDX-License-Identifier: EUPL-1.2
"""The client of the native interface: facts of any relation, work and presence too, brought in for good."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rekenschap.emit.delivering import Address, Delivery, Health
from rekenschap.emit.spool import Spool
from rekenschap.errors import RefusedError

Value = str | int | bool | datetime | None
PATH = "/v1/facts"


class Reporter:
    """Tells facts to the front door (`POST /v1/facts`); one for each program, made once.

    `source` is the name of the system that tells, when a fact does not name another. What was told is on disk
    in `spool`, and stays there until the front door has it. A fact told twice is one.
    """

    def __init__(
        self,
        address: Address | str,
        *,
        spool: Path | str,
        source: str,
        most_waiting_bytes: int = 1 << 30,
    ) -> None:
        self._spool = Spool(Path(spool), most_bytes=most_waiting_bytes, ending=".facts")
        at = Address(url=address) if isinstance(address, str) else address
        self._source = source
        self._delivery = Delivery(self._spool, at, requests=_requests_of)

    def tell(self, relation: str, *facts: Mapping[str, Value]) -> None:
        """Tell facts by the names of the columns of their relation; on return they are durable here.

        A moment is a `datetime` with its zone, or text in ISO 8601. Which columns there are the page on
        relations says; a fact that does not fit waits in quarantine there. Raises StoreError when they cannot
        be kept, RefusedError for a moment without a zone: it could be another one in winter.
        """
        frames = [_frame({"relation": relation, "source": self._source, **fact}) for fact in facts]
        if frames:
            self._spool.sync(self._spool.append(frames))
            self._delivery.wake()

    def health(self) -> Health:
        """Say how delivery goes."""
        return self._delivery.health()

    def drain(self, seconds: float) -> bool:
        """Wait until everything is delivered; says whether it is."""
        return self._delivery.drain(seconds)

    def close(self) -> None:
        """Stop delivering; what waits is taken up by the next program that uses the same folder."""
        self._delivery.stop()
        self._spool.close()


def _frame(fact: Mapping[str, Value]) -> bytes:
    told = {name: _told(value) for name, value in fact.items() if value is not None}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _told(value: Value) -> Value:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise RefusedError(
            expected="a moment with its zone",
            found="one without",
            remedy="give it with a tzinfo",
            rule="moment",
        )
    return value.isoformat()


def _requests_of(frames: Sequence[bytes]) -> list[tuple[str, bytes]]:
    return [(PATH, b'{"facts":[' + b",".join(frames) + b"]}")]
