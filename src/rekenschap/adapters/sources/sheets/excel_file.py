# SPDX-License-Identifier: EUPL-1.2
"""Workbooks of Excel and LibreOffice. Needs the extra `sources`.

A few kilobytes can claim a sheet of billions of cells, so the file is opened in a process of its own, with a
bound on its memory and time; that one may die, and we say so.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa

from rekenschap.adapters.sources.sheets import workbook
from rekenschap.adapters.sources.sheets.workbook import Ending
from rekenschap.adapters.sources.unpacking import chunks_of, opened_raw, source_error
from rekenschap.errors import ConfigurationError
from rekenschap.seams.source import MAX_COLUMNS, Block, ReaderOptions

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SAID = {
    Ending.LOCKED: ("a workbook without a password", "one that asks for it", "save it without"),
    Ending.NO_SHEET: (
        "the sheet that the profile names",
        "no sheet of that name",
        "correct the setting sheet",
    ),
    Ending.NO_HEAD: ("a row of names", "an empty one", "say in the profile on which row the names stand"),
    Ending.TOO_WIDE: (f"at most {MAX_COLUMNS} columns", "more", "check what the file is"),
    Ending.DAMAGED: ("a sound workbook", "one that cannot be read", "save it anew, or as CSV"),
}


class ExcelFile:
    """Reads one sheet (`sheet`: its name, or its number from 1; the first when not given).

    A moment becomes ISO 8601 without offset, a whole number has no decimals, yes and no are true and false. A
    row counts by its number in the sheet; empty rows and columns without a name are left out.
    """

    fixed_columns = True

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the rows below the names."""
        _check_kind(path)
        arguments = [str(path.absolute()), options.settings.get("sheet", "1"), str(options.header_row)]
        child = subprocess.Popen(  # noqa: S603  our own program; the path is one argument
            [sys.executable, "-P", workbook.__file__, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            if child.stdout is not None:
                yield from _blocks(child.stdout, path.stat().st_size)
            _check_end(child.wait())
        finally:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def _blocks(stream: object, size: int) -> Iterator[Block]:
    try:
        with pa.ipc.open_stream(stream) as batches:
            for batch in batches:
                rows = pa.Table.from_batches([batch])
                yield Block(rows=rows.select(rows.column_names[1:]), lines=batch.column(0), bytes_read=size)
    except (pa.ArrowException, OSError):  # the other side stopped: its exit code says why
        return


def _check_end(code: int) -> None:
    if code == Ending.READ:
        return
    said = _SAID.get(Ending(code)) if code in set(Ending) else None
    raise source_error(
        *(
            said
            or ("a workbook that can be read within bounds", "one that asks for too much", "save it as CSV")
        )
    )


def _check_kind(path: Path) -> None:
    head = opened_raw(path, 8)
    if not head.startswith((_ZIP, _OLE)):
        next(chunks_of(path))
        raise source_error("a workbook", "a file of another kind", "check which profile reads this file")
    if head.startswith(_ZIP) and not _holds_sheets(path):
        raise source_error("a workbook", "a zip file", "unpack it first")
    if find_spec("python_calamine") is None:
        raise ConfigurationError(
            expected="rekenschap with the extra sources",
            found="no reader of workbooks",
            remedy="install rekenschap[sources], or save the file as CSV",
        )


def _holds_sheets(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise source_error(*_SAID[Ending.DAMAGED]) from None
    return "content.xml" in names or any(name.startswith("xl/") for name in names)
