# SPDX-License-Identifier: EUPL-1.2
"""Every vector, and the promise: a ledger written by version 1 checks in every later version."""

import base64
import json
from pathlib import Path

import pytest

from rekenschap import errors
from rekenschap.adapters.anchors import SqliteAnchor
from rekenschap.adapters.keys import verifier_of
from rekenschap.adapters.stores import DirectoryStore, MemoryStore
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.prove import prove, verify
from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.commitments import salts_of
from rekenschap.ledger.rows.decoding import decode
from rekenschap.ledger.rows.encoding import field
from tests.unit.ledger.ledger_vectors import VECTORS, ael1

V1 = VECTORS / "v1"
KEYS = [verifier_of(text) for text in (V1 / "public-keys.txt").read_text().splitlines()]
EXPECTED = json.loads((V1 / "expected.json").read_text())
INVALID = json.loads((V1 / "invalid.json").read_text())
ROWS = json.loads((VECTORS / "ael1.json").read_text())
LAYOUT = tuple(field(Form(form), width) for form, width in ROWS["fields"])


@pytest.fixture
def store() -> DirectoryStore:
    return DirectoryStore(V1 / "ledger")


@pytest.fixture
def anchor(tmp_path: Path) -> SqliteAnchor:
    (tmp_path / "anchor.db").write_bytes((V1 / "ledger" / "anchor.db").read_bytes())
    return SqliteAnchor(tmp_path / "anchor.db")


def test_the_ledger_of_version_1_checks(store: DirectoryStore, anchor: SqliteAnchor):
    for report in (check(store, verifiers=KEYS), check(store, anchor=anchor, verifiers=KEYS)):
        assert report.size == EXPECTED["size"]
        assert report.root.to_base64() == EXPECTED["root"]
        assert report.entries == EXPECTED["entries"]
        assert len(report.signatures) == 2
    assert [size for size, _ in anchor.history()] == EXPECTED["sizes"]


def test_the_rows_of_version_1_read_as_they_were(store: DirectoryStore):
    ledger = Ledger.open(store=store, anchor=None)
    for row in EXPECTED["rows"]:
        found = ledger.row(row["entry"])
        assert (found.relation.name, found.values) == (row["relation"], row["values"])
        proven = verify(prove(ledger, row["entry"]), KEYS)
        assert (proven.relation.name, proven.values) == (row["relation"], row["values"])
    for relation in EXPECTED["entries"]:
        if relation != "schema":
            assert ledger.facts(relation).table.num_rows == EXPECTED["entries"][relation]


@pytest.mark.parametrize("path", sorted(V1.glob("proof-*.json")), ids=lambda path: path.stem)
def test_the_proofs_of_version_1_hold(path: Path):
    proven = verify(path.read_text(), KEYS)
    assert (proven.origin, proven.size) == (EXPECTED["origin"], EXPECTED["size"])
    assert f"proof-{proven.entry}" == path.stem


@pytest.mark.parametrize("trial", INVALID, ids=lambda trial: str(trial["name"]))
def test_a_spoiled_ledger_gives_its_error(trial: dict[str, object], store: DirectoryStore):
    files = trial["files"]
    blobs = {name: store.get(name) for name in store.names() if name not in files}
    blobs |= {name: base64.b64decode(blob) for name, blob in files.items() if blob is not None}
    with pytest.raises(getattr(errors, str(trial["error"]))) as error:
        check(MemoryStore(blobs), verifiers=KEYS)
    assert getattr(error.value, "entry", None) == trial["entry"]


def test_the_rows_are_the_ones_we_make():
    assert ael1() == ROWS


@pytest.mark.parametrize("trial", ROWS["valid"], ids=lambda trial: str(trial["name"]))
def test_a_row_reads_as_its_values(trial: dict[str, object]):
    found = decode(base64.b64decode(str(trial["row"])), LAYOUT)
    told = [base64.b64encode(v).decode() if isinstance(v, bytes) else v for v in found]
    plain = [v if v is None or isinstance(v, bool | str) else str(v) for v in told]
    assert plain == trial["values"]


def test_the_salts_follow_from_the_secret():
    salts = b"".join(base64.b64decode(trial["salt"]) for trial in ROWS["valid"])
    assert salts == salts_of(base64.b64decode(ROWS["secret"]), len(ROWS["valid"]))


@pytest.mark.parametrize("trial", ROWS["invalid"], ids=lambda trial: str(trial["name"]))
def test_a_spoiled_row_is_refused(trial: dict[str, object]):
    with pytest.raises(getattr(errors, str(trial["error"]))):
        decode(base64.b64decode(str(trial["row"])), LAYOUT)
