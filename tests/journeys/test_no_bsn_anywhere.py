# SPDX-License-Identifier: EUPL-1.2
"""A BSN that came in is nowhere in clear: not in Parquet, proof, report, quarantine, log line or error."""

import io
import json
import re

import pyarrow.parquet as pq
import pytest
from stdnum.nl import bsn

from tests.journeys.commands import rekenschap

NINE = re.compile(r"(?<!\d)\d{8,9}(?!\d)")
SUBJECTS = [number for number in (f"9999{n:05}" for n in range(20_000)) if bsn.is_valid(number)][:120]
NAME = "J.V. Verzonnen-Achternaam"


def facts():
    """Looks and work about people with a BSN from the test range, and three rows that must wait outside."""
    for n, number in enumerate(SUBJECTS):
        at = f"2026-03-{2 + n % 20:02}T{9 + n % 8:02}:00:00+01:00"
        look = {"relation": "consultation", "source": "brp", "register": "brp", "looked_at": at}
        yield look | {"staff": f"mw-{n % 9:04}", "subject": number, "search_key": "bsn"}
        if n % 3:
            yield {"relation": "contact", "source": "telefonie", "kind": "call", "started_at": at} | {
                "staff": f"mw-{n % 9:04}", "subject": number,
            }  # fmt: skip
    yield look | {"staff": "mw-0001", "subject": SUBJECTS[0], "fields": f"adres van {SUBJECTS[1]}"}
    yield look | {"staff": "mw-0001", "subject": SUBJECTS[0], "register": f"{NAME} {SUBJECTS[2]}"}
    yield look | {"staff": "mw-0001", "subject": SUBJECTS[0], "looked_at": f"op {SUBJECTS[3]}"}


@pytest.fixture(scope="module")
def gone_through(tmp_path_factory):
    """The whole chain on such a file: intake, audit with a report, a proof, an error."""
    place = tmp_path_factory.mktemp("bsn")
    (place / "looks.jsonl").write_text("".join(json.dumps(fact) + "\n" for fact in facts()))
    (place / "broken.jsonl").write_text(f'{{"naam": "{NAME}", "bsn": "{SUBJECTS[0]}"')
    home = place / "home"
    common = ("--profile", "native-jsonl", "--home", home)
    said = [
        rekenschap("intake", place / "looks.jsonl", *common),
        rekenschap("audit", place / "looks.jsonl", *common, "--report", place / "report.html", "--json"),
        rekenschap("intake", place / "broken.jsonl", *common),
        rekenschap("prove", 5, "--ledger", home, "--out", place / "proof.json"),
        rekenschap("verify", place / "proof.json", "--public-key", home / "public-keys.txt"),
        rekenschap("check", home),
    ]
    assert [ran.code for ran in said] == [6, 6, 4, 0, 0, 0], [ran.err for ran in said]
    return place, said


def bsns_in(text):
    return {found for found in NINE.findall(text) if bsn.is_valid(found)}


def test_the_file_that_came_in_was_full_of_them(gone_through):
    place, _ = gone_through
    assert bsns_in((place / "looks.jsonl").read_text()) >= set(SUBJECTS)


def test_no_line_a_command_wrote_holds_one(gone_through):
    for ran in gone_through[1]:
        assert bsns_in(ran.out + ran.err) == set()
        assert NAME not in ran.out + ran.err


def test_no_value_in_any_parquet_file_holds_one(gone_through):
    files = list((gone_through[0] / "home").rglob("*.parquet"))
    assert len(files) >= 3
    for path in files:
        table = pq.read_table(io.BytesIO(path.read_bytes()))
        for column in table.columns:
            for value in column.to_pylist():
                text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                if not isinstance(value, int):
                    assert bsns_in(text) == set(), path.name
                assert text not in SUBJECTS


def test_no_file_but_the_source_holds_one(gone_through):
    place, _ = gone_through
    written = [path for path in place.rglob("*") if path.is_file() and path.suffix != ".jsonl"]
    assert len(written) > 10
    for path in written:
        text = path.read_bytes().decode("latin-1")
        assert bsns_in(text) & set(SUBJECTS) == set(), path.name
        assert NAME not in text, path.name


def test_the_three_bad_rows_wait_in_quarantine_each_with_its_reason(gone_through):
    _, said = gone_through
    assert "3 rows in quarantine" in said[0].err
    assert "identifier-in-text: 2" in said[0].err
