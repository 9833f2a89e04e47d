# SPDX-License-Identifier: EUPL-1.2
"""Erasure: rows and all that could open them are gone, what stays can be proven, a crash harms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rekenschap.adapters.keys import verifier_of
from rekenschap.errors import InconsistentError, NotAuthorisedError, RefusedError, WrongLeafError
from rekenschap.house import House
from rekenschap.ledger import Ledger
from rekenschap.ledger.check import check
from rekenschap.ledger.copying import Site, repair
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.custody.orders import OrderAction, Rule
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.erasing import check_forgettable, erase, finish_erasures
from rekenschap.ledger.keeping.rewriting import entries_in
from rekenschap.ledger.prove import prove, verify
from rekenschap.ledger.rows.encoding import encode
from rekenschap.ledger.segments import columns_of
from rekenschap.ledger.tiles import Edge
from rekenschap.model.relations import CONSULTATION, ZAAK
from rekenschap.tlog.hashing import leaf_hashes
from tests.custody import ANNA, BRAM, CEES, DAY, NOW, STRANGER, TODAY, order, public, signed
from tests.ledgers import KEYS, ORIGIN, Place, content, facts, verifiers, with_identity

AFTER = NOW + 10**9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Looks in entries 1 to 40, zaken in 42 to 61, and three officers, two of whom an order needs."""
    place = Place(tmp_path_factory.mktemp("erasing") / "ledger")
    ledger = Ledger.create(store=place.store, anchor=place.anchor, keys=KEYS, origin=ORIGIN)
    ledger.append([(CONSULTATION, facts(CONSULTATION, 40, 1)), (ZAAK, facts(ZAAK, 20, 1))])
    begin_log_keys(ledger, KEYS, at=NOW)
    text = draft_officers(ledger, public(ANNA, BRAM, CEES), needed=2, at=NOW)
    put_statement(ledger, signed(text, (ANNA, BRAM, CEES)), at=NOW)
    return place


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Iterator[Place]:
    yield made.copy(tmp_path / "copy")


def ordered(ledger: Ledger, *spans: tuple[int, int], signers=(ANNA, BRAM), **kinds):
    head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
    return signed(order(head, entries=Ranges.of(spans), **kinds).to_text(), signers)


def unfinished(ledger: Ledger) -> Ranges:
    """Give the entries that are ordered to be erased and whose rows are still there."""
    erased, found = authority_of(ledger).erased, Ranges()
    for run in ledger.manifest.runs:
        for segment in ledger.manifest.sharing(run):
            found |= erased & entries_in(ledger, segment)
    return found


def bytes_of(place: Place) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(place.path.rglob("*")) if path.is_file())


def identities_of(place: Place) -> set[bytes]:
    """The identity of every row in every Parquet file that lies anywhere, whatever its name."""
    files = [path for path in place.path.rglob("*") if path.is_file() and path.read_bytes()[:4] == b"PAR1"]
    tables = [pq.read_table(pa.BufferReader(path.read_bytes())) for path in files]
    return {x for t in tables if "fact_id" in t.column_names for x in t.column("fact_id").to_pylist()}


