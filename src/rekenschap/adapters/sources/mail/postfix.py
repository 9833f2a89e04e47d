# SPDX-License-Identifier: EUPL-1.2
"""The log of postfix: a row for each address a message was handed over to, its lines joined by queue number.

Times are ISO 8601, or as syslog wrote them before: without a year. That year is the setting `year` (of the
last line), or else that of the day the file was last written. Lines of other programs are passed over.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from rekenschap.adapters.sources.mail.destinations import Destinations, destinations_of, domain_of
from rekenschap.adapters.sources.text_lines import Lines, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.seams.source import KEPT_OF_A_LINE, RECORD, Block, BrokenRow, ReaderOptions

_LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ "
    r"(?P<name>[\w.-]*postfix[\w.-]*)/(?P<program>[\w/-]+)\[\d+\]: (?P<rest>.*)",
    re.DOTALL,
)
_QUEUED = re.compile(r"([0-9A-F]{6,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,20}): (.*)", re.DOTALL)
_NOTES = re.compile(rb"^[^\n]*postfix[^\n\[ ]*/(?:smtpd|pickup|cleanup|qmgr)\[\d+\]: [^\n]*$", re.MULTILINE)
_PAIR = re.compile(r"([a-z_-]+)=(<[^>]*>|[^,]*?)(?:, |,$|$| \()")
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_FILTERS = "10024 10025 10026"
"""Ports of this machine at which filters listen by custom, and at which the mail comes back."""

_REMEMBERED = 200_000
_HERE = re.compile(r"(127\.0\.0\.1|\[?::1\]?|localhost)\b")
_WITHIN = frozenset({"local", "virtual", "pipe", "lmtp", "discard", "error", "retry"})

_Row = dict[str, str | None]


class PostfixLog:
    """Reads mail.log; a message of which the log does not hold the beginning has no sender."""

    fixed_columns = False

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give a row for each delivery, in the order of the log."""
        ports = frozenset(options.settings.get("filter_ports", _FILTERS).split())
        joining = _Joining(destinations_of(options.settings), _year(path, options.settings), ports)
        for lines in lines_of(chunks_of(path)):
            yield joining.block(lines)

    def leaned_on(self, raw: bytes) -> bytes:
        """Give the lines that tell of a message under way, and none that tells of a delivery."""
        return b"".join(
            line + b"\n" for line in _NOTES.findall(raw) if not _is_delivery(line) and _is_text(line)
        )


def _is_delivery(line: bytes) -> bool:
    return b"status=" in line and b"to=" in line


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in line


class _Joining:
    """Remembers the messages that are under way, at most so many."""

    def __init__(
        self, destinations: Destinations, written: tuple[int, int], filter_ports: frozenset[str]
    ) -> None:
        self._filter_ports = filter_ports
        self._destinations = destinations
        self._written = written
        self._under_way: OrderedDict[str, _Row] = OrderedDict()

    def block(self, lines: Lines) -> Block:
        rows: list[_Row] = []
        numbers: list[int] = []
        broken = list(lines.broken)
        for text, number in zip(lines.texts, lines.numbers, strict=True):
            try:
                whole = text.decode()
                row = self._row(whole)
            except UnicodeDecodeError:
                original = text[:KEPT_OF_A_LINE]
                broken.append(BrokenRow(line=number, reason="text-unreadable", original=original))
                continue
            if row is not None:
                rows.append(row | {RECORD: whole})
                numbers.append(number)
        names = dict.fromkeys(["time", "queue_id", "from", "to", *(name for row in rows for name in row)])
        return Block(
            rows=pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}),
            lines=pa.array(numbers, pa.int64()),
            broken=tuple(broken),
            bytes_read=lines.bytes_read,
        )

    def _row(self, line: str) -> _Row | None:
        """Take note of a line; gives a row when it tells of a delivery."""
        found = _LINE.fullmatch(line)
        queued = _QUEUED.fullmatch(found["rest"]) if found else None
        if found is None or queued is None:
            return None
        program, number = found["program"].rpartition("/")[2], queued[1]
        told = dict(_PAIR.findall(queued[2]))
        if "to" in told and "status" in told:
            return self._delivery(self._time(found["time"]), program, {"queue_id": number, **told})
        self._note(program, number, told)
        if queued[2] == "removed":
            self._under_way.pop(number, None)
        return None

    def _note(self, program: str, number: str, told: Mapping[str, str]) -> None:
        """Keep what the program may say: in a line of another program it may come from a stranger."""
        wanted = {
            "smtpd": ("client", "sasl_username", "orig_queue_id", "orig_client"),
            "pickup": ("uid",),
            "cleanup": ("message-id",),
            "qmgr": ("from", "size", "nrcpt"),
        }.get(program, ())
        kept = {name: told[name].strip() for name in wanted if name in told}
        if kept:
            self._under_way[number] = {**self._under_way.pop(number, {}), **kept}
            if len(self._under_way) > _REMEMBERED:
                self._under_way.popitem(last=False)

    def _delivery(self, time: str, program: str, told: Mapping[str, str]) -> _Row:
        message = self._under_way.get(told["queue_id"], {})
        sender, to = _plain(message.get("from")), _plain(told["to"])
        row: _Row = {name.replace("-", "_"): text.strip() for name, text in told.items()}
        row |= {name.replace("-", "_"): text for name, text in message.items()}
        row["status"] = told["status"].partition(" ")[0]
        row |= {"time": time, "from": sender, "to": to, "program": program}
        row["sender"] = _sender(sender, self._destinations)
        row["hop"] = _hop(program, told.get("relay", ""), self._filter_ports)
        row["message_id"] = _plain(message.get("message-id"))
        row["destination_kind"] = self._destinations.kind(to or "")
        row["jurisdiction"] = self._destinations.country(to or "")
        row["to_domain"] = domain_of(to or "")
        return row

    def _time(self, text: str) -> str:
        """Give a time with its year: a month after that of the end of the log is of the year before."""
        if text[0].isdigit():
            return text
        year, last = self._written
        month = _MONTHS.find(text[:3]) // 3 + 1
        return f"{year - (month > last):04d}-{month:02d}-{int(text[4:6]):02d}T{text[7:]}"


def _year(path: Path, settings: Mapping[str, str]) -> tuple[int, int]:
    """Give year and month of the end of the log."""
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except (OSError, OverflowError, ValueError):
        return 1970, 12
    year = settings.get("year", "")
    return (int(year), 12) if year.isdecimal() and len(year) == 4 else (written.year, written.month)


def _plain(address: str | None) -> str | None:
    return None if address is None else address.strip().removeprefix("<").removesuffix(">")


def _sender(sender: str | None, destinations: Destinations) -> str:
    """Say of whom a message is: one of ours, a stranger, nobody (a notice of a server), or not known."""
    if sender is None:
        return "unknown"
    if not sender:
        return "nobody"
    return "own" if destinations.is_own(sender) else "stranger"


def _hop(program: str, relay: str, filter_ports: frozenset[str]) -> str:
    """Say whether a delivery left this machine: through a filter on it the message comes back."""
    if program in _WITHIN:
        return "here"
    return "filter" if _HERE.match(relay) and relay.rpartition(":")[2] in filter_ports else "onward"
