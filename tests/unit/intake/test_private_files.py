# SPDX-License-Identifier: EUPL-1.2
import hmac
import sqlite3
import stat

import pytest

from rekenschap.adapters.ciphers.aes_gcm import AesGcm
from rekenschap.errors import KeysError, StoreError
from rekenschap.intake import ROW, BadRow, Quarantine, SealedOriginals, Which
from rekenschap.intake.private.sealing import openable
from tests.small_disk import small_disk
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


@pytest.fixture
def many(sealed):
    """So many at once that they go in packs."""
    originals = {n.to_bytes(16, "big"): f"invented-{n:05d}" for n in range(10_000)}
    sealed.seal(
        {"subject": dict(list(originals.items())[:6_000]), "zaak": dict(list(originals.items())[6_000:])}
    )
    return originals


def test_each_of_many_comes_back_and_none_stands_in_clear(sealed, many, tmp_path):
    assert all(sealed.unseal(token) == text for token, text in list(many.items())[::97])
    assert sealed._keys.execute("SELECT count(*) FROM packs").fetchone() == (3,)
    assert b"invented" not in everything(tmp_path)
    assert openable(tmp_path) == {TOKEN, OTHER, *many}


def test_one_of_many_is_forgotten_off_the_disk_and_the_others_stay(sealed, many, tmp_path):
    gone, beside = (5_000).to_bytes(16, "big"), (5_001).to_bytes(16, "big")
    (number,) = sealed._places.packs(gone)
    before = sealed._keys.execute("SELECT wrapped FROM packs WHERE number = ?", (number,)).fetchone()[0]
    pad = sealed._pads(number).content[sealed._pads(number).span(gone)]
    old = (tmp_path / "originals.sqlite").read_bytes()

    sealed.forget(gone)
    sealed.forget(gone)

    with pytest.raises(KeysError, match="one that was forgotten"):
        sealed.unseal(gone)
    assert sealed.unseal(beside) == many[beside]
    assert pad not in sealed._pads(number).content
    assert before[:2_000] not in (tmp_path / "original-keys.sqlite").read_bytes()
    assert gone not in openable(tmp_path)
    sealed.seal({"subject": {gone: many[gone]} | {b"%016d" % n: "x" for n in range(500)}})
    with pytest.raises(KeysError, match="one that was forgotten"):
        sealed.unseal(gone)

    sealed.close()
    (tmp_path / "originals.sqlite").write_bytes(old)
    copied = SealedOriginals(tmp_path, cipher=AesGcm(), sealing_key=KEY, period="2026")
    with pytest.raises(KeysError, match="one that was forgotten"):
        copied.unseal(gone)
    assert copied.unseal(beside) == many[beside]
    copied.close()


def test_packs_that_change_places_do_not_open(sealed, many):
    swap = "UPDATE packs SET sealed = (SELECT sealed FROM packs WHERE number = 2) WHERE number = 1"
    sealed._originals.execute(swap)
    with pytest.raises(KeysError):
        sealed.unseal((0).to_bytes(16, "big"))
    assert sealed.unseal((9_000).to_bytes(16, "big")) == many[(9_000).to_bytes(16, "big")]


def test_a_pack_that_lost_its_other_half_opens_no_longer_and_can_still_be_forgotten(sealed, many, tmp_path):
    first = (0).to_bytes(16, "big")
    sealed._originals.execute("DELETE FROM packs WHERE number = 1")
    with pytest.raises(KeysError, match="none"):
        sealed.unseal(first)
    assert first not in openable(tmp_path)
    sealed.forget(first)
    assert sealed._places.packs(first) == []


def test_files_of_before_there_were_packs_take_them_in(sealed, tmp_path):
    sealed.close()
    made_since = {"originals.sqlite": ["packs"], "original-keys.sqlite": ["packs", "places", "runs"]}
    for name, tables in made_since.items():
        old = sqlite3.connect(tmp_path / name)
        for table in tables:
            old.execute(f"DROP TABLE {table}")
        old.close()
    assert openable(tmp_path) == {TOKEN, OTHER}

    now = SealedOriginals(tmp_path, cipher=AesGcm(), sealing_key=KEY, period="2026")
    now.seal({"subject": {TOKEN: BSN} | {n.to_bytes(16, "big"): str(n) for n in range(300)}})

    assert (now.unseal(TOKEN), now.unseal((7).to_bytes(16, "big"))) == (BSN, "7")
    assert now._places.packs(TOKEN) == []
    now.close()


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


def test_a_full_disk_is_named_and_the_file_can_be_used_when_there_is_room_again(tmp_path):
    with small_disk(tmp_path / "small", size=2, taken=1) as place:
        sealed = SealedOriginals(place, cipher=AesGcm(), sealing_key=KEY, period="2026")
        many = {number.to_bytes(16, "big"): "somebody" * 40 for number in range(10_000)}
        with pytest.raises(StoreError, match="a disk that is full"):
            sealed.seal({"subject": many})
        (place / "ballast").unlink()
        sealed.seal({"subject": {TOKEN: "somebody"}})
        assert sealed.unseal(TOKEN) == "somebody"
        sealed.close()
