# SPDX-License-Identifier: EUPL-1.2
"""How many looks a second our ledger keeps durably, beside hash chains in PostgreSQL and SQLite and a Merkle
tree of pymerkle; and what one proof and one look on disk cost. Usage: ./run bench ledger [--quick]"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import pyarrow as pa
from appends import Grid, Load, System, as_json, in_rounds, lines
from invented import SEED, START, fresh, look_content, somewhere, town_looks
from measure import Sheet, asked, in_turn, note, print_table, ready
from ours import Ours, Place, Theirs, encoded
from peers import (
    PostgresqlCarriedChain,
    PostgresqlChain,
    PostgresqlLastRowChain,
    PymerkleTree,
    SqliteChain,
    SqliteGroupChain,
    why_not,
)

from rekenschap.ledger.identity import with_identity
from rekenschap.ledger.prove import prove, verify
from rekenschap.model.relations import CONSULTATION

PRODUCERS, BATCHES = (1, 8, 64), (1, 100, 1_000)
LARGE = [Load(producers=8, batch=batch) for batch in BATCHES[1:]]
ALL_SINGLE = [Load(producers=many, batch=1) for many in PRODUCERS]
MANY, ALONE = Load(producers=64, batch=1), Load(producers=1, batch=1)
BYTES_LIMIT, P99_LIMIT = 75, 10.0
TOWN_DAYS = 92


def appends(facts: pa.Table, place: Path, *, quick: bool) -> tuple[Grid, Grid]:
    """Measure durable appends of us and of every peer that is here; apart, other forms of trigger and us."""
    rows, server = encoded(facts), not why_not()
    rounds, seconds = (1, 0.12) if quick else (3, 1.0)
    with ExitStack() as open_:

        def theirs(*kinds: type) -> list[Theirs]:
            found = [Theirs(kind(), rows) for kind in kinds]
            for each in found:
                each.peer.start(fresh(place / each.name))
                open_.callback(each.peer.stop)
            return found

        ours, chain = Ours(place / "ours", facts), theirs(*[PostgresqlChain] * server)
        others = theirs(SqliteChain, SqliteGroupChain, PymerkleTree)
        loads = [Load(producers=many, batch=batch) for batch in BATCHES for many in PRODUCERS]
        if quick:  # a chain with a head row takes minutes for 64 large batches at once
            loads = [each for each in loads if each.batch == 1 or each.producers < MANY.producers]
        grid = in_rounds([ours, *chain, *others], loads, rounds=rounds, seconds=seconds)
        columns = Ours(place / "ours", facts, from_columns=True)
        grid |= in_rounds([columns], ALL_SINGLE, rounds=1, seconds=seconds)
        # The other forms of trigger, where they differ: in large batches.
        forms = theirs(*[PostgresqlLastRowChain, PostgresqlCarriedChain] * server)
        apart = in_rounds([ours, *forms], LARGE, rounds=rounds, seconds=seconds) if forms else {}
    return grid, apart


def compare_appends(sheet: Sheet, grid: Grid, apart: Grid) -> None:
    """Divide our rates by theirs."""
    names = {name for _, name in grid if not name.startswith(Ours.name)}
    for load in LARGE:
        mine = grid[load, Ours.name].rate
        for name in sorted(names - {SqliteGroupChain.name, SqliteChain.name}):
            sheet.ratios[f"{name}_batch_{load.batch}"] = mine / grid[load, name].rate
        for name in sorted({name for _, name in apart} - {Ours.name}):
            sheet.ratios[f"{name}_batch_{load.batch}"] = apart[load, Ours.name].rate / apart[load, name].rate
        best = max(grid[load, kind.name].rate for kind in (SqliteChain, SqliteGroupChain))
        sheet.ratios[f"sqlite_chain_batch_{load.batch}"] = mine / best
    for ratio, load in (("best_peer_batch_1", MANY), ("best_peer_batch_1_alone", ALONE)):
        best = max(found.rate for (at, name), found in grid.items() if at == load and name in names)
        sheet.ratios[ratio] = grid[load, Ours.name].rate / best
    sheet.ratios["p99_limit"] = P99_LIMIT / grid[MANY, Ours.name].p99
    sheet.more["appends"] = as_json(grid)
    sheet.more["other_forms"] = as_json(apart)


def bare_writes(sheet: Sheet, facts: pa.Table, place: Path, *, quick: bool) -> None:
    """Measure the limit of the disk: the bytes that 8 producers give at once, written and synced, no more."""
    rows, seconds = b"".join(encoded(facts)), 0.1 if quick else 1.0
    path = fresh(place / "bare") / "bytes"
    for batch in BATCHES:
        some = rows[: 8 * batch * len(rows) // len(facts)]
        file = os.open(path, os.O_RDWR | os.O_CREAT)
        os.pwrite(file, bytes(8 * len(some)), 0)
        os.fsync(file)
        began, times = perf_counter(), 0
        while (took := perf_counter() - began) < seconds:
            os.pwrite(file, some, times % 8 * len(some))
            os.fdatasync(file)
            times += 1
        os.close(file)
        sheet.figures[f"bare_writes_rows_per_second_batch_{batch}"] = times * 8 * batch / took


def kept(sheet: Sheet, place: Path, *, quick: bool) -> None:
    """Keep many looks until nothing is left to do: ours signed, sealed, read back; theirs in the database."""
    note("the same looks to the end: ours")
    load, calls = Load(producers=8, batch=1_000), 10 if quick else 250
    facts = with_identity(look_content(64_000), CONSULTATION, recorded_at=START)
    ours, theirs = Ours(place / "kept", facts), SqliteGroupChain()
    mine = _seconds(lambda: _all_of(ours, load, calls))
    note("the same looks to the end: the chain")
    theirs.start(fresh(place / "kept-chain"))
    chain = Theirs(theirs, encoded(facts))
    other = _seconds(lambda: (_all_of(chain, load, calls), theirs.bytes_kept()))
    theirs.stop()
    rows = load.producers * load.batch * calls
    sheet.ratios["sqlite_chain_until_sealed"] = other / mine
    sheet.figures |= {"until_sealed_rows_per_second": rows / mine, "chain_rows_per_second": rows / other}


def _all_of(system: System, load: Load, times: int) -> None:
    with system.calls(load.producers, load.batch) as calls, ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(lambda call: [call() for _ in range(times)], calls))


def proofs(sheet: Sheet, place: Path, *, facts: int, quick: bool) -> None:
    """Prove one fact of many, in a program that just began and in one that runs on; then verify it."""
    note(f"a ledger of {facts:,} looks, and a tree of pymerkle")
    table = with_identity(look_content(facts), CONSULTATION, recorded_at=START)
    ours, theirs, random = Place(place / "proofs"), PymerkleTree(), Random(SEED)  # noqa: S311 - which to prove
    ours.new().append([(CONSULTATION, table)])
    theirs.start(fresh(place / "pymerkle"))
    append, rows = theirs.producer(0), encoded(table)
    for start in range(0, facts, 100_000):
        append(rows[start : start + 100_000])
    warm = 100 if quick else 2_000

    def first(reopen: Callable[[], object], one: Callable[[int], object]) -> float:
        began = perf_counter()
        reopen()
        one(random.randrange(facts))
        return perf_counter() - began

    def next_(one: Callable[[int], object], times: int) -> float:
        return median(_seconds(lambda: one(random.randrange(facts))) for _ in range(times))

    note("proofs")
    began = [
        (
            first(lambda: None, lambda at: prove(ours.opened(), at)),
            first(theirs.reopen, theirs.prove),
        )
        for _ in range(3)
    ]
    ledger = ours.opened()
    next_(theirs.prove, warm)
    next_(lambda at: prove(ledger, at), 20)
    going = next_(lambda at: prove(ledger, at), 100), next_(theirs.prove, 100)
    mine, other = prove(ledger, facts // 2), theirs.prove(facts // 2)
    verified = (
        next_(lambda _: verify(mine, ours.verifiers), 20),
        next_(lambda _: theirs.verify(facts // 2, other), 20),
    )
    theirs.stop()
    note("")
    cold = median(one for one, _ in began), median(one for _, one in began)
    sheet.ratios |= {"proof_pymerkle": cold[1] / cold[0], "proof_pymerkle_warm": going[1] / going[0]}
    for what, (us, them) in {"first_proof": cold, "next_proof": going, "verify": verified}.items():
        sheet.figures |= {f"{what}_ms": 1_000 * us, f"{what}_pymerkle_ms": 1_000 * them}
    sheet.figures["proof_facts"] = facts


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def on_disk(sheet: Sheet, place: Path, *, days: int) -> None:
    """Keep the looks of the demo town in our ledger and in the chains, and count bytes."""
    note("the looks of the town")
    looks = town_looks(days=days)
    ours, rows = Place(place / "town"), encoded(looks)
    ours.new().append([(CONSULTATION, looks)])
    kept = {Ours.name: ours.bytes_kept() / len(looks)}
    for kind in [SqliteChain, *[PostgresqlChain] * (not why_not())]:
        peer = kind()
        peer.start(fresh(place / f"town-{kind.name}"))
        append = peer.producer(0)
        for start in range(0, len(rows), 1_000):
            append(rows[start : start + 1_000])
        kept[kind.name] = peer.bytes_kept() / len(looks)
        peer.stop()
    note("")
    sheet.ratios["bytes_limit"] = BYTES_LIMIT / kept[Ours.name]
    for name in sorted(kept.keys() - {Ours.name}):
        sheet.ratios[f"bytes_{name}"] = kept[name] / kept[Ours.name]
    sheet.figures |= {f"bytes_per_look_{name}": each for name, each in kept.items()}
    sheet.figures |= {"town_looks": len(looks), "bytes_of_row": sum(map(len, rows)) / len(rows)}


def parts(sheet: Sheet, place: Path, *, quick: bool) -> None:
    """Measure identity, the whole way to sealed segments, and reading back, beside one hash of each row."""
    count = 20_000 if quick else 250_000
    content = look_content(count)
    facts = with_identity(content, CONSULTATION, recorded_at=START)
    ours, rows = Place(place / "parts"), encoded(facts)

    def sealed() -> Callable[[], object]:
        ledger = ours.new()
        return lambda: ledger.append([(CONSULTATION, facts)])

    ways = {
        "bare_sha256": ready(lambda: _hashes(rows)),
        "identity": ready(lambda: with_identity(content, CONSULTATION, recorded_at=START)),
        "sealed": sealed,
        "facts": ready(lambda: ours.opened().facts("consultation")),
    }
    sheet.measured(in_turn(ways, times=3), amount=count, unit="rows")
    sheet.compare("identity", "bare_sha256")
    sheet.compare("sealed", "bare_sha256")
    sheet.compare("facts", "bare_sha256")


def _hashes(messages: Sequence[bytes]) -> None:
    b"".join([sha256(message).digest() for message in messages])


def main(*, quick: bool) -> None:
    """Measure appends, proofs, bytes, and the parts an append consists of."""
    sheet = Sheet(name="ledger", quick=quick)
    if why_not():
        print(f"PostgreSQL is left out: {why_not()}\n")
    with somewhere() as place:
        facts = with_identity(look_content(64_000), CONSULTATION, recorded_at=START)
        grid, apart = appends(facts, place, quick=quick)
        print_table(lines(grid | {at: found for at, found in apart.items() if at[1] != Ours.name}))
        compare_appends(sheet, grid, apart)
        bare_writes(sheet, facts, place, quick=quick)
        proofs(sheet, place, facts=50_000 if quick else 1_000_000, quick=quick)
        kept(sheet, place, quick=quick)
        on_disk(sheet, place, days=14 if quick else TOWN_DAYS)
        parts(sheet, place, quick=quick)
    sheet.end()


if __name__ == "__main__":
    main(quick=asked(__doc__ or ""))
