# SPDX-License-Identifier: EUPL-1.2
"""The outside of the socket: appends to a sequencer in another program as if it were here."""

from __future__ import annotations

import socket
from pathlib import Path
from threading import Lock

import pyarrow as pa

from rekenschap.adapters.sequencing.wire import read_answer, receive, receive_length, request_of, send
from rekenschap.errors import StoreError
from rekenschap.ledger import Receipt
from rekenschap.model.columns import Relation


class DistantSequencer:
    """A line to the socket at `path`, made at the first append; of several threads one speaks at a time.

    When the line breaks while an answer is due nobody knows whether the facts were appended. Offer the same
    table again: the socket gives the receipt it gave before, or a sequencer that was started anew refuses
    what survived.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._line: socket.socket | None = None
        self._turn = Lock()

    def append(self, relation: Relation, rows: pa.Table) -> Receipt:
        """Append facts; on return they are durable. Raises what `Sequencer.append` raises, and StoreError."""
        request = request_of(relation.name, rows)
        with self._turn:
            try:
                answer = self._ask(request)
            except OSError as error:
                self.close()
                raise _no_answer() from error
            if answer is None:
                self.close()
                raise _no_answer()
        return read_answer(answer)

    def close(self) -> None:
        """Hang up; the next append connects again."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def __enter__(self) -> DistantSequencer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.close()

    def _ask(self, request: bytes) -> bytes | None:
        if self._line is None:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.connect(str(self._path))
            except OSError:
                line.close()
                raise
            self._line = line
        send(self._line, request)
        length = receive_length(self._line)
        return None if length is None else receive(self._line, length)


def _no_answer() -> StoreError:
    return StoreError(
        expected="a sequencer that answers at its socket",
        found="none",
        remedy="see whether it runs, then offer the facts again",
        retryable=True,
    )
