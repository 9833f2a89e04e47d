# SPDX-License-Identifier: EUPL-1.2
"""LDIF: folded lines, base64, several values, and entries that are none."""

import json
import tracemalloc
from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.errors import SourceError
from rekenschap.seams.source import ReaderOptions


def read(path, content):
    path.write_bytes(content)
    blocks = list(READERS["ldif"].blocks(path, ReaderOptions()))
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    lines = [line for block in blocks for line in block.lines.to_pylist()]
    broken = [(x.line, x.reason) for block in blocks for x in block.broken]
    return dict(
        zip(lines, ({k: v for k, v in row.items() if v is not None} for row in rows), strict=True)
    ), broken


def test_entries_become_rows(tmp_path):
    content = b"""version: 1
# a remark
dn: uid=m,dc=x
uid: m
cn;lang-nl:: Wm/DqyBkZSBWcmllcw==
member: a
member: b
description: een lange
  tekst
jpegPhoto:: /9j/4A==
photo:< file:///etc/passwd

dn:: dWlkPW4sZGM9eA==
uid: n
"""
    rows, broken = read(tmp_path / "x.ldif", content)
    assert rows == {
        3: {
            "dn": "uid=m,dc=x",
            "uid": "m",
            "cn": "Zoë de Vries",
            "member": '["a","b"]',
            "description": "een lange tekst",
        },
        13: {"dn": "uid=n,dc=x", "uid": "n"},
    }
    assert broken == []


@pytest.mark.parametrize(
    "bad",
    [
        b"no colon here",
        b"cn:: %%%",
        b"cn: \xff\xfe",
        b"changetype: modify\nreplace: cn\ncn: x",
        b"changetype: delete",
        b": x",
    ],
)
def test_a_bad_entry_breaks_alone(tmp_path, bad):
    content = b"dn: uid=a\nuid: a\n\ndn: uid=b\n" + bad + b"\n\ndn: uid=c\nuid: c\n"
    rows, broken = read(tmp_path / "x.ldif", content)
    assert [row["uid"] for row in rows.values()] == ["a", "c"]
    assert broken == [(4, "entry-unreadable")]


def test_an_entry_without_end_takes_no_memory(tmp_path):
    path = tmp_path / "x.ldif"
    with path.open("wb") as stream:
        stream.write(b"dn: uid=a\n")
        for _ in range(300_000):
            stream.write(b"description: " + b"x" * 90 + b"\n")
        stream.write(b"\ndn: uid=b\nuid: b\n")
    tracemalloc.start()
    blocks = list(READERS["ldif"].blocks(path, ReaderOptions()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(x.line, x.reason) for block in blocks for x in block.broken] == [(1, "line-too-long")]
    assert peak < 60 << 20


def test_a_file_without_entries_has_no_rows(tmp_path):
    assert read(tmp_path / "x.ldif", b"hello\n") == ({}, [])
    with pytest.raises(SourceError, match="a binary file"):
        read(tmp_path / "x.ldif", b"\0\1\2")


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_value_in_base64_comes_back(tmp_path_factory, values):
    lines = b"".join(b"cn:: " + b64encode(value.encode()) + b"\n" for value in values)
    rows, _ = read(tmp_path_factory.mktemp("ldif") / "x.ldif", b"dn: a\n" + lines)
    (row,) = rows.values()

    assert (json.loads(row["cn"]) if len(values) > 1 else row["cn"]) == (
        values if len(values) > 1 else values[0]
    )


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("ldif") / "x.ldif"
    with suppress(SourceError):
        read(path, b"dn: a\n" + content)
