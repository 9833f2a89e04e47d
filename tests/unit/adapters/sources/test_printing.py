# SPDX-License-Identifier: EUPL-1.2
"""The page_log of CUPS, as it comes and as it should not come."""

from pathlib import Path

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.seams.source import Block, ReaderOptions

GOOD = (
    "balie-1 m.devries 123 [02/Mar/2026:09:15:00 +0100] total 3 - 10.0.0.7 Brief aan 999990019 A4 one-sided"
)


def read(tmp_path: Path, text: str) -> Block:
    path = tmp_path / "page_log"
    path.write_text(text, encoding="utf-8")
    (block,) = READERS["cups-page-log"].blocks(path, ReaderOptions())
    return block


def test_a_line_tells_who_where_and_when_and_not_what(tmp_path: Path):
    (row,) = read(tmp_path, GOOD).rows.to_pylist()
    assert (row["staff"], row["printer"], row["time"]) == ("m.devries", "balie-1", "2026-03-02T09:15:00+0100")
    assert [name for name, text in row.items() if "999990019" in text] == ["record"]


@pytest.mark.parametrize("bad", ["x", GOOD.replace("Mar", "Xxx"), GOOD.replace("[", ""), "é" * 500])
def test_a_bad_line_breaks_alone(tmp_path: Path, bad: str):
    block = read(tmp_path, f"{GOOD}\n{bad}\n{GOOD}\n")
    assert block.lines.to_pylist() == [1, 3]
    assert [(broken.line, broken.reason) for broken in block.broken] == [(2, "line-unreadable")]
