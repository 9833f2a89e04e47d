# SPDX-License-Identifier: EUPL-1.2
"""Lines read together give what they give one by one, whatever stands in one of them."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.adapters.sources import text_lines
from rekenschap.adapters.sources.objects import alike, jsonl_file
from rekenschap.adapters.sources.text_lines import Lines, lines_of

keys = st.sampled_from(["a", "b", "é", 'quote"', ""])
texts = st.one_of(
    st.text(max_size=8), st.sampled_from(["2026-03-02T08:15:00Z", "12", "", "\u0000", "}{", "\n"])
)
values = st.one_of(
    texts, texts, texts, st.none(), st.integers(), st.floats(), st.booleans(), st.lists(texts, max_size=2),
    st.dictionaries(keys, texts, max_size=2),
)  # fmt: skip
written = st.one_of(
    st.dictionaries(keys, texts, max_size=4).map(lambda row: json.dumps(row).encode()),
    st.dictionaries(keys, values, max_size=4).map(
        lambda row: json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
    ),
    st.sampled_from(
        [
            b'{"a": "x"}{"a": "y"}',
            b'{"a": "x"', b'"b": "y"}', b"{}", b'{"a": null}', b"[]", b'"a"', b'{"a":',
            b'{"a": "x", "a": "y"}',
            b'{"a": "\xff"}', b'{"a": "\\ud800"}', b'{"a": "\x01"}', b' {"a": "x"} ',
            b'{"a": "x"} }',
            b'{"a": "}', b'{"a": 1e400}', b"{'a': 'x'}", b'{"a": "x",}', b'{"a": "\\udc00"}',
        ]
    ),
)  # fmt: skip


@given(some=st.lists(written, min_size=1, max_size=6), usual=st.integers(0, 60), flatten=st.booleans())
def test_lines_read_together_are_as_read_one_by_one(some: list[bytes], usual: int, flatten: bool) -> None:
    lines = [b'{"a": "one", "b": "two"}'] * usual + some + [b'{"b": "three"}'] * (usual // 2)
    read = Lines(texts=lines, numbers=[*range(1, len(lines) + 1)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "_FEW", 1)
        together = jsonl_file._block(read, flatten=flatten, whole=False)
    alone = jsonl_file._one_by_one(read, flatten=flatten, whole=False)

    assert together.rows.schema == alone.rows.schema
    assert together.rows.to_pylist() == alone.rows.to_pylist()
    assert (together.lines, together.broken) == (alone.lines, alone.broken)


def test_lines_that_are_alike_are_read_together() -> None:
    assert alike.texts_in([b'{"a": "2026-03-02T08:15:00Z", "b": null}'] * 40) is not None


@given(
    lines=st.lists(
        st.one_of(
            st.sampled_from([b"", b"\r", b" ", b"x" * 90, b"x\r\r", b"y" * 300]), st.binary(max_size=9)
        ),
        max_size=40,
    ),
    piece=st.integers(1, 200),
    together=st.integers(1, 5),
)
def test_lines_are_cut_the_same_however_the_bytes_come(lines: list[bytes], piece: int, together: int) -> None:
    raw = b"start\n" + b"\n".join(each.replace(b"\n", b"") for each in lines).replace(b"\0", b"")
    stream = io.BytesIO(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_lines, "MAX_LINE", 100)
        patch.setattr(text_lines, "BLOCK_BYTES", 250)
        patch.setattr(text_lines, "BLOCK_ROWS", 7)
        patch.setattr(text_lines, "_TOGETHER", together)
        found = [*lines_of((part, stream.tell()) for part in iter(lambda: stream.read(piece), b""))]

    expected = {
        number: text.rstrip(b"\r")
        for number, text in enumerate(raw.split(b"\n"), 1)
        if text.strip() and len(text) <= 100
    }
    got = [pair for each in found for pair in zip(each.numbers, each.texts, strict=True)]
    assert got == list(expected.items())
    assert all(len(each.texts) <= 7 for each in found)
    long = [at for at, text in enumerate(raw.split(b"\n"), 1) if len(text) > 100]
    assert [row.line for each in found for row in each.broken] == long
