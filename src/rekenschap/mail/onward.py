# SPDX-License-Identifier: EUPL-1.2
"""A conversation with the mail server a message goes on to: what the client says goes on as it was said."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from types import TracebackType

_PATIENCE = 300.0
"""Seconds a mail server may think (RFC 5321 section 4.5.3.2 says: up to ten minutes)."""

_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A code and the lines it was said with, without their ends."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def text(self) -> bytes:
        """Give it as it goes back to the client, without the last line end."""
        return b"\r\n".join(self.lines)


class Onward:
    """One connection; raises OSError when it cannot be made or breaks."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, address: tuple[str, int]) -> Onward:
        """Connect, and hear the greeting."""
        async with asyncio.timeout(_PATIENCE):
            onward = cls(*await asyncio.open_connection(*address))
        greeting = await onward._reply()
        if greeting.code != 220:
            onward.close()
            raise ConnectionRefusedError
        return onward

    async def ask(self, line: bytes) -> Reply:
        """Say a line and hear the answer."""
        self._writer.write(line + b"\r\n")
        await self._writer.drain()
        return await self._reply()

    async def hand_over(self, content: bytes) -> Reply:
        """Hand a message over, byte for byte."""
        ready = await self.ask(b"DATA")
        if ready.code != 354:
            return ready
        self._writer.write(_DOT.sub(b"..", content))
        self._writer.write(b".\r\n" if content.endswith(b"\r\n") or not content else b"\r\n.\r\n")
        await self._writer.drain()
        return await self._reply()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def __aenter__(self) -> Onward:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _reply(self) -> Reply:
        lines: list[bytes] = []
        async with asyncio.timeout(_PATIENCE):
            while not lines or lines[-1][3:4] == b"-":
                try:
                    line = await self._reader.readuntil(b"\n")
                except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                    raise ConnectionResetError from None
                lines.append(line.rstrip(b"\r\n"))
        if not lines[-1][:3].isdigit():
            raise ConnectionResetError
        return Reply(code=int(lines[-1][:3]), lines=tuple(lines))
