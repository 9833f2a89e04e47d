# SPDX-License-Identifier: EUPL-1.2
"""From a file to a profile: recognised in every kind of table, and what it is not said plainly."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.recognising import recognise
from rekenschap.audit.profiling import Wishes, propose
from rekenschap.errors import RekenschapError, SourceError
from rekenschap.intake import check_example, load_profile
from tests.unit.adapters.sources.sheets.test_excel_file import MOMENT, workbook
from tests.unit.intake.small_house import NOW, SmallHouse

BSN = "999990019"
ROW = {"tijdstip": "2026-03-02 09:15:00", "medewerker": "j.jansen", "bsn": BSN}


def as_csv(path, delimiter=";", encoding="utf-8", before=""):
    text = (
        before + "\n".join(delimiter.join(row) for row in ([*ROW], [*ROW.values()], [*ROW.values()])) + "\n"
    )
    path.write_bytes(text.encode(encoding))


WRITERS = {
    "semicolon.csv": as_csv,
    "tab.tsv": lambda path: as_csv(path, "\t"),
    "bar.txt": lambda path: as_csv(path, "|"),
    "utf16.csv": lambda path: as_csv(path, encoding="utf-16"),
    "head.csv": lambda path: as_csv(path, before="Verslag\nvan zomer\n"),
    "packed.csv.gz": lambda path: path.write_bytes(
        gzip.compress(f"{';'.join(ROW)}\n{';'.join(ROW.values())}\n".encode())
    ),
    "lines.jsonl": lambda path: path.write_text(json.dumps(ROW) + "\n" + json.dumps(ROW) + "\n"),
    "nested.jsonl": lambda path: path.write_text((json.dumps(ROW | {"wie": {"afdeling": "x"}}) + "\n") * 2),
    "page.json": lambda path: path.write_text(json.dumps({"count": 2, "results": [ROW, ROW]}, indent=1)),
    "list.json": lambda path: path.write_text(json.dumps([ROW, ROW])),
    "book.xlsx": lambda path: workbook(path, [[*ROW], [MOMENT, "j.jansen", int(BSN)]]),
    "rows.parquet": lambda path: pq.write_table(pa.table({key: [text] for key, text in ROW.items()}), path),
}


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_a_table_of_any_kind_gets_a_profile_that_reads_it(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path)
    proposal = propose(path, Wishes(), now=NOW)
    check_example(proposal.profile, READERS, now=NOW)
    house = SmallHouse(tmp_path / "house")
    report = house.take_in(path, proposal.profile)
    looks = house.facts("consultation")
    house.door.close()
    assert (len(looks), report.quarantined) == (1, {})  # the same look twice is one
    assert BSN not in proposal.text.split("example:")[0] and "jansen" not in proposal.text


def test_a_file_that_a_profile_reads_already_says_so(tmp_path):
    path = tmp_path / "passen.csv"
    path.write_text(load_profile("badge-table").example.text)
    assert propose(path, Wishes(), now=NOW).known == ("badge-table",)


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"CEF:0|v|p|1|c|n|3|suser=m\n", "cef", "cef-consultation"),
        (b"LEEF:1.0|v|p|1|c|usrName=m\n", "leef", "leef-consultation"),
        (b"version: 1\n\ndn: uid=m\nuid: m\n", "ldif", "staff-ldap"),
        (b"<Events><Event/></Events>", "windows-xml", "windows-security"),
        (b"<log/>", "xes", "coselog-receipt"),
        (b"ElfFile\0", "evtx", "windows-security"),
    ],
)
def test_another_kind_of_file_is_named_with_the_profiles_that_read_it(tmp_path, content, kind, said):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert recognise(path).kind == kind
    with pytest.raises(SourceError, match=f"a file of kind {kind}; .*{said}"):
        propose(path, Wishes(), now=NOW)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(st.sampled_from('a;,|"\n1{}[]:<>\t '), max_size=120).map(str.encode))
def test_no_file_crashes_the_wizard_or_shows_in_its_words(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("w") / "file"
    path.write_bytes(content + f"\n{BSN}".encode())
    try:
        propose(path, Wishes(), now=NOW)
    except RekenschapError as error:
        assert BSN not in str(error)
