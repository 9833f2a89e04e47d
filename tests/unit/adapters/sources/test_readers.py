# SPDX-License-Identifier: EUPL-1.2
import bz2
import gzip
import io
import tracemalloc
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.errors import ConfigurationError, SourceError
from rekenschap.seams.source import MAX_LINE, ReaderOptions


def read(tmp_path, kind, content, **options):
    """All rows with their lines, and all broken rows, of a file with this content."""
    path = tmp_path / "source"
    path.write_bytes(content)
    rows, broken = [], []
    for block in READERS[kind].blocks(path, ReaderOptions(**options)):
        rows += zip(block.lines.to_pylist(), block.rows.to_pylist(), strict=True)
        broken += [(row.line, row.reason) for row in block.broken]
    return rows, sorted(broken)


@pytest.mark.parametrize("packed", [False, True])
def test_csv_with_its_own_delimiter_and_encoding(tmp_path, packed):
    content = "naam;stad\r\nJosé;'s-Hertogenbosch\r\nZoë;Zaltbommel\r\nRené;Groningen €\r\n".encode("cp1252")
    rows, broken = read(tmp_path, "csv", gzip.compress(content) if packed else content, delimiter=";")
    assert [row["naam"] for _, row in rows] == ["José", "Zoë", "René"]
    assert [line for line, _ in rows] == [2, 3, 4]
    assert broken == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso8859-15"])
def test_csv_in_a_named_encoding(tmp_path, encoding):
    rows, _ = read(tmp_path, "csv", "a,b\né,2\n".encode(encoding), encoding=encoding)
    assert rows == [(2, {"a": "é", "b": "2"})]


def test_utf_16_tells_itself(tmp_path):
    assert read(tmp_path, "csv", "a,b\né,2\n".encode("utf-16"))[0] == [(2, {"a": "é", "b": "2"})]


def test_an_encoding_nobody_knows_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="the name of an encoding"):
        read(tmp_path, "csv", b"a\n1\n", encoding="utf-88")


def test_rows_of_another_width_break_alone(tmp_path):
    rows, broken = read(tmp_path, "csv", b"a,b\n1,2\n3\n\n4,5,6\n7,8\n")
    assert [line for line, _ in rows] == [2, 6]
    assert broken == [(3, "wrong-number-of-columns"), (5, "wrong-number-of-columns")]


@pytest.mark.parametrize("other", [b"1,2\n", b"\xe9,2\n"])  # the second is read row by row
def test_a_line_of_spaces_is_a_row_and_an_empty_line_is_none(tmp_path, other):
    rows, broken = read(tmp_path, "csv", b"a,b\n1,2\n \n\r\n" + other, encoding="utf-8")
    assert (3, "wrong-number-of-columns") in broken
    assert sorted([line for line, _ in rows] + [line for line, _ in broken]) == [2, 3, 5]


def test_a_value_may_hold_lines_quotes_and_delimiters(tmp_path):
    rows, broken = read(tmp_path, "csv", b'a,b\n"x\ny, ""z""",2\n3,4\n')
    assert rows == [(2, {"a": 'x\ny, "z"', "b": "2"}), (4, {"a": "3", "b": "4"})]
    assert broken == []


def test_a_quote_that_is_never_closed_takes_only_its_own_line(tmp_path):
    rows, broken = read(tmp_path, "csv", b'a,b\n1,2\n3,"open\n5,6\n7,8\n')
    assert [line for line, _ in rows] == [2, 4, 5]
    assert broken == [(3, "quote-not-closed")]


def test_a_quote_that_is_never_closed_in_a_large_file_takes_only_its_own_line(tmp_path):
    body = b'1,2\n3,"open\n' + b"5,666666\n" * 300_000
    rows, broken = read(tmp_path, "csv", b"a,b\n" + body)
    assert (len(rows), broken) == (300_001, [(3, "quote-not-closed")])
    assert rows[-1][0] == 300_003


def test_a_quote_in_the_middle_of_a_value_is_a_quote(tmp_path):
    rows, broken = read(tmp_path, "csv", b'a,b\n5" pipe,2\n6" pipe,3\n7,8\n')
    assert [row["a"] for _, row in rows] == ['5" pipe', '6" pipe', "7"]
    assert broken == []


