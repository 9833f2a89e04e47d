# SPDX-License-Identifier: EUPL-1.2
"""What the traffic of each source showed in the last weeks, in counts: whether a sampler or an SDK leaves
something out. Holds no record and nothing of anyone; a source by the name its facts bear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from rekenschap.contracts.traffic import Sign, Traffic, together
from rekenschap.intake.private.files import open_private, told, whole

FILE = "traffic.sqlite"
DAYS = 28
"""A sign is shown as long as it was seen in so many days: one that was mended goes by itself."""

_NUMBERS = tuple(each.name for each in fields(Traffic) if each.name != "source")
_COUNTED = f"""CREATE TABLE IF NOT EXISTS counted (source TEXT NOT NULL, day INTEGER NOT NULL,
    {", ".join(f"{name} INTEGER NOT NULL" for name in _NUMBERS)}, PRIMARY KEY (source, day)) WITHOUT ROWID"""
_WARNED = """CREATE TABLE IF NOT EXISTS warned
    (source TEXT NOT NULL, sign TEXT NOT NULL, PRIMARY KEY (source, sign)) WITHOUT ROWID"""
_ADD = f"""INSERT INTO counted VALUES (?, ?, {", ".join("?" * len(_NUMBERS))}) ON CONFLICT (source, day)
    DO UPDATE SET {", ".join(f"{name} = {name} + excluded.{name}" for name in _NUMBERS)}"""  # noqa: S608
_SINCE = f"SELECT source, {', '.join(_NUMBERS)} FROM counted WHERE day > ?"  # noqa: S608
_PLAIN = re.compile(r"[\w.:/-]{1,80}", re.ASCII)
_LINES: Mapping[Sign, str] = MappingProxyType(
    {
        Sign.SAMPLES: "a sampler left some of its traces out",
        Sign.DROPS: "attributes were dropped before its records were sent",
        Sign.MAY_SAMPLE: "only sampled traces come in, so that others may be left out",
    }
)


class Senders:
    """The counts, in a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._rows = open_private(folder / FILE, _COUNTED, _WARNED)

    def count(self, traffic: Iterable[Traffic], *, at: datetime) -> tuple[tuple[str, Sign], ...]:
        """Add what was counted; gives each sign that a source did not show before. On return it is on disk.

        What is offered again after a crash may be counted twice: the signs do not change by it.
        """
        today = _day(at)
        rows = [(each.source, today, *(getattr(each, name) for name in _NUMBERS)) for each in traffic]
        if not rows:
            return ()
        with whole(self._rows) as connection:
            connection.execute("DELETE FROM counted WHERE day <= ?", (today - DAYS,))
            connection.executemany(_ADD, rows)
            shown = set(_shown(_traffic(connection.execute(_SINCE, (today - DAYS,)).fetchall())))
            before = {
                (name, Sign(sign)) for name, sign in connection.execute("SELECT source, sign FROM warned")
            }
            connection.executemany("DELETE FROM warned WHERE source = ? AND sign = ?", before - shown)
            connection.executemany("INSERT INTO warned VALUES (?, ?)", shown - before)
        return tuple(sorted(shown - before))

    def seen(self, *, at: datetime) -> tuple[Traffic, ...]:
        """Give what was counted of each source in the last DAYS days, in order of name."""
        with told(self._rows) as connection:
            return _traffic(connection.execute(_SINCE, (_day(at) - DAYS,)).fetchall())

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()


def warning(source: str, sign: Sign) -> str:
    """Say a sign in one line for who runs the service; a name that is more than a plain one is left out."""
    name = f"source {source}" if _PLAIN.fullmatch(source) else "a source"
    return f"{name}: {_LINES[sign]}; ask who runs it to send every record (see rekenschap sources)"


def _traffic(rows: Iterable[tuple[str, *tuple[int, ...]]]) -> tuple[Traffic, ...]:
    return together(
        Traffic(source=name, **dict(zip(_NUMBERS, numbers, strict=True))) for name, *numbers in rows
    )


def _shown(traffic: Iterable[Traffic]) -> Iterator[tuple[str, Sign]]:
    return ((each.source, sign) for each in traffic for sign in each.signs)


def _day(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp()) // 86_400
