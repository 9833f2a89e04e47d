# SPDX-License-Identifier: EUPL-1.2
"""What the register says about how long looks are kept is carried out: nothing is left, and it is proven.

Searched byte for byte in every file of the house, and in every cell of every Parquet file: they are packed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from rekenschap.adapters.keys.own_file import make_own_key, read_own_key
from rekenschap.audit.citizens import offer
from rekenschap.audit.deriving import derive
from rekenschap.audit.desk import DeskFact, append_desk_facts
from rekenschap.audit.desk.people import reading
from rekenschap.audit.forgetting import drop_outdated
from rekenschap.audit.register import Decided, put_on_record
from rekenschap.house import ORIGIN, PERIOD, House
from rekenschap.intake import token_of
from rekenschap.ledger.custody.publickeys import verifier_of
from rekenschap.ledger.keeping import put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.register import Version
from tests.custody import signed
from tests.journeys.commands import Ran, rekenschap

NOW = datetime.now(UTC).replace(microsecond=0)
OLD = NOW - timedelta(days=40)
GONE, STAYS = "veld-dat-weg-moet", "veld-dat-blijft"
OLD_CITIZEN, CITIZEN = "999990019", "999990032"
"""The first stands in looks that lapse only; each number is invented."""


def look(days: int, citizen: str, fields: str, **named: str) -> DeskFact:
    return DeskFact(
        relation="consultation",
        values={
            "looked_at": NOW - timedelta(days=days), "staff": "mw-1", "subject": citizen, "register": "BRP",
            "fields": fields, **named,
        },
    )  # fmt: skip


def zaak(name: str, citizen: str, activity: str) -> DeskFact:
    return DeskFact(
        relation="zaak",
        values={
            "zaak": name, "subject": citizen, "registered_at": NOW - timedelta(days=500), "handler": "mw-1",
            "processing_activity": activity,
        },
    )  # fmt: skip


def entry_of(name: str, kept: int | None) -> Version:
    return Version(
        key=name, edition=1, name=name, purpose="werk", legal_basis="e", law="Wet X art. 1",
        valid_from=NOW - timedelta(days=2000), retention_period=3653, looks_kept=kept,
        retention_law="Selectielijst 14.1",
    )  # fmt: skip


BEFORE = (
    *(look(41 + n, OLD_CITIZEN, GONE, processing_activity="VA-01") for n in range(5)),
    *(look(50 + n, CITIZEN, STAYS, processing_activity="VA-02") for n in range(3)),
    look(60, OLD_CITIZEN, GONE, zaak="Z-1"),
    look(61, CITIZEN, STAYS, zaak="Z-2"),
    look(62, CITIZEN, STAYS),
)
LATER = tuple(look(1 + n, CITIZEN, STAYS, processing_activity="VA-01") for n in range(4))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of which the register says that looks of one activity are kept a month, and two officers."""
    root = tmp_path_factory.mktemp("retention")
    house = House.at(root / "house")
    zaken = [zaak("Z-1", CITIZEN, "VA-01"), zaak("Z-2", CITIZEN, "VA-02")]
    append_desk_facts(house, [*zaken, *BEFORE], ledger=house.ledger(origin=ORIGIN), now=OLD, source="balie")
    append_desk_facts(house, LATER, ledger=house.ledger(origin=ORIGIN), now=NOW, source="balie")
    told = (entry_of("VA-01", 30), entry_of("VA-02", None))
    put_on_record(house, told, Decided(by="mw-9", because="eerste inlezing", at=NOW))
    at = int(NOW.timestamp() * 1_000_000)
    ledger = house.ledger(origin=ORIGIN)
    officers = [make_own_key(root / f"{name}.key", f"example.org/officer-{name}") for name in "ab"]
    begin_log_keys(ledger, house.keys, at=at)
    public = [verifier_of(each.key.to_text()) for each in officers]
    put_statement(ledger, signed(draft_officers(ledger, public, needed=2, at=at), officers), at=at)
    derive(house, seed=1, now=NOW)
    offer(root / "house", now=NOW)
    return root


@pytest.fixture
def place(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "copy", symlinks=True))


def orders(place: Path, *words: str) -> tuple[dict[str, object], list[Path]]:
    asked = ("--out", place, "--home", place / "house", "--json")
    told = rekenschap("register", "retention", *words, *asked).told
    return told, [Path(each) for each in told["orders"]]