def test_a_quote_that_is_never_closed_on_the_last_line_takes_only_that_line(tmp_path):
    rows, broken = read(tmp_path, "csv", b'a,b\n1,2\n3,"open')
    assert ([line for line, _ in rows], broken) == ([2], [(3, "quote-not-closed")])


def test_an_odd_inch_mark_on_the_last_line_is_a_value(tmp_path):
    rows, broken = read(tmp_path, "csv", b'a,b\n1,2\n5" pipe,2\n')
    assert ([row["a"] for _, row in rows], broken) == (["1", '5" pipe'], [])


def test_a_line_in_another_encoding_breaks_alone(tmp_path):
    rows, broken = read(tmp_path, "csv", b"a,b\n1,2\n\xe9,3\n4,5\n", encoding="utf-8")
    assert [line for line, _ in rows] == [2, 4]
    assert broken == [(3, "text-unreadable")]


def test_the_names_may_stand_lower_and_twice(tmp_path):
    rows, _ = read(tmp_path, "csv", b"Export of today\n\na,a,b\n1,2,3\n", header_row=3)
    assert rows == [(4, {"a": "1", "a (2)": "2", "b": "3"})]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a," * 10_000_000, "over 1 MiB"),
        (b"a," * 5_000 + b"\n1\n", "at most 4096 columns"),
        (b"\n1,2\n", "a row of names"),
        (b"\x7fELF\0\0\0\0", "a binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a binary file"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path, content, said):
    with pytest.raises(SourceError, match=said):
        read(tmp_path, "csv", content)


def test_json_lines_become_texts(tmp_path):
    content = b'\xef\xbb\xbf{"a": "x", "b": 1}\n{"a": null, "c": true}\r\n{"a": [1, {"k": 2.5}]}'
    rows, broken = read(tmp_path, "jsonl", content)
    assert [(line, {k: v for k, v in row.items() if v is not None}) for line, row in rows] == [
        (1, {"a": "x", "b": "1"}),
        (2, {"c": "true"}),
        (3, {"a": '[1,{"k":2.5}]'}),
    ]
    assert broken == []


def test_a_line_of_many_keys_breaks_alone(tmp_path):
    wide = "{" + ",".join(f'"k{n}":1' for n in range(5_000)) + "}"
    rows, broken = read(tmp_path, "jsonl", f'{{"a":1}}\n{wide}\n{{"a":2}}\n'.encode())
    assert ([line for line, _ in rows], broken) == ([1, 3], [(2, "too-many-columns")])


def test_a_line_of_a_hundred_megabyte_costs_no_memory(tmp_path):
    path = tmp_path / "long.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b'{"a": 1}\n')
        for _ in range(100):
            stream.write(b"abcdefgh" * (1 << 17))
        stream.write(b'\n{"a": 2}\n')
    tracemalloc.start()
    blocks = list(READERS["jsonl"].blocks(path, ReaderOptions()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row["a"] for block in blocks for row in block.rows.to_pylist()] == ["1", "2"]
    assert [(row.line, row.reason) for block in blocks for row in block.broken] == [(2, "line-too-long")]
    assert peak < 24 * MAX_LINE


XES = b"""<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">
<string key="header" value="left out"/><!-- said -->
<trace><string key="concept:name" value="z1"/><list key="l"><string key="inner" value="left out"/></list>
<event><string key="org:resource" value="m &amp; v"/>
<date key="time:timestamp" value="2026-01-01T00:00:00Z"/></event>
<event><string key="org:resource" value="a"><string key="nested" value="left out"/></string></event></trace>
<trace><string key="concept:name" value="z2"/><event><string key="org:resource" value="b"/></event></trace>
</log>"""


def test_xes_gives_events_with_the_attributes_of_their_trace(tmp_path):
    rows, _ = read(tmp_path, "xes", gzip.compress(XES))
    assert [(n, row["case:concept:name"], row["org:resource"]) for n, row in rows] == [
        (1, "z1", "m & v"),
        (2, "z1", "a"),
        (3, "z2", "b"),
    ]
    assert "left out" not in str([{k: v for k, v in row.items() if k != "case:l"} for _, row in rows])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"naam,stad\n", "a file that is not XML"),
        (b"<html><body/></html>", "XML of another kind"),
        (b"<log><trace>", "well-formed XML"),
        (
            b'<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>',
            "a document type declaration",
        ),
        (b"<log><trace><event>" + b'<string key="k" value="v"/>' * 3_000_000, "64 MiB without an event"),
        (b"<log>" + b"<a>" * 500 + b"</log>", "well-formed XML"),
    ],
)
def test_what_is_no_xes_is_refused(tmp_path, content, said):
    with pytest.raises(SourceError, match=said):
        read(tmp_path, "xes", content)


