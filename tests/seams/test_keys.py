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

    def test_a_checkpoint_is_signed_by_old_and_new_while_keys_are_changed(self, keys: Keys):
        old = keys.verifier_texts(ORIGIN)
        made = keys.renew(ORIGIN)
        assert [each.kind for each in made] == [SignatureKind.ED25519, SignatureKind.ML_DSA_44]
        both = keys.verifier_texts(ORIGIN)
        assert both[:2] == old
        assert len(set(both)) == 4
        assert [each.key_id for each in keys.signers(ORIGIN)[2:]] == [each.key_id for each in made]
        held = check_note(sign_note(BODY, keys.signers(ORIGIN)), [verifier_of(text) for text in both])
        assert len(held) == 4

    def test_a_change_that_was_broken_off_goes_on_with_the_keys_it_made(self, keys: Keys):
        keys.signers(ORIGIN)
        made = [each.key_id for each in keys.renew(ORIGIN)]
        assert [each.key_id for each in keys.renew(ORIGIN)] == made
        assert len(keys.signers(ORIGIN)) == 4

    def test_keys_that_are_retired_sign_no_more(self, keys: Keys):
        keys.signers(ORIGIN)
        keys.renew(ORIGIN)
        new = keys.verifier_texts(ORIGIN)[2:]
        keys.retire(ORIGIN)
        assert keys.verifier_texts(ORIGIN) == new
        keys.retire(ORIGIN)
        assert keys.verifier_texts(ORIGIN) == new

    def test_keys_are_changed_again_and_again(self, keys: Keys):
        seen = {*keys.verifier_texts(ORIGIN)}
        for changes in range(1, 4):
            keys.renew(ORIGIN)
            keys.retire(ORIGIN)
            seen.update(keys.verifier_texts(ORIGIN))
            assert len(seen) == 2 + 2 * changes

    def test_other_keys_stay_when_signers_change(self, keys: Keys):
        before = keys.sealing_key(), keys.pseudonym_key("2026")
        keys.renew(ORIGIN)
        keys.retire(ORIGIN)
        assert (keys.sealing_key(), keys.pseudonym_key("2026")) == before

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

    def test_a_seed_and_a_number_give_the_same_generation(self):
        keys = MemoryKeys(b"a")
        keys.renew(ORIGIN)
        assert MemoryKeys(b"a", generations=(1, 2)).verifier_texts(ORIGIN) == keys.verifier_texts(ORIGIN)


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

    def test_retired_key_files_are_gone_and_new_ones_have_a_number(self, keys: Keys, tmp_path: Path):
        keys.signers(ORIGIN)
        keys.renew(ORIGIN)
        keys.retire(ORIGIN)
        names = {path.name for path in (tmp_path / "keys").iterdir()}
        assert names == {"signing-ed25519-2.key", "signing-ml-dsa-44-2.key"}

    @pytest.mark.parametrize("made", [[], ["signing-ml-dsa-44-2.key"]])
    def test_half_a_generation_signs_nothing(self, keys: Keys, tmp_path: Path, made: list[str]):
        keys.signers(ORIGIN)
        keys.renew(ORIGIN)
        for name in {"signing-ml-dsa-44-2.key", "signing-ed25519-2.key"} - {*made}:
            (tmp_path / "keys" / name).unlink()
        assert len(keys.signers(ORIGIN)) == 2
        assert len(keys.renew(ORIGIN)) == 2
        assert len(keys.signers(ORIGIN)) == 4

    def test_retiring_that_was_broken_off_is_done_again(self, keys: Keys, tmp_path: Path):
        keys.signers(ORIGIN)
        keys.renew(ORIGIN)
        (tmp_path / "keys/signing-ed25519.key").unlink()
        assert len(keys.signers(ORIGIN)) == 2
        keys.retire(ORIGIN)
        assert not (tmp_path / "keys/signing-ml-dsa-44.key").exists()

    def test_a_founded_house_may_renew_its_signers(self, keys: Keys, tmp_path: Path):
        keys.signers(ORIGIN)
        founded = FileKeys(tmp_path / "keys", may_make=False)
        founded.renew(ORIGIN)
        assert len(founded.signers(ORIGIN)) == 4

    def test_a_period_cannot_lead_elsewhere(self, keys: Keys):
        with pytest.raises(KeysError):
            keys.pseudonym_key("../2026")


def test_a_lost_key_file_is_not_made_anew_when_it_may_not_be(tmp_path):
    FileKeys(tmp_path / "keys").sealing_key()
    kept = FileKeys(tmp_path / "keys", may_make=False)
    assert len(kept.sealing_key()) == 32
    with pytest.raises(KeysError, match="begun with, found none; restore it"):
        kept.pseudonym_key("first")
