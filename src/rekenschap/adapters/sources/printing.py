# SPDX-License-Identifier: EUPL-1.2
"""The page_log of CUPS, as it is written when nobody changed `PageLogFormat`: a row for each line.

    printer user job [02/Mar/2026:09:15:00 +0100] total 3 billing host job-name media sides

The name of a job may hold the name of a person, or a BSN: it is not among the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from rekenschap.adapters.sources.text_lines import Lines, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.seams.source import KEPT_OF_A_LINE, RECORD, Block, BrokenRow, ReaderOptions

_LINE = re.compile(
    r"(?P<printer>\S{1,127}) (?P<staff>\S{1,256}) (?P<job>\d{1,10}) "
    r"\[(?P<day>\d\d)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4})"
    r":(?P<clock>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{4})\] "
    r"(?P<page>total|\d{1,9}) (?P<pages>\d{1,9}) (?P<billing>\S+) (?P<host>\S+)(?P<rest> .*)?"
)
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_NAMES = ("printer", "staff", "job", "page", "pages", "host")


class CupsPageLog:
    """Reads page_log; a line of another form breaks alone."""

    fixed_columns = True

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give a row for each line: one for a job (`page` is total), before CUPS 1.6 one for a page."""
        for lines in lines_of(chunks_of(path)):
            yield _block(lines)


def _block(lines: Lines) -> Block:
    rows: list[dict[str, str]] = []
    numbers: list[int] = []
    broken = list(lines.broken)
    for text, number in zip(lines.texts, lines.numbers, strict=True):
        found = _LINE.fullmatch(text.decode("utf-8", "replace"))
        month = _MONTHS.find(found["month"]) // 3 + 1 if found else 0
        if found is None or not month:
            broken.append(BrokenRow(line=number, reason="line-unreadable", original=text[:KEPT_OF_A_LINE]))
            continue
        time = f"{found['year']}-{month:02d}-{found['day']}T{found['clock']}{found['zone']}"
        rows.append({name: found[name] for name in _NAMES} | {"time": time, RECORD: found[0]})
        numbers.append(number)
    names = (*_NAMES, "time", RECORD)
    return Block(
        rows=pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names}),
        lines=pa.array(numbers, pa.int64()),
        broken=tuple(broken),
        bytes_read=lines.bytes_read,
    )
