# SPDX-License-Identifier: EUPL-1.2
"""From a term in a file to rows that are gone, by two officers, from the command line."""

import shutil
from base64 import urlsafe_b64encode
from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.adapters.keys.own_file import make_own_key, read_own_key
from rekenschap.adapters.keys.signatures import KeyPair
from rekenschap.errors import KeysError
from rekenschap.house import PERIOD, House, LedgerPlace, right_now
from rekenschap.intake.private.sealing import SealedOriginals
from rekenschap.ledger.custody.publickeys import verifier_of
from rekenschap.ledger.custody.ranges import Ranges
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.recorded import statement_row
from rekenschap.model.columns import Kind
from rekenschap.model.relations import CONSULTATION
from tests.custody import DAY, order, signed
from tests.journeys.commands import rekenschap
from tests.journeys.test_sequencer_command import at_work
from tests.ledgers import content, with_identity

TOKEN = b"an invented token"[:16]
ASKED = ("--reason", "dossier 17", "--law", "AVG art. 17")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with 20 looks of two months ago and 20 of today, and two officers."""
    root = tmp_path_factory.mktemp("erasure")
    house, at = House.at(root / "house"), int(right_now().timestamp() * 1_000_000)
    ledger = house.ledger(origin="example.org/ledger")
    tokens = {TOKEN}
    for seed, days in enumerate((60, 0)):
        rows = with_identity(content(CONSULTATION, 20, seed), CONSULTATION, recorded_at=at - days * DAY)
        ledger.append([(CONSULTATION, rows)])
        tokens |= tokens_in(rows)
    officers = [make_own_key(root / f"{name}.key", f"example.org/officer-{name}") for name in "ab"]
    begin_log_keys(ledger, house.keys, at=at)
    public = [verifier_of(each.key.to_text()) for each in officers]
    put_statement(ledger, signed(draft_officers(ledger, public, needed=2, at=at), officers), at=at)
    originals = sealed(house)
    originals.seal({"subject": dict.fromkeys(tokens, "an invented number")})
    originals.close()
    (root / "terms.toml").write_text('[terms.consultation]\ndays = 30\nlaw = "Archiefwet"\n')
    return root


def tokens_in(rows: pa.Table) -> set[bytes]:
    """Every pseudonym in the rows, for a house keeps the original of each."""
    named = [column.name for column in CONSULTATION.content if column.kind is Kind.TOKEN]
    return {token for name in named for token in rows.column(name).to_pylist() if token is not None}


@pytest.fixture
def place(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "copy"))


def sealed(house: House) -> SealedOriginals:
    return SealedOriginals(
        house.sealed_path, cipher=AesGcm(), sealing_key=house.keys.sealing_key(), period=PERIOD
    )


def sign(place: Path, paper: Path, names: str = "ab") -> Path:
    for name in names:
        assert rekenschap("keys", "sign", paper, "--key", place / f"{name}.key").code == 0
    return paper


def test_what_is_due_goes_when_two_officers_sign(place: Path):
    home = ("--home", place / "house")
    told = rekenschap("retention", "--terms", place / "terms.toml", "--out", place, *home, "--json").told
    assert told["due"] == [{"relation": "consultation", "days": 30, "count": 20, "held": 0, "whole": 1}]
    paper = Path(told["orders"][0])
    refused = rekenschap("erase", sign(place, paper, "a"), *home)
    assert refused.code == 3
    assert "the signatures of 2 officers" in refused.err
    done = rekenschap("erase", sign(place, paper, "b"), *home, "--language", "en")
    assert done.code == 0, done.err
    assert "Erased: 20 rows, in 1 runs." in done.out
    checked = rekenschap("check", place / "house")
    assert checked.code == 0, checked.err
    assert House.at(place / "house").ledger(origin="").facts("consultation").table.num_rows == 20
    assert "No order is waiting" in rekenschap("erase", *home, "--language", "en").out
    nothing = rekenschap("retention", "--terms", place / "terms.toml", *home, "--language", "en")
    assert "Nothing has been kept" in nothing.out


@pytest.mark.parametrize("way", ["recover", "erase", "intake"])
def test_an_erasure_that_was_broken_off_goes_on(place: Path, way: str):
    house, origin = House.at(place / "house"), "example.org/ledger"
    ledger = LedgerPlace.of(place / "house").ledger()
    head = authority_of(ledger).next_head(size=ledger.size, written=right_now().date())
    note = signed(order(head, entries=Ranges.of([(3, 9)])).to_text(), officers(place))
    writing = house.ledger(origin=origin)
    writing.append([statement_row(note, at=int(right_now().timestamp() * 1_000_000))])
    checked = rekenschap("check", place / "house", "--json")
    assert (checked.code, checked.told["pending"]) == (6, 6), checked.err
    if way == "intake":
        house.ledger(origin=origin)
    else:
        done = rekenschap(way, "--home", place / "house", "--language", "en")
        assert done.code == 0, done.err
        assert "6 rows" in done.out
    assert LedgerPlace.of(place / "house").ledger().facts("consultation").table.num_rows == 34
    checked = rekenschap("check", place / "house", "--json")
    assert (checked.code, checked.told["erased"], checked.told["unclosed"]) == (0, 6, 0)


def test_an_erasure_waits_while_a_sequencer_is_at_work_and_says_so(place: Path):
    house, home = House.at(place / "house"), ("--home", place / "house")
    ledger = LedgerPlace.of(place / "house").ledger()
    head = authority_of(ledger).next_head(size=ledger.size, written=right_now().date())
    note = signed(order(head, entries=Ranges.of([(3, 9)])).to_text(), officers(place))
    statement = statement_row(note, at=int(right_now().timestamp() * 1_000_000))
    house.ledger(origin="").append([statement])
    (place / "signed.txt").write_bytes(note.to_bytes())
    with at_work(place / "house"):
        for command in (("erase",), ("erase", place / "signed.txt"), ("keys", "rotate")):
            busy = rekenschap(*command, *home)
            assert (busy.code, "stop the sequencer" in busy.err) == (4, True), busy.err
    assert "Erased: 6 rows" in rekenschap("erase", *home, "--language", "en").out


def officers(place: Path) -> list[KeyPair]:
    return [read_own_key(place / f"{name}.key") for name in "ab"]


def test_what_is_held_does_not_go(place: Path):
    home, paper = ("--home", place / "house"), place / "order.txt"
    assert rekenschap("order", "hold", "--entries", "3-5", *ASKED, "--out", paper, *home).code == 0
    done = rekenschap("hold", sign(place, paper), *home)
    assert done.code == 0, done.err
    assert f"rekenschap check {place / 'house'}" in done.out
    asked = ("order", "erase", "--entries", "1-9,12", "--rule", "court", *ASKED, "--out", paper, *home)
    assert rekenschap(*asked).code == 0
    refused = rekenschap("erase", sign(place, paper), *home)
    assert refused.code == 3
    assert "held entry 3" in refused.err
    told = rekenschap("retention", "--terms", place / "terms.toml", "--out", place, *home, "--json").told
    assert (told["due"][0]["count"], told["due"][0]["held"]) == (17, 3)


def test_a_person_is_forgotten_and_the_ledger_does_not_say_who(place: Path):
    house, paper = House.at(place / "house"), place / "order.txt"
    home = ("--home", place / "house")
    token = urlsafe_b64encode(TOKEN).decode().rstrip("=")
    asked = rekenschap(
        "order", "forget", "--token", token, "--rule", "request", *ASKED, "--out", paper, *home
    )
    assert asked.code == 0, asked.err
    opening = place / "order.txt.opening"
    assert opening.stat().st_mode & 0o777 == 0o600
    assert sealed(house).unseal(TOKEN) == "an invented number"
    assert rekenschap("forget", sign(place, paper, "a"), "--opening", opening, *home).code == 3
    assert sealed(house).unseal(TOKEN) == "an invented number"
    kept = opening.read_text()
    for _ in ("once", "again, as after it was broken off"):
        opening.write_text(kept)
        done = rekenschap("forget", sign(place, paper, "b"), "--opening", opening, *home)
        assert done.code == 0, done.err
        assert f"rekenschap check {place / 'house'}" in done.out
    assert house.ledger(origin="").facts("erasure").table.num_rows == 1
    with pytest.raises(KeysError, match="forgotten"):
        sealed(house).unseal(TOKEN)
    assert not opening.exists()
    ledger = house.ledger(origin="")
    assert token not in str(ledger.facts("erasure").table.to_pylist())
    assert rekenschap("check", place / "house").code == 0


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (
            ("erase", "--entries", "1-9", "--rule", "court", "--law", "x", "--reason", "over 999990019"),
            "a number",
        ),
        (("erase", "--entries", "9-1", "--rule", "court", *ASKED), "entries as in"),
        (("erase", "--entries", "1-900", "--rule", "court", *ASKED), "entries below"),
        (("erase", "--entries", "1-9", *ASKED), "a rule to erase"),
        (("forget", "--token", "short", "--rule", "request", *ASKED), "a pseudonym"),
    ],
)
def test_an_order_that_cannot_be_is_not_written(place: Path, asked: tuple[str, ...], why: str):
    out = place / "order.txt"
    refused = rekenschap("order", *asked, "--out", out, "--home", place / "house")
    assert refused.code == 3, refused.err
    assert why in refused.err
    assert not out.exists()
