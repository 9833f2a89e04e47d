# SPDX-License-Identifier: EUPL-1.2
"""The whole chain over one ledger, on DuckDB through this program and on Spark by its workers; says how far
the two are apart. A process of its own, because a process has one Spark session.

python -m tests.long.both_engines HOUSE MASTER [SIZE]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.audit.answer import Answer, answer
from rekenschap.audit.spread import spark_at
from rekenschap.house import House, LedgerPlace


def main(home: str, master: str) -> None:
    """Run both and print one object."""
    house = House.at(Path(home))
    ledger = LedgerPlace.of(house.root).ledger()
    ours = answer(ledger, house.engine(), seed=1)
    engine, binds = spark_at(master, house)
    theirs = answer(ledger, engine, seed=1, binds=binds)
    print(json.dumps(apart(ours, theirs)))  # noqa: T201


def apart(one: Answer, other: Answer) -> dict[str, object]:
    """Say how far two answers are apart; tables are put in order first."""
    terms = [_ordered(each.explained.evidence_term, "look", "term") for each in (one, other)]
    verdicts = [_ordered(each.explained.verdict, "look") for each in (one, other)]
    explanations = [_ordered(each.explained.explanation, "look", "ground") for each in (one, other)]
    return {
        "looks": len(one.explained.look),
        "facts": sum(one.counts.values()),
        "counts_equal": dict(one.counts) == dict(other.counts) and one.systems == other.systems,
        "explanations": len(explanations[0]),
        "explanations_equal": _plain(explanations[0]).equals(_plain(explanations[1])),
        "verdicts_equal": _plain(verdicts[0]).equals(_plain(verdicts[1])),
        "largest_difference": max(
            _difference(*(each.column("score") for each in verdicts)),
            _difference(*(each.column("value") for each in terms)),
        ),
        "shares": [each.explained.shares.explained for each in (one, other)],
        "findings": len(one.findings),
        "findings_equal": [_shown(each) for each in one.findings]
        == [_shown(each) for each in other.findings],
        "largest_of_findings": max(
            (abs(a.score - b.score) for a, b in zip(one.findings, other.findings, strict=True)), default=0.0
        ),
    }


def _ordered(rows: pa.Table, *names: str) -> pa.Table:
    return rows.sort_by([(name, "ascending") for name in names]).combine_chunks()


def _plain(rows: pa.Table) -> pa.Table:
    """Leave out numbers with a fraction: those are compared by their difference."""
    return rows.select([field.name for field in rows.schema if not pa.types.is_floating(field.type)])


def _difference(one: pa.ChunkedArray, other: pa.ChunkedArray) -> float:
    if len(one) != len(other):
        return float("inf")
    both = [np.asarray(each, dtype=np.float64) for each in (one, other)]
    return float(np.abs(both[0] - both[1]).max(initial=0.0))


def _shown(finding: object) -> tuple[object, ...]:
    return finding.rule, finding.about, finding.looks, finding.sentences  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(*sys.argv[1:])
