# SPDX-License-Identifier: EUPL-1.2
"""An outsider checks a ledger against what was kept elsewhere, with the commands."""

import shutil
from pathlib import Path

import pytest

from rekenschap.errors import ForkError
from rekenschap.house import House
from rekenschap.model.relations import CONSULTATION
from rekenschap.tlog.note import Note, sign_text
from tests.journeys.commands import rekenschap
from tests.ledgers import KEYS, ORIGIN, Place, facts, make_place
from tests.seams.test_timestamp import Office
from tests.seams.test_witness import served_by, served_command
from tests.witnessing import Signers, Tree


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path / "ledger", (20, 30))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "public-keys.txt"
    path.write_text("\n".join(KEYS.verifier_texts(ORIGIN)) + "\n", encoding="utf-8")
    return path


def check(place: Place, keys: Path, *more: object):
    return rekenschap("check", place.path, "--public-key", keys, "--language", "en", *more)


def kept(tmp_path: Path, name: str, raw: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def test_a_ledger_contains_what_was_kept_signed_and_typed(place: Place, keys: Path, tmp_path: Path):
    note = kept(tmp_path, "mailed.txt", place.anchor.history()[1][1])
    text = Note.from_bytes(place.store.get("checkpoint")).text
    typed = kept(tmp_path, "typed.txt", text.encode())
    ran = check(place, keys, "--against", note, "--against", typed)
    assert ran.code == 0, ran.err
    assert "Contains the checkpoint of 32 entries that was kept elsewhere, signed" in ran.out
    assert "It carries no signature" in ran.out
    assert "seen only with a checkpoint kept elsewhere" not in ran.out
    told = check(place, keys, "--against", note, "--json").told
    assert told["against"] == [{"size": 32, "signed": True}]


def test_a_ledger_that_was_put_back_is_an_alarm_that_names_the_sizes(
    place: Place, keys: Path, tmp_path: Path
):
    note = kept(tmp_path, "mailed.txt", make_place(tmp_path / "more", (20, 30, 40)).store.get("checkpoint"))
    ran = check(place, keys, "--against", note)
    assert ran.code == 5
    assert "at least 137 entries" in ran.err
    assert "found one of 77" in ran.err


def test_another_history_is_an_alarm(place: Place, keys: Path, tmp_path: Path):
    note = kept(tmp_path, "mailed.txt", make_place(tmp_path / "other", (20,)).store.get("checkpoint"))
    ran = check(place, keys, "--against", note)
    assert ran.code == 5
    assert "the first 32 of 77 entries" in ran.err


@pytest.mark.parametrize("option", ["--against", "--since", "--policy", "--timestamp-roots"])
@pytest.mark.parametrize("content", [b"no checkpoint\n", b"", b"\n", None])
def test_a_file_that_is_not_what_was_asked_says_nothing_of_the_ledger(
    place: Place, keys: Path, tmp_path: Path, option: str, content: bytes | None
):
    path = tmp_path / "missing.txt" if content is None else kept(tmp_path, "kept.txt", content)
    ran = check(place, keys, option, path)
    assert ran.code == 4, ran.err
    assert ran.err.count("\n") == 1
    assert "--public-key" not in ran.err
    assert ("an empty file" in ran.err) == (content is not None and not content.strip())


def test_the_witnesses_a_policy_asks_are_counted_or_missed(place: Place, keys: Path, tmp_path: Path):
    signers = Signers()
    lines = f"witness one {signers.texts[1]}\nquorum one\n"
    policy = kept(tmp_path, "policy.txt", lines.encode())
    without = check(place, keys, "--policy", policy)
    assert without.code == 5
    assert "quorum one" in without.err
    note = Note.from_bytes(place.store.get("checkpoint"))
    cosigned = note.with_signatures([sign_text(note.text, signers.pairs[1], 1_790_000_001)])
    place.store.replace("checkpoint", cosigned.to_bytes())
    ran = check(place, keys, "--policy", policy)
    assert ran.code == 0, ran.err
    assert "Witnesses (1) cosigned up to 77 entries" in ran.out
    assert check(place, keys, "--policy", policy, "--json").told["witnessed"] == 77


def test_a_policy_that_is_none_is_one_sentence(place: Place, keys: Path, tmp_path: Path):
    ran = check(place, keys, "--policy", kept(tmp_path, "policy.txt", b"quorum nobody\n"))
    assert ran.code == 4
    assert "quorum" in ran.err


def test_a_witness_is_made_once_and_refuses_without_its_memory(tmp_path: Path):
    home = tmp_path / "witness"
    made = rekenschap("witness", "keys", "--home", home, "--name", "witness.example/w1", "--json")
    assert made.code == 0, made.err
    assert made.told["new"]
    again = rekenschap("witness", "keys", "--home", home, "--json")
    assert again.told == made.told | {"new": False}
    assert (home / "public-keys.txt").read_text().splitlines() == made.told["public_keys"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (home / "keys").iterdir())
    (home / "logs.txt").write_text("\n".join(Tree().keys.verifier_texts(ORIGIN)), encoding="utf-8")
    (home / "memory.db").unlink()
    ran = rekenschap("witness", "serve", "--home", home)
    assert ran.code == 4
    assert "retire this key" in ran.err


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with a ledger of one day."""
    made = House.at(tmp_path / "house")
    made.ledger(origin=ORIGIN).append([(CONSULTATION, facts(count=30, seed=1))])
    return made


def append(house: House, seed: int) -> int:
    ledger = House.at(house.root).ledger(origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(count=10, seed=seed))])
    return ledger.size


def test_a_house_with_a_witness_elsewhere_cannot_be_put_back(house: House, tmp_path: Path):
    """Two organisations, a policy, a day of work, and somebody who puts back the whole directory."""
    witness = tmp_path / "witness"
    texts = rekenschap("witness", "keys", "--home", witness, "--json").told["public_keys"]
    shutil.copy(house.public_keys_path, witness / "logs.txt")
    with served_command(witness) as url:
        lines = [f"log {text}" for text in house.keys.verifier_texts(ORIGIN)]
        lines += [f"witness elsewhere {texts[1]} {url}", "quorum elsewhere"]
        policy = kept(house.root, "policy.txt", "".join(f"{line}\n" for line in lines).encode())
        kept(house.root, "rekenschap.toml", b'policy = "policy.txt"\n')
        append(house, 2)
        shutil.copytree(house.ledger_path, tmp_path / "yesterday")
        size = append(house, 3)
        ran = rekenschap("check", house.root, "--policy", policy, "--language", "en")
        assert ran.code == 0, ran.err
        assert f"Witnesses (1) cosigned up to {size} entries" in ran.out
        shutil.rmtree(house.ledger_path)
        shutil.copytree(tmp_path / "yesterday", house.ledger_path)
        assert rekenschap("check", house.root, "--policy", policy).code == 0
        with pytest.raises(ForkError, match=f"cosigned one of {size}"):
            append(house, 4)
    # With the witness away the intake goes on, and the check says how far it is behind.
    then = House.at(house.root).ledger(origin=ORIGIN).size
    size = append(house, 5)
    ran = rekenschap("check", house.root, "--policy", policy, "--language", "en")
    assert ran.code == 0, ran.err
    assert f"cosigned up to {then} entries, the last at 20" in ran.out
    assert f"Without a witness as yet: the last {size - then} entries" in ran.out
    told = rekenschap("check", house.root, "--policy", policy, "--json").told
    assert (told["size"], told["published"], told["witnessed"]) == (size, then, then)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="expected openssl, found none")
def test_a_checkpoint_is_stamped_and_checked(house: House, tmp_path: Path):
    office = Office.opened(tmp_path / "office")
    with served_by(office.answers) as url:
        none = rekenschap("timestamp", "--home", house.root)
        assert none.code == 4
        kept(house.root, "rekenschap.toml", f'timestamps = "{url}/tsr"\n'.encode())
        ran = rekenschap("timestamp", "--home", house.root)
        assert ran.code == 0, ran.err
        assert "timestamps/31-1.tsr" in ran.out
    silent = rekenschap("timestamp", "--home", house.root)
    assert silent.code == 4
    assert "nobody who answers" in silent.err
    append(house, 2)
    roots = office.path / "root.pem"
    ran = rekenschap("check", house.root, "--timestamp-roots", roots, "--language", "en", "--json")
    assert ran.code == 0, ran.err
    assert [each["size"] for each in ran.told["timestamps"]] == [31]
    other = Office.opened(tmp_path / "other")
    assert rekenschap("check", house.root, "--timestamp-roots", other.path / "root.pem").code == 5