def test_half_an_xes_gives_its_whole_events_first(tmp_path):
    path = tmp_path / "half.xes"
    path.write_bytes(XES[: XES.index(b'<trace><string key="concept:name" value="z2"')])
    seen = []
    with pytest.raises(SourceError, match="well-formed XML"):
        seen.extend(
            row for block in READERS["xes"].blocks(path, ReaderOptions()) for row in block.rows.to_pylist()
        )
    assert [row["org:resource"] for row in seen] == ["m & v", "a"]


def parquet(table):
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def test_parquet_becomes_texts(tmp_path):
    moment = pa.scalar(1_772_438_700_250_000, pa.timestamp("us", tz="Europe/Amsterdam"))
    table = pa.table(
        {
            "t": pa.array([moment, None]),
            "n": [1, 2],
            "s": pa.array(["a", "b"]).dictionary_encode(),
            "f": [True, None],
            "raw": pa.array([b"\x01\xff", None]),
            "l": [[1], [2]],
        }
    )
    rows, _ = read(tmp_path, "parquet", parquet(table))
    assert rows == [
        (1, {"t": "2026-03-02T08:05:00.250000Z", "n": "1", "s": "a", "f": "true", "raw": "01ff"}),
        (2, {"t": None, "n": "2", "s": "b", "f": None, "raw": None}),
    ]


def test_a_parquet_file_that_is_none_is_refused(tmp_path):
    whole = parquet(pa.table({"a": [1]}))
    for content, said in (
        (b"a,b\n1,2\n", "a file of another kind"),
        (whole[:-20], "a file of another kind"),
        (whole[:4] + b"\xff" * 40 + whole[44:], "damaged"),
        (whole[:-8] + b"\xff\xff\xff\x7fPAR1", "an index of over 64 MiB"),
        (parquet(pa.table({f"c{n}": [1] for n in range(5_000)})), "at most 4096 columns"),
    ):
        with pytest.raises(SourceError, match=said):
            read(tmp_path, "parquet", content)


def zipped():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
    return sink.getvalue()


@pytest.mark.parametrize("kind", sorted(READERS))
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (zipped(), "a zip file"),
        (bz2.compress(b"a\n1\n"), "a bzip2 file"),
    ],
)
def test_every_reader_says_what_it_found_instead(tmp_path, kind, content, said):
    with pytest.raises(SourceError, match=said):
        read(tmp_path, kind, content)


@pytest.mark.parametrize("kind", sorted(READERS))
def test_every_reader_names_a_missing_file_and_a_directory(tmp_path, kind):
    for path, said in ((tmp_path / "none", "nothing of that name"), (tmp_path, "a directory")):
        with pytest.raises(SourceError, match=said):
            list(READERS[kind].blocks(path, ReaderOptions()))


def test_gzip_in_several_pieces_is_one_file(tmp_path):
    content = gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n") + b"\0" * 512
    assert [line for line, _ in read(tmp_path, "csv", content)[0]] == [2, 3]


def test_a_damaged_gzip_says_so(tmp_path):
    packed = bytearray(gzip.compress(bytes(range(256)) * 1_000))
    packed[len(packed) // 2] ^= 0xFF
    path = tmp_path / "x.gz"
    path.write_bytes(bytes(packed))
    with pytest.raises(SourceError, match=r"damaged|half-way"):
        list(chunks_of(path))


def test_a_gzip_that_unpacks_without_end_is_stopped(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as stream:
        for _ in range(300):
            stream.write(bytes(1 << 20))
    with pytest.raises(SourceError, match="400 times its size"):
        for _ in chunks_of(path):
            pass
