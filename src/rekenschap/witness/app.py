# SPDX-License-Identifier: EUPL-1.2
"""The two doors of a witness as an ASGI application: `add-checkpoint` for logs, `…/checkpoint` for monitors.

Turns every question into a status and one sentence; what goes wrong inside is never told.
"""

from __future__ import annotations

import asyncio
import re
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rekenschap.errors import (
    InconsistentError,
    MalformedCheckpointError,
    MalformedProofError,
    RekenschapError,
    StoreError,
    VerificationError,
    WitnessSizeError,
    WrongSignatureError,
)
from rekenschap.tlog.hashing import EMPTY_ROOT
from rekenschap.tlog.note import Note, NoteSignature, Signer, Verifier, sign_text
from rekenschap.tlog.witnessing import MAX_REQUEST, SIZE_TYPE, AddCheckpoint, answer_of, open_for_witness
from rekenschap.witness.memory import WitnessMemory

Message = Mapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_TEXT = "text/plain; charset=utf-8"
_MONITOR = re.compile(r"/([0-9a-f]{64})/checkpoint", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    kind: str = _TEXT
    allow: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessApp:
    """A witness that watches `logs` (the keys of each by origin) and signs with `signers`."""

    memory: WitnessMemory
    signers: Sequence[Signer]
    logs: Mapping[str, Sequence[Verifier]]
    clock: Callable[[], datetime]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP question."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            return
        answer = await asyncio.to_thread(self.guarded, str(scope["method"]), str(scope["path"]), body)
        headers = [
            (b"content-type", answer.kind.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if answer.allow:
            headers.append((b"allow", answer.allow.encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        content = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": content})

    def guarded(self, method: str, path: str, body: bytes) -> Answer:
        """Answer, whatever happens: the outermost door of this service."""
        try:
            return self.answer(method, path, body)
        except StoreError as error:
            return _said(503, error)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            sys.stderr.write(
                f"rekenschap witness: found {type(error).__name__} in {Path(place.filename).name} "
                f"line {place.lineno}; report that line\n"
            )
            return Answer(status=500, body=b"a fault of this witness\n")

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one question; raises StoreError when the memory does not answer."""
        if len(body) > MAX_REQUEST:
            return Answer(status=413, body=f"at most {MAX_REQUEST} bytes\n".encode())
        if path == "/add-checkpoint":
            if method != "POST":
                return Answer(status=405, body=b"post a checkpoint\n", allow="POST")
            return self._add_checkpoint(body)
        monitored = _MONITOR.fullmatch(path)
        if monitored is None:
            return Answer(status=404, body=b"no such address\n")
        if method not in ("GET", "HEAD"):
            return Answer(status=405, body=b"only to read\n", allow="GET, HEAD")
        published = self.memory.published(monitored[1])
        if published is None:
            return Answer(status=404, body=b"no checkpoint of such a log was cosigned\n")
        return Answer(status=200, body=published)

    def _add_checkpoint(self, body: bytes) -> Answer:
        """Take the steps of C2SP tlog-witness in their order; each has its status."""
        # 1. The form of the request.
        try:
            request = AddCheckpoint.from_bytes(body)
            origin = request.origin
        except VerificationError as error:
            return _said(400, error)
        # 2. A log we watch.
        if origin not in self.logs:
            return Answer(status=404, body=b"this witness does not watch such a log\n")
        if _is_empty_with_a_root(request.note):
            return Answer(status=422, body=b"a tree of size 0 with leaves\n")
        # 3. A signature of that log.
        try:
            checkpoint, note = open_for_witness(request, self.logs[origin])
        except WrongSignatureError as error:
            return _said(403, error)
        except MalformedCheckpointError as error:
            return _said(400, error)
        # 4. The tree we cosigned last, grown; remembered before it is answered.
        try:
            signatures = self.memory.cosign(request, checkpoint=checkpoint, note=note, sign=self._signed)
        except WitnessSizeError as error:
            return Answer(status=409, body=f"{error.size}\n".encode(), kind=SIZE_TYPE)
        except InconsistentError as error:
            return _said(422, error)
        except MalformedProofError as error:
            return _said(400, error)
        return Answer(status=200, body=answer_of(signatures))

    def _signed(self, text: str) -> tuple[NoteSignature, ...]:
        timestamp = int(self.clock().timestamp())
        return tuple(sign_text(text, signer, timestamp) for signer in self.signers)


async def _body(receive: Receive) -> bytes | None:
    """Read the whole body, or a little more than is allowed; None when the other side went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        body += part if isinstance(part, bytes) else b""
        if len(body) > MAX_REQUEST or not message.get("more_body"):
            return body


def _is_empty_with_a_root(note: bytes) -> bool:
    lines = Note.from_bytes(note).text.split("\n")
    return len(lines) == 4 and lines[1] == "0" and lines[2] != EMPTY_ROOT.to_base64()


def _said(status: int, error: RekenschapError) -> Answer:
    return Answer(status=status, body=f"{error}\n".encode())
