# SPDX-License-Identifier: EUPL-1.2
"""The inside of the socket: a Unix-domain socket on which producers append, each on a line of its own.

Only who may write the socket (its owner) comes in. What is on its way at once is bounded, in lines and bytes.
"""

from __future__ import annotations

import os
import socket
import stat
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Condition, Thread
from typing import Protocol

import pyarrow as pa

from rekenschap.adapters.sequencing.wire import (
    MOST_BYTES,
    answer_of,
    read_request,
    receive,
    receive_length,
    send,
)
from rekenschap.errors import RefusedError, RekenschapError, StoreError
from rekenschap.ledger import Receipt
from rekenschap.model.columns import Relation
from rekenschap.model.relations import RELATIONS

MOST_LINES = 256
_REMEMBERED = 4_096
"""Requests whose answer is given again when the same bytes come once more: the first may not have arrived."""
_MODE = 0o600
_PATIENCE = 60.0  # seconds for the rest of a message that has begun


class Appends(Protocol):
    """What is behind the socket."""

    def append(self, relation: Relation, rows: pa.Table) -> Receipt:
        """Append facts; on return they are durable."""


class SequencerSocket:
    """Serves appends at a path until it is closed; the path is removed then.

    Relations are those a source can report; what a ledger says about itself does not come through here.
    """

    def __init__(self, path: Path, inside: Appends, *, relations: Mapping[str, Relation] = RELATIONS) -> None:
        self._path, self._inside, self._relations = Path(path), inside, relations
        self._lines: set[socket.socket] = set()
        self._state = Condition()
        self._bytes = 0
        self._answered: OrderedDict[bytes, Receipt] = OrderedDict()
        self._is_closed = False
        self._socket = _listening(self._path)
        self._thread = Thread(target=self._accept, name="rekenschap-socket", daemon=True)
        self._thread.start()

    def __enter__(self) -> SequencerSocket:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.close()

    def close(self) -> None:
        """Let nobody in any more, and wait until who was answered has gone."""
        with self._state:
            self._is_closed = True
            self._state.notify_all()
            for line in self._lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RD)  # an answer that is due can still be sent
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        self._path.unlink(missing_ok=True)
        with self._state:
            self._state.wait_for(lambda: not self._lines, timeout=_PATIENCE)

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with self._state:
                is_full = self._is_closed or len(self._lines) >= MOST_LINES
                if not is_full:
                    self._lines.add(line)
            if is_full:
                line.close()
            else:
                Thread(target=self._serve, args=(line,), name="rekenschap-line", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            while (length := receive_length(line)) is not None:
                line.settimeout(_PATIENCE)
                if length > MOST_BYTES:
                    send(line, answer_of(_too_large(length)))
                    return
                with self._room(length):
                    send(line, answer_of(self._answer(receive(line, length))))
                line.settimeout(None)
        except (OSError, StoreError):
            return  # who was there has gone; what they appended stays
        finally:
            line.close()
            with self._state:
                self._lines.discard(line)
                self._state.notify_all()

    def _answer(self, message: bytes) -> Receipt | RekenschapError:
        identity = sha256(message).digest()
        known = self._answered.get(identity)
        if known is not None:
            return known
        try:
            name, rows = read_request(message)
            if name not in self._relations:
                raise RefusedError(
                    expected="the name of a relation a source can report",
                    found="another word",
                    remedy="see the reference of relations",
                    rule="name",
                )
            receipt = self._inside.append(self._relations[name], rows)
            with self._state:
                self._answered[identity] = receipt
                if len(self._answered) > _REMEMBERED:
                    self._answered.popitem(last=False)
            return receipt
        except RekenschapError as error:
            return error

    @contextmanager
    def _room(self, length: int) -> Iterator[None]:
        """Wait until there is room for a message of this length: a slow ledger slows its producers."""
        with self._state:
            self._state.wait_for(lambda: not self._bytes or self._bytes + length <= 2 * MOST_BYTES)
            self._bytes += length
        try:
            yield
        finally:
            with self._state:
                self._bytes -= length
                self._state.notify_all()


def _listening(path: Path) -> socket.socket:
    _clear(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        os.fchmod(listening.fileno(), _MODE)  # before there is a path: nobody else ever gets in
        listening.bind(str(path))
        path.chmod(_MODE)
        listening.listen(MOST_LINES)
    except OSError as error:
        listening.close()
        raise StoreError(
            expected=f"a place for the socket at {path.name}",
            found=os.strerror(error.errno or 0).lower(),
            remedy="name a short path in a directory that can be written",
        ) from error
    return listening


def _clear(path: Path) -> None:
    """Remove the socket of a program that is gone; raises StoreError for anything else."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        if stat.S_ISSOCK(mode) and trial.connect_ex(str(path)):
            path.unlink()
            return
    raise StoreError(
        expected=f"no other socket at {path.name}",
        found="another sequencer's" if stat.S_ISSOCK(mode) else "something else",
        remedy="stop it first, or name another path",
    )


def _too_large(length: int) -> RefusedError:
    return RefusedError(
        expected=f"a message of at most {MOST_BYTES} bytes",
        found=f"{length}",
        remedy="offer the facts in smaller batches",
        rule="socket",
    )
