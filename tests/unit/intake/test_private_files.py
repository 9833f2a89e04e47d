# SPDX-License-Identifier: EUPL-1.2
import hmac
import sqlite3
import stat

import pytest

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.errors import KeysError, StoreError
from rekenschap.intake import ROW, BadRow, Quarantine, SealedOriginals, Which
from tests.unit.intake.small_house import BSN

KEY = b"k" * 32
TOKEN = b"t" * 16
OTHER = b"o" * 16
FILE = b"d" * 32


@pytest.fixture
def sealed(tmp_path):
    found = SealedOriginals(tmp_path, cipher=AesGcm(), sealing_key=KEY, period="2026")
    found.seal({"subject": {TOKEN: BSN, OTHER: "somebody"}})
    yield found
    found.close()


@pytest.fixture
def quarantine(tmp_path):
    found = Quarantine(tmp_path, cipher=AesGcm(), sealing_key=KEY)
    yield found
    found.close()


def everything(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_an_original_comes_back(sealed):
    assert (sealed.unseal(TOKEN), sealed.unseal(OTHER)) == (BSN, "somebody")


def test_an_original_is_nowhere_in_clear(sealed, tmp_path):
    assert BSN.encode() not in everything(tmp_path)
    assert b"somebody" not in everything(tmp_path)


def test_the_private_files_are_for_their_owner_only(sealed, quarantine, tmp_path):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("originals.sqlite", "original-keys.sqlite", "quarantine.sqlite"), 0o600)


def test_a_forgotten_original_is_gone_and_the_others_stay(sealed):
    sealed.forget(TOKEN)
    with pytest.raises(KeysError, match="one that was forgotten"):
        sealed.unseal(TOKEN)
    assert sealed.unseal(OTHER) == "somebody"


def test_forgetting_takes_the_key_and_the_text_off_the_disk(sealed, tmp_path):
    held = sealed._keys.execute("SELECT wrapped FROM keys WHERE token = ?", (TOKEN,)).fetchone()[0]
    text = sealed._originals.execute("SELECT sealed FROM originals WHERE token = ?", (TOKEN,)).fetchone()[0]
    assert held in everything(tmp_path) and text in everything(tmp_path)
    sealed.forget(TOKEN)
    assert held not in everything(tmp_path)
    assert text not in everything(tmp_path)


def test_who_is_forgotten_stays_forgotten_when_the_name_comes_by_again(sealed):
    sealed.forget(TOKEN)
    sealed.seal({"subject": {TOKEN: BSN}})
    with pytest.raises(KeysError):
        sealed.unseal(TOKEN)


def test_a_token_that_never_came_by_says_so(sealed):
    with pytest.raises(KeysError, match="found none"):
        sealed.unseal(b"n" * 16)


def test_another_sealing_key_opens_nothing(sealed, tmp_path):
    thief = SealedOriginals(tmp_path, cipher=AesGcm(), sealing_key=b"x" * 32, period="2026")
    with pytest.raises(KeysError, match="sealed under this key"):
        thief.unseal(TOKEN)
    thief.close()


def test_originals_that_change_places_do_not_open(sealed):
    swap = "UPDATE originals SET sealed = (SELECT sealed FROM originals WHERE token = ?) WHERE token = ?"
    sealed._originals.execute(swap, (OTHER, TOKEN))
    with pytest.raises(KeysError):
        sealed.unseal(TOKEN)


def test_many_originals_at_once(sealed):
    tokens = [n.to_bytes(16, "big") for n in range(2_000)]
    originals = {"staff": {token: f"s{n}" for n, token in enumerate(tokens)}, "zaak": {b"z" * 16: "Z-1"}}
    sealed.seal(originals)
    sealed.seal(originals)
    assert (sealed.unseal(tokens[1_999]), sealed.unseal(b"z" * 16)) == ("s1999", "Z-1")


