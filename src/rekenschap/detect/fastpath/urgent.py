# SPDX-License-Identifier: EUPL-1.2
"""From what came in just now to findings that do not wait: one per kind and member of staff.

Counts nothing beside peers but this: how many others ever did the same, which is what the score says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.detect.scan import column
from rekenschap.detect.tail import Places
from rekenschap.model.finding import Finding, Sentences, Term
from rekenschap.model.ids import Pseudonym
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.derived import DERIVED, derived_schema
from rekenschap.sql.query import Query, load_queries
from rekenschap.sql.workspace import run

_RULES = Path(__file__).parent / "rules"
_LOOKS = 50
"""The newest are kept."""


def urgent(
    engine: Engine,
    *,
    since: int,
    canaries: Sequence[int] = (),
    settings: Mapping[str, Parameter] | None = None,
    rules: Sequence[Query] | None = None,
) -> tuple[Finding, ...]:
    """Give what became known from the entry `since` on that should not wait, highest score first.

    `since` is the size of the ledger at the last run: entries are numbered as they are recorded, so that a
    file that comes a day late is read, and leave that is recorded after the look it speaks of. `look` and
    `verdict` must be bound, of new looks or of all, and all other facts; `canary` is bound here, from the
    tokens of the invented subjects. What was known before only says how usual a kind is. `rules` are those of
    this room unless others are given, as of a house with packs. Raises EngineError.
    """
    tokens = pa.array(list(canaries), pa.int64())
    engine.bind("canary", pa.table([tokens], schema=derived_schema(DERIVED["canary"])))
    found = [
        finding
        for rule in (urgent_rules() if rules is None else rules)
        for finding in _findings(rule, run(engine, rule, settings), since)
    ]
    return tuple(sorted(found, key=lambda each: (-each.score, each.rule, each.about.hi)))


def urgent_rules() -> tuple[Query, ...]:
    """Give every rule of this room, by id."""
    return load_queries(_RULES)


def _findings(rule: Query, rows: pa.Table, since: int) -> list[Finding]:
    staff, known_from, entry = (column(rows, name) for name in ("staff", "known_from", "entry"))
    now = known_from >= since
    found = []
    for who in np.unique(staff[now]):
        entries = np.unique(entry[now & (staff == who)])
        others = len(np.unique(staff[staff != who]))
        found.append(_finding(rule, int(who), entries, others))
    return found


def _finding(rule: Query, who: int, entries: Places, others: int) -> Finding:
    about = Pseudonym(domain="staff", hi=who)
    count = len(entries)
    times_nl, times_en = f"{count} keer", "once" if count == 1 else f"{count} times"
    return Finding(
        rule=rule.id,
        about=about,
        terms=_terms(count, others),
        sentences=Sentences(
            nl=(
                f"{about.short} heeft {times_nl} {rule.sentence.nl}.",
                "Dit wacht niet op de weektelling; werk dat later binnenkomt, kan het alsnog verklaren.",
            ),
            en=(
                f"{about.short} has {times_en} {rule.sentence.en}.",
                "This does not wait for the weekly count; work that comes in later can still explain it.",
            ),
        ),
        looks=tuple(int(each) for each in entries[-_LOOKS:]),
        searched=(),
    )


def _terms(count: int, others: int) -> tuple[Term, ...]:
    """Give what it weighs: how often, and (against) how many others the same was seen of."""
    return (
        Term(
            name="times",
            value=_AT_ONCE + log(count),
            nl=f"{count} keer; van deze soort wacht ook één keer niet",
            en=f"{count} times; of this kind even one does not wait",
        ),
        Term(
            name="others",
            value=-log(1 + others),
            nl=f"bij {others} anderen kwam dit ook voor",
            en=f"seen of {others} others as well",
        ),
    )


_AT_ONCE = log(1000.0)
"""One in a thousand: what something of these kinds weighs when nobody else ever did it."""
