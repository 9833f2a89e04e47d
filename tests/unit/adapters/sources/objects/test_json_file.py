# SPDX-License-Identifier: EUPL-1.2
"""Documents of JSON with a list in them, whole or page by page."""

import json

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.errors import SourceError
from rekenschap.seams.source import ReaderOptions

PAGE = {
    "count": 2,
    "results": [{"url": "u1", "zaak": {"nr": "Z-1", "leeg": {}}}, {"url": "u2", "lijst": [1]}],
}


def read(tmp_path, content, kind="json", **settings):
    path = tmp_path / "source.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    blocks = list(READERS[kind].blocks(path, ReaderOptions(settings=settings)))
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    return rows, [(x.line, x.reason) for block in blocks for x in block.broken]


def test_the_list_in_a_page_gives_rows_with_dots_between_keys(tmp_path):
    rows, broken = read(tmp_path, PAGE, rows="results", keep="count")
    assert rows == [
        {"count": "2", "url": "u1", "zaak.nr": "Z-1", "zaak.leeg": "{}", "lijst": None},
        {"count": "2", "url": "u2", "zaak.nr": None, "zaak.leeg": None, "lijst": "[1]"},
    ]
    assert broken == []


def test_pages_on_lines_are_read_one_after_another(tmp_path):
    pages = b"\n".join(
        [json.dumps(PAGE).encode(), b"{half", json.dumps({"results": [{"url": "u3"}, 7]}).encode()]
    )
    rows, broken = read(tmp_path, pages, rows="results")
    assert [row["url"] for row in rows] == ["u1", "u2", "u3"]
    assert broken == [(3, "json-unreadable"), (5, "json-no-object")]


def test_a_list_or_a_single_object_needs_no_path(tmp_path):
    assert read(tmp_path, [{"a": 1}, {"a": 2}])[0] == [{"a": "1"}, {"a": "2"}]
    assert read(tmp_path, {"a": True})[0] == [{"a": "true"}]


def test_what_is_nested_without_end_breaks_alone(tmp_path):
    deep = b"[" * 400 + b"]" * 400
    rows, broken = read(tmp_path, b'[{"a": ' + deep + b'}, {"a": "goed"}]')
    assert rows == [{"a": "goed"}]
    assert broken == [(1, "json-unreadable")]
    nested = b'{"a":' * 300 + b"1" + b"}" * 300
    assert read(tmp_path, nested, kind="jsonl", flatten="yes")[1] == [(1, "json-unreadable")]


def test_json_lines_can_be_flattened_too(tmp_path):
    assert read(tmp_path, {"a": {"b": 1}, "a.b": 2}, kind="jsonl", flatten="yes")[0] == [{"a.b": "1"}]
    assert read(tmp_path, {"a": {"b": 1}}, kind="jsonl")[0] == [{"a": '{"b":1}'}]


@pytest.mark.parametrize("content", [b"\x00\x01", b"\xff\xfe[\x00"])
def test_bytes_that_are_no_text_are_refused(tmp_path, content):
    with pytest.raises(SourceError, match="a binary file"):
        read(tmp_path, content)
