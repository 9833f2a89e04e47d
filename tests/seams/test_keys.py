# SPDX-License-Identifier: EUPL-1.2
"""What every keeper of keys must keep to; each adapter inherits the suite."""

from pathlib import Path

import pytest

from rekenschap.adapters.keys import FileKeys, MemoryKeys, verifier_of
from rekenschap.errors import KeysError, WrongSignatureError
from rekenschap.seams.keys import Keys
from rekenschap.tlog.note import check_note, sign_note
from rekenschap.tlog.vkey import SignatureKind

ORIGIN = "example.org/ledger"
BODY = f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"


class KeysContract:
    @pytest.fixture
    def keys(self, tmp_path: Path) -> Keys:
        raise NotImplementedError

    def test_its_signatures_hold_for_its_own_verifiers(self, keys: Keys):
        note = sign_note(BODY, keys.signers(ORIGIN))
        held = check_note(note, [verifier_of(text) for text in keys.verifier_texts(ORIGIN)])
        assert [each.kind for each in held] == [SignatureKind.ED25519, SignatureKind.ML_DSA_44]

    def test_a_changed_text_does_not_hold(self, keys: Keys):
        note = sign_note(BODY, keys.signers(ORIGIN))
        from dataclasses import replace

        with pytest.raises(WrongSignatureError):
            changed = replace(note, text=BODY.replace("\n0\n", "\n1\n"))
            check_note(changed, [verifier_of(keys.verifier_texts(ORIGIN)[0])])

    def test_keys_stay_the_same(self, keys: Keys):
        assert keys.verifier_texts(ORIGIN) == keys.verifier_texts(ORIGIN)
        assert keys.sealing_key() == keys.sealing_key()
        assert keys.pseudonym_key("2026") == keys.pseudonym_key("2026")

    def test_each_purpose_has_its_own_key(self, keys: Keys):
        made = {keys.sealing_key(), keys.pseudonym_key("2026"), keys.pseudonym_key("2027")}
        assert len(made) == 3
        assert {len(key) for key in made} == {32}


class TestMemoryKeys(KeysContract):
    @pytest.fixture
    def keys(self, tmp_path: Path) -> Keys:
        return MemoryKeys(b"seed")

    def test_one_seed_gives_one_house(self):
        assert MemoryKeys(b"a").verifier_texts(ORIGIN) == MemoryKeys(b"a").verifier_texts(ORIGIN)
        assert MemoryKeys(b"a").sealing_key() != MemoryKeys(b"b").sealing_key()


class TestFileKeys(KeysContract):
    @pytest.fixture
    def keys(self, tmp_path: Path) -> Keys:
        return FileKeys(tmp_path / "keys")

    def test_another_program_finds_the_same_keys(self, keys: Keys, tmp_path: Path):
        assert FileKeys(tmp_path / "keys").verifier_texts(ORIGIN) == keys.verifier_texts(ORIGIN)

    def test_only_the_owner_can_read_them(self, keys: Keys, tmp_path: Path):
        keys.signers(ORIGIN)
        keys.sealing_key()
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
        assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700

    @pytest.mark.parametrize("mode", [0o640, 0o604])
    def test_a_key_others_can_read_is_refused(self, keys: Keys, tmp_path: Path, mode: int):
        keys.sealing_key()
        (tmp_path / "keys/sealing.key").chmod(mode)
        with pytest.raises(KeysError, match="by its owner only"):
            keys.sealing_key()

    def test_a_damaged_key_is_refused(self, keys: Keys, tmp_path: Path):
        keys.sealing_key()
        (tmp_path / "keys/sealing.key").write_text("c2hvcnQ=\n")
        with pytest.raises(KeysError, match="32 bytes in base64"):
            keys.sealing_key()

    def test_a_period_cannot_lead_elsewhere(self, keys: Keys):
        with pytest.raises(KeysError):
            keys.pseudonym_key("../2026")


def test_a_lost_key_file_is_not_made_anew_when_it_may_not_be(tmp_path):
    FileKeys(tmp_path / "keys").sealing_key()
    kept = FileKeys(tmp_path / "keys", may_make=False)
    assert len(kept.sealing_key()) == 32
    with pytest.raises(KeysError, match="begun with, found none; restore it"):
        kept.pseudonym_key("first")