def test_a_row_in_quarantine_comes_back_whole(quarantine, tmp_path):
    row = BadRow(line=7, reason="time-unreadable", column="looked_at", original=BSN.encode())
    quarantine.put(FILE, [row], profile="native-jsonl")
    assert list(quarantine.take(FILE)) == [row]
    assert BSN.encode() not in everything(tmp_path)


def test_the_same_row_of_the_same_file_twice_is_one(quarantine):
    rows = [BadRow(line=7, reason="a", original=b"x"), BadRow(line=8, reason="b", original=b"y")]
    quarantine.put(FILE, rows, profile="p")
    quarantine.put(FILE, rows, profile="p")
    quarantine.put(b"e" * 32, rows[:1], profile="p")
    assert quarantine.counts() == {"a": 2, "b": 1}
    assert quarantine.counts(FILE) == {"a": 1, "b": 1}


def test_a_row_judged_again_is_as_it_was_judged_last_and_waits_since_it_came(quarantine):
    first = BadRow(line=7, reason="a", column="x", original=b"first")
    later = BadRow(line=7, reason="b", original=b"second", relation="consultation", form=ROW)
    quarantine.put(FILE, [first], profile="p", since=5, origin="desk")
    quarantine.put(FILE, [later], profile="q", since=9)
    (held,) = quarantine.waiting(quarantine.keys())
    assert (held.row, held.profile, held.origin, held.since) == (later, "q", "desk", 5)


def test_what_waits_is_counted_by_reason_and_column_with_the_oldest(quarantine):
    rows = [BadRow(line=at, reason="a", column="x", relation="zaak") for at in (1, 2)]
    quarantine.put(FILE, rows[:1], profile="p", since=9)
    quarantine.put(FILE, rows[1:], profile="p", since=5)
    quarantine.put(b"e" * 32, [BadRow(line=1, reason="b")], profile="q", origin="desk")
    first, second = quarantine.piles()
    assert (first.relation, first.column, first.count, first.oldest) == ("zaak", "x", 2, 5)
    assert (second.origin, second.profile, second.oldest) == ("desk", "q", None)
    assert quarantine.piles(Which(reason="b")) == (second,)


def test_quarantine_of_an_earlier_version_is_read_and_added_to(tmp_path):
    old = sqlite3.connect(tmp_path / "quarantine.sqlite", isolation_level=None)
    old.execute(
        """CREATE TABLE quarantine (digest BLOB, line INTEGER, reason TEXT NOT NULL, "column" TEXT NOT NULL,
        profile TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (digest, line)) WITHOUT ROWID"""
    )
    label = hmac.digest(KEY, b"rekenschap/quarantine/v1", "sha256")
    sealed = AesGcm().seal(label, b"as it was", bound_to=FILE + (7).to_bytes(8, "big"))
    old.execute("INSERT INTO quarantine VALUES (?, 7, 'a', 'x', 'p', ?)", (FILE, sealed))
    old.close()
    now = Quarantine(tmp_path, cipher=AesGcm(), sealing_key=KEY)
    now.put(FILE, [BadRow(line=8, reason="b")], profile="p", since=5)
    first, second = now.waiting(now.keys())
    assert (first.row.original, first.since, second.since) == (b"as it was", 0, 5)
    now.close()


def test_rows_of_one_file_can_be_destroyed(quarantine, tmp_path):
    quarantine.put(FILE, [BadRow(line=7, reason="a", original=b"x")], profile="p")
    quarantine.remove(FILE)
    assert quarantine.counts() == {}


def test_a_folder_that_cannot_be_made_is_trouble(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="a private file that can be written"):
        Quarantine(tmp_path / "file", cipher=AesGcm(), sealing_key=KEY)


def test_a_file_that_is_no_database_is_trouble(tmp_path):
    (tmp_path / "quarantine.sqlite").write_bytes(b"something else " * 100)
    with pytest.raises(StoreError):
        Quarantine(tmp_path, cipher=AesGcm(), sealing_key=KEY)