def fact_id(ledger: Ledger, entry: int) -> bytes:
    opened = ledger.opened(entry)
    start = 9 + -(-len(opened.shape.layout) // 8)
    return opened.row[start : start + 16]


def test_erased_rows_are_gone_and_the_others_still_proven(place: Place):
    ledger = place.ledger()
    before = ledger.facts("consultation").table
    _, done = erase(ledger, ordered(ledger, (3, 9), (20, 21)), at=AFTER)
    assert (done.runs, done.rows) == (1, 7)
    left = place.ledger().facts("consultation")
    kept = [row for row in range(40) if row + 1 not in {*range(3, 9), 20}]
    assert left.entries.to_pylist() == [row + 1 for row in kept]
    assert left.table == before.take(pa.array(kept))
    for entry in (1, 9, 19, 21, 40, 45):
        assert verify(prove(place.ledger(), entry), verifiers()).entry == entry
    assert place.ledger().manifest.of("consultation", 41)[0].erased == 1


def test_the_tree_does_not_change(place: Place):
    ledger = place.ledger()
    erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    ledger = place.ledger()
    packs = b"".join(place.store.get(run.pack) for run in ledger.manifest.runs)
    assert Edge().grow(leaf_hashes(packs))[0].root() == ledger.checkpoint.root


def test_no_byte_of_an_erased_row_or_of_its_salt_is_left_anywhere(place: Place):
    ledger = place.ledger()
    run = ledger.manifest.at(5)
    secret = place.store.get(run.secret)
    gone, stays = ledger.opened(5), ledger.opened(30)
    identity, other = fact_id(ledger, 5), fact_id(ledger, 30)
    assert identity in identities_of(place)
    assert secret in bytes_of(place)
    erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    left = bytes_of(place)
    for trace in (secret, gone.salt, identity):
        assert trace not in left
    assert identities_of(place) & {identity, other} == {other}
    assert stays.salt == place.ledger().opened(30).salt


def test_nobody_can_guess_an_erased_value_back_from_its_commitment(place: Place):
    """With the salt every zaaktype can be tried; without it no try tells anything."""
    ledger = place.ledger()
    entry = 45
    opened, commitment = (
        ledger.opened(entry),
        place.store.get(ledger.manifest.at(entry).pack)[3 * 32 : 4 * 32],
    )
    part = ledger.part(ledger.opened(entry).segment)
    row = part.rows.slice(entry - 42, 1)
    at = part.rows.column_names.index("zaaktype")
    values = sorted({*part.rows.column("zaaktype").drop_null().to_pylist()})

    def guesses() -> list[bytes]:
        changed = (
            row.set_column(at, row.schema.field(at), pa.array([v], pa.string())) for v in [*values, None]
        )
        shape = part.shape
        return [encode(columns_of(x, shape.relation), shape.layout, head=shape.head)[0] for x in changed]

    assert commitment in {sha256(opened.salt + guess).digest() for guess in guesses()}
    erase(ledger, ordered(ledger, (entry, entry + 1)), at=AFTER)
    left = bytes_of(place)
    salts = {left[at : at + 16] for at in range(len(left) - 15)}
    tried = {sha256(salt + guess).digest() for guess in guesses() for salt in salts}
    assert commitment not in tried


def test_a_whole_run_leaves_commitments_only(place: Place):
    ledger = place.ledger()
    run = ledger.manifest.at(50)
    erase(ledger, ordered(ledger, (run.first, run.end)), at=AFTER)
    assert place.store.names(f"segments/{run.first:020d}") == [run.pack]
    assert place.store.names(run.secret) == []
    assert place.ledger().facts("zaak").table.num_rows == 0
    assert place.ledger().facts("consultation").table.num_rows == 40


def test_rows_are_erased_again_from_what_was_left(place: Place):
    ledger = place.ledger()
    erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    ledger = place.ledger()
    _, done = erase(ledger, ordered(ledger, (8, 12)), at=AFTER)
    assert done.rows == 3
    found = place.ledger()
    assert found.manifest.of("consultation", 41)[0].erased == 2
    assert found.facts("consultation").table.num_rows == 31
    assert verify(prove(found, 12), verifiers()).entry == 12


def test_a_row_that_is_gone_is_told_as_such(place: Place):
    ledger = place.ledger()
    erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    with pytest.raises(RefusedError, match="it was erased"):
        place.ledger().row(5)


@pytest.mark.parametrize("signers", [(ANNA,), (ANNA, ANNA), (ANNA, STRANGER)])
def test_without_two_officers_nothing_is_erased(place: Place, signers):
    ledger, before = place.ledger(), bytes_of(place)
    with pytest.raises(NotAuthorisedError, match="the signatures of 2 officers"):
        erase(ledger, ordered(ledger, (3, 9), signers=signers), at=AFTER)
    assert bytes_of(place) == before


def test_what_is_held_stays(place: Place):
    ledger = place.ledger()
    put_statement(ledger, ordered(ledger, (8, 9), action=OrderAction.HOLD), at=AFTER)
    with pytest.raises(NotAuthorisedError, match="held entry 8"):
        erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    put_statement(ledger, ordered(ledger, (8, 9), action=OrderAction.RELEASE), at=AFTER)
    assert erase(ledger, ordered(ledger, (3, 9)), at=AFTER)[1].rows == 6


def test_who_a_held_entry_names_is_not_forgotten(place: Place):
    ledger = place.ledger()
    looks = ledger.facts("consultation").table
    subjects = looks.column("subject").to_pylist()
    put_statement(ledger, ordered(ledger, (1, 2), action=OrderAction.HOLD), at=AFTER)
    check_forgettable(
        ledger, [token for token in subjects if token not in looks.slice(0, 1).to_pylist()[0].values()]
    )
    for column in ("subject", "staff"):
        with pytest.raises(NotAuthorisedError, match="entry 1, held"):
            check_forgettable(ledger, [b"somebody else...", looks.column(column)[0].as_py()])
    put_statement(ledger, ordered(ledger, (1, 2), action=OrderAction.RELEASE), at=AFTER)
    check_forgettable(ledger, subjects)


@pytest.mark.parametrize("spans", [(0, 2), (40, 43), (41, 42), (62, 63), (63, 64)])
def test_schemas_and_statements_stay(place: Place, spans: tuple[int, int]):
    ledger = place.ledger()
    with pytest.raises(RefusedError, match="expected only entries of facts"):
        erase(ledger, ordered(ledger, spans), at=AFTER)


def test_an_entry_younger_than_its_term_stays(place: Place):
    ledger = place.ledger()
    recorded = int(ledger.facts("consultation").table.column("recorded_at").cast(pa.int64())[0].as_py())
    days = (NOW - recorded) // DAY
    assert days > 2
    with pytest.raises(NotAuthorisedError, match=f"at least {days + 1} days before"):
        erase(ledger, ordered(ledger, (3, 9), rule=Rule.TERM, term=days + 1), at=AFTER)
    assert erase(ledger, ordered(ledger, (3, 9), rule=Rule.TERM, term=days - 1), at=AFTER)[1].rows == 6


def test_an_order_that_lay_waiting_while_another_came_is_signed_anew(place: Place):
    ledger = place.ledger()
    waiting = ordered(ledger, (3, 9))
    put_statement(ledger, ordered(ledger, (30, 31), action=OrderAction.HOLD), at=AFTER)
    with pytest.raises(NotAuthorisedError, match="expected statement 4"):
        erase(ledger, waiting, at=AFTER)


def test_nothing_is_taken_out_of_a_ledger_of_version_1(place: Place):
    place.write("ledger.json", place.store.get("ledger.json").replace(b'"version": 2', b'"version": 1'))
    ledger = place.ledger()
    with pytest.raises(RefusedError, match="version 2 or later"):
        erase(ledger, ordered(ledger, (3, 9)), at=AFTER)
    assert ledger.facts("erasure").table.num_rows == 0


def test_a_damaged_run_is_not_touched(place: Place):
    ledger = place.ledger()
    segment = ledger.opened(5).segment
    rows = place.rows(segment)
    changed = rows.set_column(rows.column_names.index("register"), "register", pa.array(["X"] * 40))
    place.overwrite(segment, changed)
    with pytest.raises(WrongLeafError, match="before any of them is erased"):
        erase(place.ledger(), ordered(ledger, (3, 9)), at=AFTER)
    assert place.store.names(segment.secret) == [segment.secret]


class PowerCutError(Exception):
    """The machine stops here."""


def cut_at(place: Place, monkeypatch: pytest.MonkeyPatch, step: int, *, after: bool) -> None:
    """Let the store fail at the given change of it, before or after the change is made."""
    counted = {"changes": 0}
    store = type(place.store)

    def failing(real):
        def change(self, *given):
            counted["changes"] += 1
            if counted["changes"] < step:
                return real(self, *given)
            if after and counted["changes"] == step:
                real(self, *given)
            raise PowerCutError

        return change

    for name in ("put", "remove", "replace"):
        monkeypatch.setattr(store, name, failing(getattr(store, name)))


def check_reads_on(place: Place) -> None:
    """An outsider with the published checkpoint sees at most that an append was broken off beyond it."""
    try:
        check(place.store, anchor=None, verifiers=verifiers(), workers=1)
    except InconsistentError as alarm:
        assert "not covered by a checkpoint" in str(alarm)


@pytest.mark.parametrize("after", [False, True])
def test_wherever_it_is_broken_off_it_is_done_or_not_ordered(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
):
    ledger = place.ledger()
    note, erased = ordered(ledger, (3, 9), (45, 47)), {*range(3, 9), 45, 46}
    known = {entry: fact_id(ledger, entry) for entry in [*range(1, 41), *range(42, 62)]}
    half_done = finished = 0
    for step in range(1, 60):
        copy = place.copy(tmp_path / f"{step}")
        with monkeypatch.context() as patched:
            cut_at(copy, patched, step, after=after)
            try:
                erase(copy.ledger(), note, at=AFTER)
                finished += 1
            except PowerCutError:
                pass
        again = copy.ledger()
        is_ordered = bool(authority_of(again).erased)
        entries = set(
            again.facts("consultation").entries.to_pylist() + again.facts("zaak").entries.to_pylist()
        )
        assert entries >= {*range(1, 41), *range(42, 62)} - erased
        if not is_ordered:
            assert entries >= erased
        half_done += bool(unfinished(again))
        if is_ordered and copy.store.get("checkpoint") == copy.anchor.latest()[1]:
            try:
                told = check(copy.store, anchor=copy.anchor, verifiers=verifiers(), workers=1)
            except InconsistentError as alarm:  # while the ledger was to be told that all is gone
                assert "not covered by a checkpoint" in str(alarm)
                assert not unfinished(again)
            else:
                assert told.erased + told.pending == len(erased)
                assert told.pending == len(unfinished(again))
        finish_erasures(again)
        check_reads_on(copy)
        again.append([])
        finish_erasures(again)
        if is_ordered:
            assert not identities_of(copy) & {
                identity for entry, identity in known.items() if entry in erased
            }
            assert not unfinished(copy.ledger())
            told = check(copy.store, anchor=None, verifiers=verifiers(), workers=1)
            assert (told.erased, told.pending, told.leftovers) == (len(erased), 0, ())
            finish_erasures(copy.ledger(), at=AFTER)
            assert check(copy.store, anchor=copy.anchor, verifiers=verifiers(), workers=1).unclosed == 0
            assert copy.store.names("secrets/00000000000000000001") == []
            assert copy.store.names("secrets/00000000000000000042") == []
        for entry in (1, 20, 44, 61):
            assert verify(prove(copy.ledger(), entry), verifiers()).entry == entry
        if finished:
            break
    assert finished
    assert half_done >= 3


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house whose sequencer took in looks and zaken by turns, and that has two officers."""
    monkeypatch.setattr("rekenschap.house.microseconds_now", lambda: AFTER)
    made = House.at(tmp_path / "house")
    made.ledger(origin=ORIGIN)
    with made.sequencer(background=False) as sequencer:
        for seed in range(6):
            sequencer.append(CONSULTATION, facts(CONSULTATION, 5, seed))
            sequencer.append(ZAAK, facts(ZAAK, 3, seed))
    ledger = made.ledger(origin=ORIGIN)
    begin_log_keys(ledger, made.keys, at=NOW)
    text = draft_officers(ledger, public(ANNA, BRAM), needed=2, at=NOW)
    put_statement(ledger, signed(text, (ANNA, BRAM)), at=NOW)
    return made


def test_rows_go_from_a_run_in_which_kinds_alternate_and_from_the_journal(house: House, tmp_path: Path):
    ledger, place = house.ledger(origin=ORIGIN), Place(house.ledger_path)
    run = ledger.manifest.at(1)
    assert run.mixed
    entry = ledger.facts("consultation").entries.to_pylist()[7]
    identity, opened = fact_id(ledger, entry), ledger.opened(entry)
    looks, zaken = ledger.facts("consultation").table, ledger.facts("zaak").table
    erase(ledger, ordered(ledger, (entry, entry + 1)), at=AFTER)
    after = house.ledger(origin=ORIGIN)
    assert after.facts("zaak").table == zaken
    assert after.facts("consultation").table.num_rows == looks.num_rows - 1
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert identity not in everything and opened.row not in everything
    assert identity not in identities_of(place)
    assert place.store.names(run.secret) == []
    for other in (run.first, entry + 1, run.end - 1):
        assert verify(prove(after, other), tuple(map(verifier_of, house.keys.verifier_texts(ORIGIN))))
    with house.sequencer(background=False) as sequencer:
        sequencer.append(ZAAK, with_identity(content(ZAAK, 2, 99), ZAAK, recorded_at=AFTER))
    assert house.ledger(origin=ORIGIN).facts("zaak").table.num_rows == zaken.num_rows + 2


def test_every_row_of_one_kind_goes_and_the_others_stay(house: House):
    ledger = house.ledger(origin=ORIGIN)
    entries = ledger.facts("consultation").entries.to_pylist()
    _, done = erase(ledger, ordered(ledger, *((e, e + 1) for e in entries)), at=AFTER)
    after = house.ledger(origin=ORIGIN)
    assert done.rows == len(entries) == 30
    assert after.facts("consultation").table.num_rows == 0
    assert after.facts("zaak").table.num_rows == 18
    assert not [name for name in after.store.names("segments/") if "-consultation-" in name]


def test_a_copy_from_before_an_erasure_does_not_bring_the_rows_back(place: Place, tmp_path: Path):
    before = place.copy(tmp_path / "before")
    erase(place.ledger(), ordered(place.ledger(), (3, 9)), at=AFTER)
    after = bytes_of(place)
    damaged = next(name for name in place.store.names("segments/") if name.endswith(".pack"))
    whole = place.store.get(damaged)
    place.store.replace(damaged, whole[:-1])
    mended = repair(
        Site(store=place.store, anchor=place.anchor),
        Site(store=before.store, anchor=before.anchor),
        verifiers=verifiers(),
        put_aside=lambda *_: None,
    )
    assert mended == (damaged,)
    assert bytes_of(place) == after
