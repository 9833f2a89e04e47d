# SPDX-License-Identifier: EUPL-1.2
"""Whatever is in a file: one of our own errors or a report that accounts for every row."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.keys import MemoryKeys
from rekenschap.adapters.sources import READERS
from rekenschap.errors import RekenschapError
from rekenschap.intake import Locks, load_profile, open_door, parse_profile, take_in
from rekenschap.model.bsn import is_bsn
from tests.unit.intake.small_house import NOW, SmallHouse, lines_of, look

CSV = parse_profile("""
id: any
title: {nl: x, en: x}
readers: {csv: {encoding: utf-8}}
facts:
  - relation: consultation
    columns: {looked_at: t, staff: s, subject: b, register: {value: BRP}}
example: "t,s,b\\n"
expect: {}
""")
KEYS = MemoryKeys(b"s" * 32)


def taken(content, profile, suffix):
    with tempfile.TemporaryDirectory() as folder:
        house = SmallHouse(Path(folder))
        path = house.root / f"file{suffix}"
        path.write_bytes(content)
        try:
            report = house.take_in(path, profile)
            again = house.take_in(path, profile)
            assert again.accepted == 0
            assert again.known == report.accepted + report.known
            assert again.quarantined == report.quarantined
            assert sum(report.quarantined.values()) == sum(house.door.quarantine.counts().values())
            return report
        finally:
            house.door.close()


def check_accounts(report, *, rows):
    """One row, one fact at most: each is accepted, known, waiting, or about nothing."""
    waiting = sum(report.quarantined.values())
    assert report.rows == rows
    assert rows == report.accepted + report.known + waiting + report.without_facts


def files(*starts):
    return st.one_of(
        st.binary(max_size=400), *(st.binary(max_size=400).map(lambda x, s=s: s + x) for s in starts)
    )


@given(
    files(
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"t,s,b\n", b"<log><trace><event>", b"PAR1", b'{"relation":"zaak"}\n'
    )
)
@settings(max_examples=60)
@pytest.mark.parametrize("name", ["native-jsonl", "coselog-receipt", "any"])
def test_any_bytes_are_answered_with_a_report_or_one_of_our_errors(name, content):
    profile, suffix = (CSV, ".csv") if name == "any" else (load_profile(name), ".xes")
    try:
        taken(content, profile, suffix)
    except RekenschapError as error:
        assert "\n" not in str(error)


MOMENTS = st.sampled_from(["2026-03-02T09:00:00Z", "1601-01-01", "gisteren", "", None, "2026-03-02 09:00"])
NAMES = st.one_of(st.sampled_from(["m", "a", "", None]), st.text(max_size=5))
LINES = st.one_of(
    st.builds(lambda t, s, b: look(looked_at=t, staff=s, subject=b), MOMENTS, NAMES, NAMES),
    st.binary(max_size=30).map(lambda x: x.translate(None, b"\n\0")),
    st.sampled_from([b"", b" ", b"{}", b"null", b'{"relation": "zaak"}']),
)


@given(st.lists(LINES, max_size=12))
@settings(max_examples=60)
def test_no_line_of_json_is_lost(rows):
    lines = lines_of([look(), *rows])
    report = taken(b"\n".join(lines), load_profile("native-jsonl"), ".jsonl")
    check_accounts(report, rows=sum(1 for line in lines if line.rstrip(b"\r").strip()))


CELLS = st.one_of(MOMENTS, NAMES).map(
    lambda x: (x or "").translate(dict.fromkeys(map(ord, '",\r\n'), None)).strip() or "x"
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=12), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60)
def test_no_line_of_csv_is_lost(rows, end):
    lines = [",".join(row) for row in rows]
    content = end.join(["t,s,b", "2026-03-02T09:00:00Z,m,x", *lines]).encode()
    check_accounts(taken(content, CSV, ".csv"), rows=len(lines) + 1)


@given(st.integers(1, 999_999_900))
@settings(max_examples=25)
def test_a_bsn_in_any_text_is_stopped_at_the_door(number):
    bsn = next(f"{n:09}" for n in range(number, 10**9) if is_bsn(f"{n:09}"))
    with tempfile.TemporaryDirectory() as folder:
        locks = Locks(keys=KEYS, cipher=AesGcm())
        door = open_door(Path(folder), locks=locks, readers=READERS, period="2026")
        house = SmallHouse(Path(folder) / "house")
        path = Path(folder) / "x.jsonl"
        path.write_bytes(b"\n".join(lines_of([look(subject=bsn, fields=f"veld {bsn}"), look(subject=bsn)])))
        report = take_in(path, load_profile("native-jsonl"), door=door, ledger=house.ledger, now=NOW)
        assert report.quarantined == {"identifier-in-text": 1}
        kept = [x for x in Path(folder).rglob("*") if x.is_file() and x != path]
        assert [x.name for x in kept if bsn.encode() in x.read_bytes()] == []
        house.door.close()
        door.close()