def sign(place: Path, paper: Path) -> Path:
    for name in "ab":
        assert rekenschap("keys", "sign", paper, "--key", place / f"{name}.key").code == 0
    return paper


def erase(place: Path) -> Ran:
    _, (paper,) = orders(place)
    return rekenschap("erase", sign(place, paper), "--home", place / "house")


def held_values(home: Path) -> list[bytes]:
    """What must be nowhere: the words of the rows, and the citizen in each form a file could have."""
    token = token_of(House.at(home).keys.pseudonym_key(PERIOD), "subject", OLD_CITIZEN)
    hi = int.from_bytes(token[:8], "big", signed=True)
    return [GONE.encode(), OLD_CITIZEN.encode(), token, token[:8], token[7::-1], str(hi).encode()]


def places_of(home: Path, values: list[bytes]) -> Iterator[str]:
    """Name every file that holds one of these values; `sealed/` and `keys/` never leave the house."""
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        if path.is_file() and not name.startswith(("sealed/", "keys/")):
            blobs = [path.read_bytes(), *(_cells(path) if path.suffix == ".parquet" else ())]
            if any(value in blob for value in values for blob in blobs):
                yield name


def _cells(path: Path) -> Iterator[bytes]:
    """Every value of a Parquet file, unpacked, as it would be written plainly."""
    for column in pq.read_table(path).columns:
        for value in column.unique().to_pylist():
            if isinstance(value, int) and not isinstance(value, bool):
                yield value.to_bytes(8, "big", signed=True)
            elif value is not None:
                yield value if isinstance(value, bytes) else str(value).encode()


def test_what_is_due_follows_from_what_it_was_for_also_by_its_zaak(place: Path) -> None:
    told, papers = orders(place)
    assert told["due"] == [
        {"keys": ["VA-01"], "days": 30, "law": "Selectielijst 14.1", "count": 6, "held": 0}
    ]
    assert told["without"] == 1, "a look of which nobody said how long it is kept"
    assert "term 30" in papers[0].read_text()


def test_a_term_of_the_relation_counts_for_what_names_no_activity(place: Path) -> None:
    (place / "terms.toml").write_text('[terms.consultation]\ndays = 20\nlaw = "Archiefwet"\n')
    told = rekenschap(
        "register", "retention", "--terms", place / "terms.toml", "--out", place, "--home", place / "house",
        "--json",
    ).told  # fmt: skip
    assert [(each["days"], each["keys"], each["count"]) for each in told["due"]] == [
        (20, [], 1), (30, ["VA-01"], 6),
    ]  # fmt: skip
    assert told["without"] == 0


def test_after_retention_no_file_holds_what_went_and_every_proof_still_holds(place: Path) -> None:
    home = place / "house"
    values = held_values(home)
    before = set(places_of(home, values))
    for room in ("ledger/segments/", "derived/", "citizen/offered/"):
        assert any(name.startswith(room) for name in before), "the search must be able to find it"
    facts = reading(House.at(home)).facts("consultation")
    entry_with = dict(
        zip(facts.table.column("fields").to_pylist(), facts.entries.to_pylist(), strict=True)
    )  # the last of each
    proof, old = place / "proof.json", place / "checkpoint"
    assert rekenschap("prove", entry_with[STAYS], "--ledger", home, "--out", proof).code == 0
    gone = place / "gone.json"
    assert rekenschap("prove", entry_with[GONE], "--ledger", home, "--out", gone).code == 0
    shutil.copy(home / "ledger" / "checkpoint", old)
    key = shutil.copy(home / "public-keys.txt", place / "public-keys.txt")

    done = erase(place)

    assert done.code == 0, done.err
    assert "6 rijen" in done.out
    assert set(places_of(home, values)) == set()
    checked = rekenschap("check", home / "ledger", "--public-key", key, "--against", old, "--json")
    assert (checked.code, checked.told["erased"]) == (0, 6), checked.err
    assert rekenschap("verify", proof, "--public-key", key).code == 0
    assert rekenschap("verify", gone, "--public-key", key).code == 0, "an old proof of what went still holds"
    left = reading(House.at(home)).facts("consultation").table
    assert left.num_rows == len(BEFORE) + len(LATER) - 6
    assert set(left.column("fields").to_pylist()) == {STAYS}
    (told,) = rekenschap("register", "erasures", "--home", home, "--json").told["orders"]
    assert (told["action"], told["count"], told["left"], told["rule"]) == ("erase", 6, 0, "term")
    assert sorted(told["signed_by"]) == ["example.org/officer-a", "example.org/officer-b"]
    assert orders(place)[1] == [], "nothing is due twice"
    told, (paper,) = orders(place, "--forget")
    assert (told["due"], told["forget"]) == ([], 1), "of the one citizen nothing is left"
    opening = place / f"{paper.name}.opening"
    token = token_of(House.at(home).keys.pseudonym_key(PERIOD), "subject", OLD_CITIZEN)
    assert _unsealed(home, token) == OLD_CITIZEN
    done = rekenschap("forget", sign(place, paper), "--opening", opening, "--home", home)
    assert done.code == 0, done.err
    with pytest.raises(Exception, match="forgotten"):
        _unsealed(home, token)
    assert not opening.exists()
    assert orders(place, "--forget")[1] == []
    assert rekenschap("check", home).code == 0


