# SPDX-License-Identifier: EUPL-1.2
"""Event logs of Windows: exported as XML in every manner, and the binary file."""

import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.errors import SourceError
from rekenschap.intake import load_profile
from rekenschap.seams.source import ReaderOptions
from tests.unit.intake.small_house import SmallHouse
from tests.windows_log import evtx

NAMESPACE = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'"


def event(name="m.devries", number=4624):
    return (
        f"<Event {NAMESPACE}><System><Provider Name='x'/><EventID Qualifiers='1'>{number}</EventID>"
        "<TimeCreated SystemTime='2026-03-02T08:15:00.1234567Z'/><Computer>WP-01</Computer></System>"
        f"<EventData><Data Name='TargetUserName'>{name}</Data><Data Name='LogonType'>2</Data>"
        "<Data Name='IpAddress'>-</Data><Data>los</Data></EventData></Event>"
    )


def read(path, content, kind="windows-xml"):
    path.write_bytes(content)
    blocks = list(READERS[kind].blocks(path, ReaderOptions()))
    rows = [row for block in blocks for row in block.rows.to_pylist()]
    lines = [line for block in blocks for line in block.lines.to_pylist()]
    return dict(zip(lines, rows, strict=True)), [(x.line, x.reason) for b in blocks for x in b.broken]


ROW = {
    "Provider.Name": "x",
    "EventID": "4624",
    "EventID.Qualifiers": "1",
    "TimeCreated.SystemTime": "2026-03-02T08:15:00.1234567Z",
    "Computer": "WP-01",
    "data.TargetUserName": "m.devries",
    "data.LogonType": "2",
    "data.Data": "los",
}


@pytest.mark.parametrize("around", ["{}", "<?xml version='1.0'?><Events>{}</Events>", "\r\n{}\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_export_is_read_in_every_manner(tmp_path, around, encoding):
    rows, broken = read(tmp_path / "x", around.format(event() * 2).encode(encoding))
    assert rows == {1: ROW, 2: ROW}
    assert broken == []


@pytest.mark.parametrize(
    "bad",
    [
        "<Event><System><EventID>1</System></Event>",
        "<Event><System/></Event>",
        "<Event><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;</Event>",
        "<Event><System><EventID>&y;</EventID></System></Event>",
        "<Event><System><EventID>1</EventID>",
        "<Event>\x01</Event>",
    ],
)
def test_a_bad_event_breaks_alone(tmp_path, bad):
    rows, broken = read(tmp_path / "x", (event() + bad + event()).encode())
    assert [row["data.TargetUserName"] for row in rows.values()] == ["m.devries"] * 2
    assert broken == [(2, "event-unreadable")]


def test_an_event_without_end_takes_no_memory(tmp_path):
    path = tmp_path / "x"
    with path.open("wb") as stream:
        stream.write(b"<Event>")
        for _ in range(30):
            stream.write(b"x" * (1 << 20))
        stream.write(event().encode())
    tracemalloc.start()
    blocks = list(READERS["windows-xml"].blocks(path, ReaderOptions()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(block.rows.num_rows for block in blocks) == 1
    assert peak < 30 << 20


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_xml_reader(tmp_path_factory, content):
    with suppress(SourceError):
        read(tmp_path_factory.mktemp("x") / "x", b"<Event>" + content + event().encode())


def test_the_binary_log_gives_the_same_rows(tmp_path):
    rows, broken = read(tmp_path / "x.evtx", evtx(event(), event(name="Zoë &amp; co")), kind="evtx")
    assert rows[1] == ROW
    assert rows[2]["data.TargetUserName"] == "Zoë & co"
    assert broken == []


def test_the_binary_log_becomes_facts(tmp_path):
    path = tmp_path / "security.evtx"
    path.write_bytes(evtx(event(), event(name="WP-01$"), event(number=4634)))
    house = SmallHouse(tmp_path / "house")
    report = house.take_in(path, load_profile("windows-security"))
    (session,) = house.facts("presence")
    assert house.original(session["staff"]) == "m.devries"
    assert (report.rows, report.quarantined) == (3, {})
    house.door.close()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_binary_log_crashes_the_reader(tmp_path_factory, data):
    content = bytearray(evtx(event(), event()))
    for _ in range(data.draw(st.integers(1, 6))):
        where = data.draw(st.integers(0, 127) | st.integers(4_096, 6_500))
        content[where] = data.draw(st.integers(0, 255))
    with suppress(SourceError):
        read(tmp_path_factory.mktemp("x") / "x.evtx", bytes(content), kind="evtx")


def test_what_is_no_binary_log_is_refused(tmp_path):
    for content, said in ((b"<Event/>", "another kind"), (b"ElfFile\0" + b"x" * 99, "damaged")):
        with pytest.raises(SourceError, match=said):
            read(tmp_path / "x.evtx", content, kind="evtx")
