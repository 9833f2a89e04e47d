# SPDX-License-Identifier: EUPL-1.2
"""What every keeper of keys must keep to; each adapter inherits the suite."""

import base64
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rekenschap.adapters.keys import FileKeys, MemoryKeys, verifier_of
from rekenschap.adapters.keys.pkcs11 import Pkcs11Keys
from rekenschap.adapters.keys.token import Token, TokenPlace, _session
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


class TestPkcs11Keys(KeysContract):
    labels = (f"house-{number}" for number in count())

    @pytest.fixture
    def keys(self, tmp_path: Path, token: TokenPlace) -> Keys:
        self.token, self.label, self.directory = token, next(self.labels), tmp_path / "keys"
        return self.again()

    def again(self, **others: object) -> Pkcs11Keys:
        return Pkcs11Keys(self.directory, self.token, label=self.label, **others)  # type: ignore[arg-type]

    def test_another_program_finds_the_same_keys(self, keys: Keys):
        assert self.again().verifier_texts(ORIGIN) == keys.verifier_texts(ORIGIN)
        assert self.again().sealing_key() == keys.sealing_key()

    def test_houses_in_one_token_do_not_meet(self, keys: Keys):
        other = Pkcs11Keys(self.directory.parent / "other", self.token, label=f"{self.label}-2")
        other.renew(ORIGIN)
        assert keys.verifier_texts(ORIGIN)[0] != other.verifier_texts(ORIGIN)[0]
        assert len(keys.signers(ORIGIN)) == 2

    def test_no_private_key_can_leave_the_token(self, keys: Keys):
        keys.signers(ORIGIN)
        keys.sealing_key()
        held = _session(self.token).get_objects({pkcs11.Attribute.PRIVATE: True})
        ours = [each for each in held if each.label.startswith(f"{self.label}/")]
        assert {each.label.partition("/")[2] for each in ours} == {"signing-1", "wrapping"}
        for each in ours:
            assert each[pkcs11.Attribute.SENSITIVE]
            assert each[pkcs11.Attribute.NEVER_EXTRACTABLE]
            with pytest.raises(pkcs11.exceptions.AttributeSensitive):
                each[pkcs11.Attribute.VALUE]

    def test_no_secret_is_in_the_files(self, keys: Keys):
        keys.signers(ORIGIN)
        secrets_ = [keys.sealing_key(), keys.pseudonym_key("2026")]
        files = {path.name: path.read_bytes() for path in self.directory.iterdir()}
        assert set(files) == {
            "pseudonym-2026.wrapped", "sealing.wrapped", "signing-ml-dsa-44-1.wrapped"
        }  # fmt: skip
        for blob in files.values():
            wrapped = base64.b64decode(blob)
            assert len(wrapped) == 12 + 32 + 16
            assert not any(secret in wrapped for secret in secrets_)
        assert {path.stat().st_mode & 0o777 for path in self.directory.iterdir()} == {0o600}

    def test_the_token_itself_signs(self, keys: Keys):
        signer = keys.signers(ORIGIN)[0]
        public = base64.b64decode(keys.verifier_texts(ORIGIN)[0].split("+", 2)[2])[1:]
        Ed25519PublicKey.from_public_bytes(public).verify(signer.sign(b"message"), b"message")

    def test_a_file_of_another_key_is_refused(self, keys: Keys):
        keys.sealing_key()
        keys.pseudonym_key("2026")
        shutil.copy(self.directory / "pseudonym-2026.wrapped", self.directory / "sealing.wrapped")
        with pytest.raises(KeysError, match="expected sealing as this token wrapped it"):
            keys.sealing_key()

    @pytest.mark.parametrize("line", ["", "c2hvcnQ=", "no base64", "A" * 80])
    def test_a_damaged_file_is_refused(self, keys: Keys, line: str):
        keys.sealing_key()
        (self.directory / "sealing.wrapped").write_text(f"{line}\n")
        with pytest.raises(KeysError, match=r"sealing.* restore the key"):
            keys.sealing_key()

    def test_a_file_others_can_read_is_refused(self, keys: Keys):
        keys.sealing_key()
        (self.directory / "sealing.wrapped").chmod(0o640)
        with pytest.raises(KeysError, match="by its owner only"):
            keys.sealing_key()

    def test_the_files_are_nothing_without_the_token(self, keys: Keys):
        keys.sealing_key()
        elsewhere = Pkcs11Keys(self.directory, self.token, label=f"{self.label}-elsewhere")
        with pytest.raises(KeysError, match="the key wrapping in the token, found none"):
            elsewhere.sealing_key()

    def test_a_lost_key_is_not_made_anew_when_it_may_not_be(self, keys: Keys):
        for trial in (
            lambda: self.again(may_make=False).signers(ORIGIN),
            lambda: self.again(may_make=False).sealing_key(),
        ):
            with pytest.raises(KeysError, match="begun with, found none; restore it"):
                trial()
        keys.signers(ORIGIN)
        (self.directory / "signing-ml-dsa-44-1.wrapped").unlink()
        with pytest.raises(KeysError, match="signing-ml-dsa-44-1 that this ledger was begun with"):
            self.again().signers(ORIGIN)

    def test_a_lost_pair_in_the_token_is_named(self, keys: Keys):
        keys.signers(ORIGIN)
        Token(self.token, label=self.label).destroy_pair("signing-1")
        with pytest.raises(KeysError, match="signing-1"):
            self.again(may_make=False).signers(ORIGIN)

    def test_two_keys_of_one_name_are_refused(self, keys: Keys):
        keys.signers(ORIGIN)
        Token(self.token, label=self.label).make_pair("signing-1")
        with pytest.raises(KeysError, match="one key signing-1 in the token, found 2"):
            keys.signers(ORIGIN)

    def test_half_a_generation_signs_nothing(self, keys: Keys):
        keys.signers(ORIGIN)
        keys._secret("signing-ml-dsa-44-2", may_make=True)  # type: ignore[attr-defined]
        assert len(keys.signers(ORIGIN)) == 2
        assert len(keys.renew(ORIGIN)) == 2

    def test_retired_keys_are_gone_from_token_and_files(self, keys: Keys):
        keys.signers(ORIGIN)
        keys.renew(ORIGIN)
        keys.retire(ORIGIN)
        assert Token(self.token, label=self.label).names() == ["signing-2"]
        assert [path.name for path in self.directory.iterdir()] == ["signing-ml-dsa-44-2.wrapped"]

    def test_a_period_cannot_lead_elsewhere(self, keys: Keys):
        with pytest.raises(KeysError):
            keys.pseudonym_key("../2026")

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"pin": "not this one"}, "expected the PIN of the token, found another"),
            ({"token": "no such token"}, "expected the token that was named, found none"),
            ({"module": "/nowhere/module.so"}, "expected the PKCS#11 module that was named"),
        ],
    )
    def test_what_is_wrong_is_one_sentence_without_the_pin(
        self, token: TokenPlace, tmp_path: Path, change: dict[str, str], sentence: str
    ):
        wrong = replace(token, **change)
        with pytest.raises(KeysError) as trouble:
            Pkcs11Keys(tmp_path, wrong).signers(ORIGIN)
        assert sentence in str(trouble.value)
        assert wrong.pin not in f"{trouble.value!r}{trouble.value.__cause__}{wrong!r}"
        assert trouble.value.__suppress_context__ or trouble.value.__context__ is None

    def test_a_wrong_pin_is_offered_to_the_token_once(self, token: TokenPlace, tmp_path: Path):
        """A program of its own, for this one has logged in already."""
        program = (
            "import sys\nfrom pathlib import Path\n"
            "from rekenschap.adapters.keys.pkcs11 import Pkcs11Keys\n"
            "from rekenschap.adapters.keys.token import TokenPlace\n"
            "place = TokenPlace(module=sys.argv[1], token=sys.argv[2], pin='not this one')\n"
            "Pkcs11Keys(Path(sys.argv[3]), place).signers('o')\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", program, token.module, token.token, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode
        assert "expected the PIN of the token, found another" in ended.stderr
        assert "not this one" not in ended.stderr
