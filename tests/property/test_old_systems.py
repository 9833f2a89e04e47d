# SPDX-License-Identifier: EUPL-1.2
"""Whatever stands in a file of an old system: it is read, set aside row by row, or refused as a whole."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.errors import SourceError
from rekenschap.intake import load_profile
from rekenschap.seams.source import KEPT_OF_A_LINE

PROFILES = (
    "pgaudit",
    "oracle-audit",
    "sqlserver-audit",
    "postfix",
    "exchange",
    "m365-audit",
    "cups",
    "copies-and-exports",
    "atna",
    "fhir-audit",
    "fsc",
    "xroad",
    "brp-protocollering",
)


@st.composite
def spoiled(draw: st.DrawFn, text: bytes) -> bytes:
    """Change a file in a few places: bytes put in, taken out, turned over, repeated."""
    content = bytearray(text)
    for _ in range(draw(st.integers(min_value=0, max_value=6))):
        at = draw(st.integers(min_value=0, max_value=len(content)))
        until = min(len(content), at + draw(st.integers(min_value=0, max_value=40)))
        new = draw(
            st.one_of(st.binary(max_size=8), st.sampled_from([b'"', b"\n", b"'", b"\\", b"<", b"{", b"\0"]))
        )
        content[at:until] = draw(st.sampled_from([new, bytes(content[at:until]) * 2]))
    return bytes(content)


@pytest.mark.parametrize("name", PROFILES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_spoiled_file_stops_nothing(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    profile = load_profile(name)
    path = tmp_path_factory.mktemp("spoiled") / "file"
    path.write_bytes(data.draw(spoiled(profile.example.text.encode())))
    for kind, options in profile.readers.items():
        try:
            blocks = list(READERS[kind].blocks(path, options))
        except SourceError as refused:
            assert "999990019" not in str(refused)
            continue
        for block in blocks:
            assert block.rows.num_rows == len(block.lines) or not block.rows.num_columns
            assert all(len(broken.original) <= KEPT_OF_A_LINE for broken in block.broken)


@pytest.mark.parametrize(
    "name", ["pgaudit", "postfix", "m365-audit", "cups", "atna", "fhir-audit", "copies-and-exports"]
)
def test_a_bad_row_takes_no_good_one_with_it(name: str, tmp_path: Path):
    """The example with nonsense between its lines gives the rows it gives without."""
    profile = load_profile(name)
    kind = profile.example.reader
    lines = profile.example.text.splitlines()
    head = 1 if kind in ("csv", "m365-audit") else 0
    spoilt = lines[:head] + [part for line in lines[head:] for part in (line, "}{ nonsense <x")]

    def rows(content: list[str]) -> list[dict[str, str | None]]:
        path = tmp_path / "file"
        path.write_text("\n".join(content) + "\n", encoding="utf-8")
        return [row for b in READERS[kind].blocks(path, profile.readers[kind]) for row in b.rows.to_pylist()]

    assert rows(spoilt) == rows(lines)