def test_what_is_held_stays_and_is_counted(place: Path) -> None:
    home = place / "house"
    entries = reading(House.at(home)).facts("consultation").entries.to_pylist()
    told, _ = orders(place)
    paper = place / "hold.txt"
    asked = ("--law", "AVG art. 17 lid 3", "--reason", "onderzoek 4", "--out", paper, "--home", home)
    first = min(entries)
    assert rekenschap("order", "hold", "--entries", f"{first}-{first + 4}", *asked).code == 0
    assert rekenschap("hold", sign(place, paper), "--home", home).code == 0
    told, _ = orders(place)
    assert told["due"][0]["held"] + told["due"][0]["count"] == 6
    assert told["due"][0]["held"] >= 1
    assert erase(place).code == 0
    assert GONE in reading(House.at(home)).facts("consultation").table.column("fields").to_pylist()
    listed = rekenschap("register", "erasures", "--home", home, "--language", "en")
    assert "held, 5" in listed.out
    assert "erased" in listed.out


def test_a_derivation_from_before_an_erasure_goes_whoever_finished_it(place: Path) -> None:
    home = place / "house"
    kept = shutil.copytree(home / "derived", place / "derived-before")
    assert erase(place).code == 0
    name = next(each.name for each in kept.iterdir() if each.is_dir())
    shutil.copytree(kept / name, home / "derived" / name)
    assert list(places_of(home, held_values(home))) != []
    assert drop_outdated(House.at(home)) == 1
    assert list(places_of(home, held_values(home))) == []


def test_who_a_citizen_is_can_be_destroyed_also_in_an_older_backup_and_proofs_hold(place: Path) -> None:
    """Of the sealed original no key is left in the house; the proof of a look at them is as good as ever."""
    home = place / "house"
    token = token_of(House.at(home).keys.pseudonym_key(PERIOD), "subject", CITIZEN)
    proof, paper = place / "proof.json", place / "forget.txt"
    entries = reading(House.at(home)).facts("consultation").entries.to_pylist()
    assert rekenschap("prove", max(entries), "--ledger", home, "--out", proof).code == 0
    originals = place / "originals-of-yesterday.sqlite"
    shutil.copy(home / "sealed" / "originals.sqlite", originals)
    asked = ("--rule", "request", "--law", "AVG art. 17", "--reason", "verzoek 88", "--out", paper)
    assert rekenschap("order", "forget", "--token", _base64(token), *asked, "--home", home).code == 0
    opening = place / "forget.txt.opening"
    done = rekenschap("forget", sign(place, paper), "--opening", opening, "--home", home)
    assert done.code == 0, done.err
    shutil.copy(originals, home / "sealed" / "originals.sqlite")  # the sealed text, from an older backup
    with pytest.raises(Exception, match="forgotten"):
        _unsealed(home, token)
    assert rekenschap("check", home).code == 0
    assert rekenschap("verify", proof, "--public-key", home / "public-keys.txt").code == 0


def _base64(token: bytes) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(token).decode().rstrip("=")


def _unsealed(home: Path, token: bytes) -> str:
    from rekenschap.audit.intake import opened_door

    with opened_door(House.at(home)) as door:
        return door.originals.unseal(token)


def test_the_officers_sign_what_they_can_read(place: Path) -> None:
    _, (paper,) = orders(place)
    text = paper.read_text()
    assert "VA-01" in text
    assert OLD_CITIZEN not in text
    assert read_own_key(place / "a.key") is not None
