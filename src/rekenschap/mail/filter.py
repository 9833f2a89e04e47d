# SPDX-License-Identifier: EUPL-1.2
"""The filter between two mail servers: every command goes on as it came and its answer goes back. On the way
of a message, how many people it is about is counted and noted.

The message is with the first server until the next one has taken it: we never answer for it. Nothing that
goes wrong with counting or noting stops it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from aiosmtpd.smtp import log as _log_of_aiosmtpd

from rekenschap.mail.counting import Counted, count
from rekenschap.mail.onward import Onward, Reply
from rekenschap.mail.settings import FilterSettings
from rekenschap.mail.spool import Fact, Spool

_log_of_aiosmtpd.disabled = True  # it writes addresses, and messages line by line

_PATH = re.compile(r"<(.*)>")
_IDENT = re.compile(r"(?:^| )IDENT=(\S+)")
_NOT_OURS = (b"STARTTLS", b"AUTH", b"PIPELINING", b"CHUNKING", b"BINARYMIME", b"VRFY", b"ETRN", b"BURL")
_SECONDS = 10.0
"""How long may be counted; then what was found so far stands, as `partly`."""

_UNCOUNTED = Counted(persons=0, kinds=("uncounted",))
_LATER = "451 4.3.0 the filter cannot pass this on now"
_LONGEST = 64 << 20


class Counter:
    """Counts messages in threads of its own, and writes down what left."""

    def __init__(
        self, settings: FilterSettings, *, clock: Callable[[], datetime], trouble: Callable[[str], None]
    ) -> None:
        self._trouble = trouble
        self.settings = settings
        self.spool = Spool(settings.spool)
        self.recovered = self.spool.recover(clock())
        self.unnoted = 0
        self._clock = clock
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="counting")

    async def begin(self, envelope: Envelope, ident: str | None) -> Path | None:
        """Note a message that is about to go on; None when there is nothing to note, or it could not be."""
        sender = envelope.mail_from or ""
        if not sender or not self.settings.destinations.is_own(sender):
            return None
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        counted = await self._counted(content)
        facts = self._facts(envelope, counted, size=len(content), ident=ident)
        return await self._tried(lambda: self.spool.begin(facts))

    async def end(self, note: Path | None, *, taken: bool) -> None:
        """Bring the note to the file of the day, or take it away when the message was refused."""
        if note is None:
            return
        if taken:
            await self._tried(lambda: self.spool.sent(note, self._clock()))
        else:
            await self._tried(lambda: self.spool.refused(note))

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _counted(self, content: bytes) -> Counted:
        """Count; whatever goes wrong is no reason to hold a message up, so it is only told."""
        until = time.monotonic() + _SECONDS
        job = asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: count(content, is_late=lambda: time.monotonic() > until)
        )
        try:
            return await asyncio.wait_for(job, _SECONDS + 1)
        except Exception:  # a message may be anything; mail goes first
            return _UNCOUNTED

    async def _tried(self, deed: Callable[[], Path | None]) -> Path | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(None, deed)
        except Exception as error:  # whatever it is, mail goes first; its words may hold an address
            self.unnoted += 1
            self._trouble(getattr(error, "strerror", None) or type(error).__name__)
            return None

    def _facts(self, envelope: Envelope, counted: Counted, *, size: int, ident: str | None) -> Sequence[Fact]:
        where = self.settings.destinations
        shared: Fact = {
            "relation": "disclosure",
            "source": self.settings.source,
            "disclosed_at": self._clock().isoformat(),
            "staff": (envelope.mail_from or "").rpartition("@")[0],
            "kind": "mail",
            "size": size,
        }
        if counted.persons or not {"unseen", "partly", "uncounted"} & set(counted.kinds):
            shared["subjects"] = counted.persons
        if counted.kinds:
            shared["kinds"] = ", ".join(counted.kinds)
        facts: list[Fact] = []
        for address in dict.fromkeys(envelope.rcpt_tos):
            country = where.country(address)
            there: Fact = {"destination_kind": where.kind(address), "destination": address}
            facts.append(shared | there | ({"jurisdiction": country} if country else {}))
        return facts


class PassingOn(SMTP):
    """One client of the filter, with a connection of its own to the next server."""

    line_length_limit = _LONGEST
    command_size_limit = 8_192

    def __init__(self, counter: Counter) -> None:
        super().__init__(self, data_size_limit=None, enable_SMTPUTF8=True, hostname="mail-filter", ident="")
        self.command_size_limits.default_factory = lambda: self.command_size_limit  # type: ignore[attr-defined]
        self._counter = counter
        self._onward: Onward | None = None
        self._ident: str | None = None

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd calls it so
        """Greet the next server, and offer what it offers."""
        await self._greet(b"EHLO", hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        """Greet the next server in the old way."""
        await self._greet(b"HELO", hostname)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        """Pass the sender on."""
        if (await self._pass(b"MAIL", arg)).code == 250 and self.envelope is not None:
            self.envelope.mail_from = _path(arg)

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        """Pass a recipient on; the next server decides about each."""
        if (await self._pass(b"RCPT", arg)).code in (250, 251) and self.envelope is not None:
            self.envelope.rcpt_tos.append(_path(arg))

    async def smtp_XFORWARD(self, arg: str) -> None:  # noqa: N802
        """Pass on whose message it was before; its number in the queue is ours to keep."""
        if (found := _IDENT.search(arg or "")) is not None:
            self._ident = None if found[1] == "[UNAVAILABLE]" else found[1]
        await self._pass(b"XFORWARD", arg)

    async def smtp_RSET(self, arg: str) -> None:  # noqa: N802
        """Begin anew."""
        self.envelope = Envelope()
        await self._pass(b"RSET", arg)

    async def smtp_NOOP(self, arg: str) -> None:  # noqa: N802
        """Ask whether the next server is there."""
        await self._pass(b"NOOP", arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        """Hang up on both sides."""
        self._hang_up()
        await super().smtp_QUIT(arg)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> bytes:  # noqa: N802
        """Count, note, pass on, and answer what the next server answered."""
        if self._onward is None:
            raise ConnectionResetError
        note = await self._counter.begin(envelope, self._ident)
        self._ident = None
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        reply: Reply | None = None
        try:
            reply = await self._onward.hand_over(content)
        finally:
            await self._counter.end(note, taken=reply is not None and reply.code == 250)
        return reply.text

    async def handle_exception(self, error: Exception) -> str:
        """Answer that it must be tried again: a message is never refused for good because of us."""
        self._hang_up()
        return _LATER

    def connection_lost(self, error: Exception | None) -> None:
        """Hang up on the other side too."""
        self._hang_up()
        super().connection_lost(error)

    async def _greet(self, word: bytes, hostname: str) -> None:
        self.envelope = Envelope()
        if self._onward is None:
            self._onward = await Onward.to(self._counter.settings.onward)
        reply = await self._onward.ask(
            word + b" " + (hostname or "localhost").encode(errors="surrogateescape")
        )
        lines = [line for line in reply.lines[1:] if not line[4:].upper().startswith(_NOT_OURS)]
        lines = [reply.lines[0], *lines]
        if self.session is not None:
            self.session.extended_smtp, self.session.host_name = word == b"EHLO", hostname
        marked = [line[:3] + b"-" + line[4:] for line in lines[:-1]] + [lines[-1][:3] + b" " + lines[-1][4:]]
        await self.push(b"\r\n".join(marked))

    async def _pass(self, word: bytes, arg: str | None) -> Reply:
        if self._onward is None:
            raise ConnectionResetError
        line = word if arg is None else word + b" " + arg.encode(errors="surrogateescape")
        reply = await self._onward.ask(line)
        await self.push(reply.text)
        return reply

    def _hang_up(self) -> None:
        if self._onward is not None:
            self._onward.close()
            self._onward = None


def _path(arg: str) -> str:
    """Give the address in `FROM:<a@b> SIZE=1`."""
    found = _PATH.search(arg)
    address = found[1] if found else arg.partition(":")[2].partition(" ")[0]
    return address.encode(errors="surrogateescape").decode(errors="replace")
