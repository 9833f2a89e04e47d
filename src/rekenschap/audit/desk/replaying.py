# SPDX-License-Identifier: EUPL-1.2
"""What a change of a rule or ground would have done: the last weeks once as it is and once as it would be.

Nothing is kept. The looks are those of a derivation; a change of a ground explains them anew from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.answer import bound, grounds_in
from rekenschap.audit.deriving import Derived
from rekenschap.audit.deriving.finding import key_of
from rekenschap.audit.desk.people import reading
from rekenschap.detect import Parameters, detect, queries
from rekenschap.errors import ConfigurationError
from rekenschap.explain import explain, grounds_of_the_house
from rekenschap.explain.pool import NOT_A_PERSON
from rekenschap.house import House
from rekenschap.model.finding import Finding
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.query import Query

DAYS = 90
_OF_LOOK = (
    "look", "staff", "subject", "zaak", "looked_at", "happened_day", "happened_minute", "register",
    "search_key",
    "team", "role", "employment", "first_look",
)  # fmt: skip
_OF_VERDICT = ("look", "explained", "weak_only", "best_ground", "best_strength", "score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a change would have done: counts over the last `days`, and keys of findings that come or go."""

    days: int
    looks: int
    unexplained_before: int
    unexplained_after: int
    findings_before: int
    come: tuple[str, ...]
    go: tuple[str, ...]


def settings_of(query: Query, told: Mapping[str, str]) -> dict[str, Parameter]:
    """Read changed parameters; raises ConfigurationError for a text that does not fit."""
    kinds = {"count": int, "number": float, "text": str}
    read: dict[str, Parameter] = {}
    for setting in query.settings:
        text = told.get(setting.name, "").strip()
        if not text:
            continue
        try:
            value = kinds[setting.type](text)
        except (KeyError, ValueError):
            raise ConfigurationError(
                expected=f"{setting.name} as a {setting.type}", found="another text", remedy="write a number"
            ) from None
        if isinstance(value, int | float) and not 0 <= value <= 1_000_000:
            raise ConfigurationError(
                expected=f"{setting.name} from 0 to 1 000 000",
                found="another number",
                remedy="choose another",
            )
        if value != setting.default:
            read[setting.name] = value
    return read


def replay_rule(derived: Derived, engine: Engine, settings: Mapping[str, Parameter]) -> Replay:
    """Search the last weeks twice: with the parameters as they are, and with these in their place."""
    with _last_weeks(derived, engine) as looks:
        before = detect(engine, grounds=())
        after = detect(engine, grounds=(), parameters=Parameters(settings=dict(settings)))
    unexplained = _unexplained(looks, looks)
    return _compared(looks, (unexplained, unexplained), before, after)


def replay_ground(
    derived: Derived, house: House, engine: Engine, *, ground: str, settings: Mapping[str, Parameter]
) -> Replay:
    """Explain the ledger anew with other parameters of one ground, and search the last weeks again."""
    with _last_weeks(derived, engine) as looks:
        before = detect(engine, grounds=())
    ledger = reading(house)
    bound(ledger, engine)
    held = grounds_in(house.root, ledger)
    changed = [_with(each, settings) if each.id == ground else each for each in held]
    anew = explain(engine, seed=derived.manifest.seed, grounds=changed)
    inside = pc.is_in(
        anew.look.column("look"), value_set=pa.chunked_array(looks.column("look")).combine_chunks()
    )
    verdict = anew.verdict.filter(inside)
    engine.bind("look", anew.look.filter(inside))
    engine.bind("verdict", verdict)
    after = detect(engine, grounds=())
    return _compared(looks, (_unexplained(looks, looks), _unexplained(looks, verdict)), before, after)


def query_named(name: str) -> Query | None:
    """Give the ground or rule of this name."""
    return next((each for each in (*grounds_of_the_house(), *queries()) if each.id == name), None)


@contextmanager
def _last_weeks(derived: Derived, engine: Engine) -> Iterator[pa.Table]:
    last = derived.manifest.last_day
    looks = derived.looks_between(last - DAYS + 1, last)
    began = pa.nulls(len(looks), pa.int64())
    engine.bind("look", looks.select(_OF_LOOK).append_column("day_began", began))
    engine.bind("verdict", looks.select(_OF_VERDICT))
    yield looks


def _with(query: Query, settings: Mapping[str, Parameter]) -> Query:
    changed = tuple(
        replace(each, default=settings[each.name]) if each.name in settings else each
        for each in query.settings
    )
    return replace(query, settings=changed)


def _of_people(looks: pa.Table) -> pa.ChunkedArray:
    """Say which looks are by one person: behind other accounts nobody stands with work of their own."""
    return pc.invert(
        pc.is_in(
            pc.fill_null(looks.column("employment").cast("string"), ""), value_set=pa.array(NOT_A_PERSON)
        )
    )


def _unexplained(looks: pa.Table, verdict: pa.Table) -> int:
    people = looks.filter(_of_people(looks)).column("look").combine_chunks()
    mine = verdict.filter(pc.is_in(verdict.column("look"), value_set=people))
    return int(pc.sum(pc.invert(mine.column("explained"))).as_py() or 0)


def _compared(
    looks: pa.Table, unexplained: tuple[int, int], before: tuple[Finding, ...], after: tuple[Finding, ...]
) -> Replay:
    old, new = (
        dict.fromkeys(key_of(each.about.domain, each.about.hi) for each in found) for found in (before, after)
    )
    return Replay(
        days=DAYS,
        looks=int(pc.sum(_of_people(looks)).as_py() or 0),
        unexplained_before=unexplained[0],
        unexplained_after=unexplained[1],
        findings_before=len(old),
        come=tuple(each for each in new if each not in old),
        go=tuple(each for each in old if each not in new),
    )
