# SPDX-License-Identifier: EUPL-1.2
"""Bad input is answered in one sentence: what was expected, what was found, what to do; never the value."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.errors import RekenschapError, SourceError
from tests.unit.intake.small_house import BSN, SmallHouse, lines_of, look

SENTENCE = re.compile(r"expected [^\n;]+, found [^\n;]+; [^\n.]+[^.\n]")
PERSON = f"J. de Voorbeeld {BSN}"


def several(count):
    return [look(staff=f"s{n}", looked_at=f"2026-03-02T09:00:{n % 60:02}.{n:06}Z") for n in range(count)]


FILES = {
    "missing.jsonl": None,
    "empty.jsonl": b"",
    "blank.xes": b"   ",
    "binary.jsonl": bytes(range(256)) * 64,
    "binary.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 64,
    "other.jsonl": f'{{"naam": "{PERSON}"}}\n'.encode(),
    "other.csv": f"{PERSON};x\n1;2\n".encode(),
    "other.xes": f"<persoon naam='{PERSON}'/>".encode(),
    "broken.xes": f"<log><{PERSON.replace(' ', '')}</log>".encode(),
    "wide.csv": b"a," * 10_000_000 + b"\n",
    "wide.jsonl": b"{" + b",".join(b'"k%d":1' % n for n in range(1_000_000)) + b"}",
    "half.xes.gz": gzip.compress(PERSON.encode() * 1_000)[:40],
    "odd.txt.zip": b"PK\x03\x04" + PERSON.encode(),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("profile", ["native-jsonl", "coselog-receipt", "bpic2015"])
def test_a_file_that_cannot_be_taken_in_is_answered_in_one_sentence(tmp_path, name, profile):
    house = SmallHouse(tmp_path / "house")
    path = tmp_path / name
    if (content := FILES[name]) is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        house.take_in(path, profile)
    assert SENTENCE.fullmatch(str(caught.value)), str(caught.value)
    assert len(str(caught.value)) < 300
    assert "Voorbeeld" not in str(caught.value) and BSN not in str(caught.value)
    assert house.ledger.size == 0
    house.door.close()


def test_a_directory_is_no_file(tmp_path):
    house = SmallHouse(tmp_path / "house")
    with pytest.raises(SourceError, match="found a directory"):
        house.take_in(tmp_path)
    house.door.close()


@pytest.mark.parametrize("moment", ["1601-01-01T00:00:00Z", "2999-12-31T00:00:00Z"])
def test_a_time_nobody_can_have_lived_waits_in_quarantine(tmp_path, moment):
    house = SmallHouse(tmp_path / "house")
    report = house.native(look(), look(looked_at=moment, staff=PERSON))
    with pytest.raises(RekenschapError, match="time-out-of-range: 1") as caught:
        report.check_complete()
    assert "Voorbeeld" not in str(caught.value)
    house.door.close()


def test_half_a_gzip_keeps_what_was_whole(tmp_path):
    house = SmallHouse(tmp_path / "house")
    packed = gzip.compress(b"\n".join(lines_of(several(20_000))))
    path = tmp_path / "half.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    report = house.take_in(path)
    assert report.interrupted is not None
    assert SENTENCE.fullmatch(str(report.interrupted))
    assert 0 < report.accepted < 20_000
    assert report.rows == report.accepted + sum(report.quarantined.values())
    house.door.close()


READ_AS_NOBODY = """
import os, sys
from pathlib import Path
from rekenschap.adapters.sources import READERS
from rekenschap.errors import SourceError
from rekenschap.seams.source import ReaderOptions
if os.geteuid() == 0:  # root may read everything
    os.setuid(65534)
for kind in READERS:
    try:
        list(READERS[kind].blocks(Path(sys.argv[1]), ReaderOptions()))
    except SourceError as error:
        print(error)
"""


def test_a_file_we_may_not_read_is_named_so(tmp_path):
    path = tmp_path / "secret.jsonl"
    path.write_text("{}")
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    run = subprocess.run(
        [sys.executable, "-c", READ_AS_NOBODY, str(path)], capture_output=True, text=True, check=True
    )
    assert run.stdout.count("found no permission; give this account the right to read it") == len(READERS)


def test_no_bsn_is_written_anywhere_in_clear(tmp_path):
    house = SmallHouse(tmp_path / "house")
    path = tmp_path / "facts.jsonl"
    rows = [
        look(zaak=BSN, device=BSN),
        look(staff=BSN, fields="naam"),
        look(fields=f"bsn {BSN}"),
        look(looked_at=BSN),
        look(search_key=BSN),
        {"relation": BSN},
        look(**{BSN: BSN}),
        f"{{{BSN}",
        {
            "relation": "zaak",
            "zaak": BSN,
            "subject": BSN,
            "handler": BSN,
            "registered_at": "2026-03-01T00:00:00Z",
        },
    ]
    path.write_bytes(b"\n".join(lines_of(rows)))
    report = house.take_in(path)
    assert (report.accepted, sum(report.quarantined.values())) == (3, 6)
    with pytest.raises(RekenschapError) as caught:
        report.check_complete()
    assert BSN not in str(caught.value) + repr(report)
    house.door.close()
    written = [x for x in (tmp_path / "house").rglob("*") if x.is_file()]
    assert {"originals.sqlite", "quarantine.sqlite"} <= {x.name for x in written}
    assert any(x.suffix == ".parquet" for x in written)
    needles = [
        BSN.encode(),
        int(BSN).to_bytes(4, "big"),
        int(BSN).to_bytes(4, "little"),
        BSN.encode("utf-16-le"),
    ]
    found = [(x.name, n) for x in written for n, needle in enumerate(needles) if needle in x.read_bytes()]
    assert found == []


def test_no_name_is_written_anywhere_in_clear(tmp_path):
    house = SmallHouse(tmp_path / "house")
    house.native(
        look(staff="j.devoorbeeld"), look(staff="j.devoorbeeld", looked_at="?"), name="../facts.jsonl"
    )
    house.door.close()
    written = [x for x in Path(tmp_path / "house").rglob("*") if x.is_file()]
    assert [x.name for x in written if b"devoorbeeld" in x.read_bytes()] == []
