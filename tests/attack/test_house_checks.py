# SPDX-License-Identifier: EUPL-1.2
"""The check of a house by its own command: the witnesses it asked for, and keys that changed since."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.cli.ledgers.on_ledgers import check_ledger
from rekenschap.cli.ledgers.on_witnesses import bring
from rekenschap.cli.texts import Language
from rekenschap.errors import AlarmError, ForkError, InconsistentError, WrongSignatureError
from rekenschap.house import House, LedgerPlace, microseconds_now
from rekenschap.intake.private.sealing import SealedOriginals
from rekenschap.ledger.custody.forgetting import Opening
from rekenschap.ledger.custody.orders import OrderAction, Rule
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import (
    begin_log_keys,
    draft_officers,
    renew_log_keys,
    retire_log_keys,
)
from rekenschap.ledger.keeping.drafting import Wish, draft_orders
from rekenschap.model.relations import CONSULTATION
from tests.custody import ANNA, BRAM, CEES, public, signed
from tests.ledgers import ORIGIN, content, with_identity
from tests.witnessing import Signers


def check_house(home: Path, public_key: str | None = None, *, against: Path | None = None, **more) -> int:
    elsewhere = bring([against] if against else [], more.get("policy"))
    return check_ledger(home, public_key, elsewhere=elsewhere, language=Language.EN, as_json=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    house = House.at(tmp_path / "house")
    append(house, 1)
    return house.root


def append(house: House, seed: int) -> None:
    rows = with_identity(content(CONSULTATION, 5, seed), CONSULTATION, recorded_at=microseconds_now())
    house.ledger(origin=ORIGIN).append([(CONSULTATION, rows)])


# ── the witnesses a house asked for itself ───────────────────────────────────


def test_a_checkpoint_without_the_witness_the_house_asks_is_an_alarm(home: Path, tmp_path: Path):
    """Somebody with the keys of the log publishes without the witness, and nobody thinks of --policy."""
    assert check_house(home) == 0
    log = (home / "public-keys.txt").read_text().splitlines()[0]
    witness = Signers().verifiers[0].key.to_text()
    (home / "policy.txt").write_text(f"log {log}\nwitness w {witness}\nquorum w\n")
    (home / "rekenschap.toml").write_text('policy = "policy.txt"\n')
    with pytest.raises(AlarmError, match="witness"):
        check_house(home)
    (tmp_path / "none").write_text(f"log {log}\nquorum none\n")
    assert check_house(home, policy=tmp_path / "none") == 0


# ── a kept checkpoint, and keys that changed since ───────────────────────────


def rotated(home: Path) -> tuple[Path, Path]:
    """Change the keys of the log after a checkpoint was kept, signed and as three lines that were typed."""
    kept, typed = home.parent / "kept", home.parent / "typed"
    note = LedgerPlace.of(home).store.get("checkpoint")
    kept.write_bytes(note)
    typed.write_text("\n".join(note.decode().splitlines()[:3]))
    house = House.at(home)
    renew_log_keys(house.ledger(origin=ORIGIN), house.keys, at=microseconds_now())
    append(house, 2)
    retire_log_keys(house.ledger(origin=ORIGIN), house.keys, at=microseconds_now())
    append(House.at(home), 3)
    return kept, typed


def test_a_checkpoint_kept_from_before_the_keys_changed_is_still_held_against(home: Path):
    """By whoever has the first keys, the last ones, or those beside the ledger."""
    first = (home / "public-keys.txt").read_text()
    for kept in rotated(home):
        assert check_house(home, against=kept) == 0
        (home.parent / "first.txt").write_text(first)
        assert check_house(home, str(home.parent / "first.txt"), against=kept) == 0
        last = "\n".join(House.at(home).keys.verifier_texts(ORIGIN))
        (home.parent / "last.txt").write_text(last)
        assert check_house(home, str(home.parent / "last.txt"), against=kept) == 0


def test_after_the_keys_changed_a_kept_checkpoint_still_sees_another_history(home: Path, tmp_path: Path):
    """The same keys sign another history of the same size; of what was kept only the root differs."""
    kept, typed = rotated(home)
    lines = typed.read_text().splitlines()
    typed.write_text(
        "\n".join([*lines[:2], "A" + lines[2][1:] if lines[2][0] != "A" else "B" + lines[2][1:]])
    )
    with pytest.raises(ForkError, match="those of the kept checkpoint"):
        check_house(home, against=typed)
    other = House.at(tmp_path / "other")
    append(other, 9)
    kept.write_bytes(LedgerPlace.of(other.root).store.get("checkpoint"))
    with pytest.raises(WrongSignatureError):
        check_house(home, against=kept)


def test_a_kept_checkpoint_that_a_retired_key_signed_later_is_refused(home: Path):
    """A thief of the old key signs what never was: at that size it did not count any more."""
    house = House.at(home)
    old = house.keys.signers(ORIGIN)
    rotated(home)
    from rekenschap.tlog.note import sign_note

    now = LedgerPlace.of(home).ledger().checkpoint
    forged = home.parent / "forged"
    forged.write_bytes(sign_note(now.to_text(), old).to_bytes())
    with pytest.raises(WrongSignatureError, match=f"of size {now.size}"):
        check_house(home, against=forged)


def test_a_house_without_its_header_is_an_alarm_and_not_a_wrong_path(home: Path):
    (home / "ledger/ledger.json").unlink()
    with pytest.raises(InconsistentError, match=r"ledger\.json"):
        check_house(home)


def test_a_house_with_junk_in_its_journal_is_an_alarm(home: Path):
    (home / "ledger/journal").mkdir(exist_ok=True)
    (home / "ledger/journal/kept.txt").write_text("what was erased")
    with pytest.raises(InconsistentError, match=r"journal/kept\.txt"):
        check_house(home)


# ── the originals behind the pseudonyms ──────────────────────────────────────


@pytest.fixture
def sealed(home: Path) -> tuple[Path, int]:
    """A house that sealed the original of every pseudonym in its ledger, and how many there are."""
    ledger = LedgerPlace.of(home).ledger()
    table = ledger.facts("consultation").table
    tokens = {x for name in ("staff", "subject", "zaak") for x in table.column(name).to_pylist() if x}
    originals = SealedOriginals(home / "sealed", cipher=AesGcm(), sealing_key=bytes(32), period="first")
    originals.seal({"staff": {token: "K-1" for token in tokens}})
    originals.close()
    assert check_house(home) == 0
    return home, len(tokens)


@pytest.mark.parametrize("name", ["originals.sqlite", "original-keys.sqlite"])
@pytest.mark.parametrize("how", ["DELETE FROM {}", "UPDATE {} SET {} = NULL", ""])
def test_originals_that_are_gone_are_counted(sealed: tuple[Path, int], name: str, how: str):
    home, count = sealed
    table, column = ("keys", "wrapped") if "keys" in name else ("originals", "sealed")
    if how == "":
        (home / "sealed" / name).unlink()
    elif "UPDATE" in how and table == "originals":
        (home / "sealed" / name).write_bytes(b"")
    else:
        with closing(sqlite3.connect(home / "sealed" / name, isolation_level=None)) as base:
            base.execute(how.format(table, column))
    with pytest.raises(InconsistentError, match=f"found {count} without one in sealed/"):
        check_house(home)


def test_one_original_that_is_gone_without_an_order_is_counted(sealed: tuple[Path, int]):
    home, _ = sealed
    with closing(sqlite3.connect(home / "sealed" / "originals.sqlite", isolation_level=None)) as base:
        base.execute("DELETE FROM originals WHERE rowid = 1")
    with pytest.raises(InconsistentError, match="found 1 without one in sealed/"):
        check_house(home)


def test_an_original_that_officers_ordered_forgotten_is_no_alarm(sealed: tuple[Path, int]):
    home, _ = sealed
    house, at = House.at(home), microseconds_now()
    ledger = house.ledger(origin=ORIGIN)
    begin_log_keys(ledger, house.keys, at=at)
    text = draft_officers(ledger, public(ANNA, BRAM, CEES), needed=2, at=at)
    put_statement(ledger, signed(text, (ANNA, BRAM, CEES)), at=at)
    token = next(filter(None, ledger.facts("consultation").table.column("staff").to_pylist()))
    wish = Wish(
        action=OrderAction.FORGET,
        law="GDPR art. 17",
        reason="file 7",
        originals=(Opening(nonce=bytes(16), token=token).commitment(),),
        rule=Rule.REQUEST,
    )
    (order,) = draft_orders(ledger, authority_of(ledger), [wish], at=at)
    put_statement(ledger, signed(order, (ANNA, BRAM)), at=at)
    originals = SealedOriginals(home / "sealed", cipher=AesGcm(), sealing_key=bytes(32), period="first")
    originals.forget(token)
    originals.close()
    assert check_house(home) == 0
