# SPDX-License-Identifier: EUPL-1.2
"""The promise for format 2: mixed runs, erasures and a tail, once written, check in every later version."""

import base64
import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from rekenschap import errors
from rekenschap.adapters.keys import verifier_of
from rekenschap.adapters.stores import MemoryStore
from rekenschap.errors import RefusedError
from rekenschap.ledger.check import check
from rekenschap.ledger.prove import prove, verify
from tests.standalone.both import agreed
from tests.unit.ledger.ledger_vectors import VECTORS
from tests.unit.ledger.mixed_vectors import Home

V2 = VECTORS / "v2"
LINES = (V2 / "public-keys.txt").read_text().splitlines()
KEYS = [verifier_of(line) for line in LINES]
EXPECTED = json.loads((V2 / "expected.json").read_text())
INVALID = json.loads((V2 / "invalid.json").read_text())
UNSEALED = json.loads((V2 / "unsealed.json").read_text())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(V2 / "ledger", tmp_path / "ledger")))


def test_no_byte_of_it_ever_changes():
    files = [path for path in (V2 / "ledger").rglob("*") if path.is_file()]
    found = {
        str(path.relative_to(V2 / "ledger")): base64.b64encode(sha256(path.read_bytes()).digest()).decode()
        for path in files
    }
    assert found == EXPECTED["files"]


def test_it_checks(home: Home):
    for report in (check(home.store, verifiers=KEYS), check(home.store, anchor=home.anchor, verifiers=KEYS)):
        assert report.size == EXPECTED["size"]
        assert report.root.to_base64() == EXPECTED["root"]
        assert report.entries == EXPECTED["entries"]
        assert report.erased == sum(end - first for first, end in EXPECTED["erased"])
        assert (report.unsealed, report.pending, report.leftovers) == (0, 0, ())
    assert [size for size, _ in home.anchor.history()] == EXPECTED["sizes"]


def test_its_rows_read_as_they_were(home: Home):
    ledger = home.ledger()
    for row in EXPECTED["rows"]:
        found = ledger.row(row["entry"])
        assert (found.relation.name, found.values) == (row["relation"], row["values"])
        text = prove(ledger, row["entry"])
        assert verify(text, KEYS).values == row["values"]
        assert agreed(text, LINES).says == "holds"
    for relation, count in EXPECTED["entries"].items():
        if relation != "schema":
            assert ledger.facts(relation).table.num_rows == count


def test_its_erased_rows_are_gone(home: Home):
    ledger = home.ledger()
    for first, end in EXPECTED["erased"]:
        for entry in range(first, end):
            with pytest.raises(RefusedError):
                ledger.row(entry)


@pytest.mark.parametrize("path", sorted(V2.glob("proof-*.json")), ids=lambda path: path.stem)
def test_its_proofs_hold_for_both_readers(path: Path):
    proven = verify(path.read_text(), KEYS)
    assert f"proof-{proven.entry}" == path.stem
    assert agreed(path.read_text(), LINES).says == "holds"


@pytest.fixture
def before(home: Home) -> Home:
    """The same ledger before its last run was sealed, with the journal that has its rows."""
    for name, blob in UNSEALED["files"].items():
        path = home.path / name
        if blob is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(blob))
    (home.path / "journal").mkdir()
    for name, blob in UNSEALED["journal"].items():
        whole = base64.b64decode(blob).ljust(UNSEALED["journal_bytes"][name], b"\x00")
        (home.path / "journal" / name).write_bytes(whole)
    return home


def test_what_was_not_sealed_yet_was_signed(before: Home):
    ledger = before.ledger()
    assert (ledger.size, ledger.checkpoint.size) == (UNSEALED["sealed"], UNSEALED["size"])
    assert ledger.checkpoint.root.to_base64() == EXPECTED["root"]
    assert verify(prove(ledger, 6), KEYS).size == UNSEALED["size"]


def test_a_sequencer_takes_up_what_was_not_sealed(before: Home):
    with before.sequencer() as sequencer:
        assert sequencer.size == EXPECTED["size"]
    report = check(before.store, anchor=before.anchor, verifiers=KEYS)
    assert (report.size, report.root.to_base64()) == (EXPECTED["size"], EXPECTED["root"])
    for row in EXPECTED["rows"]:
        assert before.ledger().row(row["entry"]).values == row["values"]


def test_a_file_from_before_an_erasure_is_named(home: Home):
    erased = next(name for name in home.store.names("segments/") if name.endswith("-12.1.parquet"))
    again = erased.replace(".1.", ".")
    (home.path / again).write_bytes((home.path / erased).read_bytes())
    assert check(home.store, anchor=home.anchor, verifiers=KEYS).leftovers == (again,)


@pytest.mark.parametrize("trial", INVALID, ids=lambda trial: str(trial["name"]))
def test_a_spoiled_ledger_gives_its_error(trial: dict[str, Any], home: Home):
    blobs = {name: home.store.get(name) for name in home.store.names() if name not in trial["files"]}
    blobs |= {name: base64.b64decode(blob) for name, blob in trial["files"].items() if blob is not None}
    with pytest.raises(getattr(errors, trial["error"])) as error:
        check(MemoryStore(blobs), verifiers=KEYS)
    assert getattr(error.value, "entry", None) == trial["entry"]
