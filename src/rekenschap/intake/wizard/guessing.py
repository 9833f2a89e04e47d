# SPDX-License-Identifier: EUPL-1.2
"""Guesses which fact the rows of a file hold and from which columns, by names and by what values look like.

What a person says goes before every guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from rekenschap.errors import ConfigurationError
from rekenschap.intake.wizard.columns import Seen, clock_among, look_at
from rekenschap.intake.wizard.words import (
    ACTION_WORDS,
    COLUMN_WORDS,
    COUNT_WORDS,
    LOOK_WORDS,
    RELATION_WORDS,
    SEARCH_KEYS,
    likeness,
)
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.relations import RELATIONS

_LIKELY = 2.0
_KINDS = {"presence": "badge", "contact": "call", "assignment": "handler", "disclosure": "export"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """From what a column of a fact is filled: columns of the file (several joined by a space) or a value."""

    sources: tuple[str, ...] = ()
    value: str | None = None
    formats: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person said: relation, columns by fact column, constants, zone and the value of `register`."""

    relation: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    register: str = ""
    zone: str = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What the rows hold: relation, how each column is filled, which rows count, what stands for nothing."""

    relation: Relation
    columns: Mapping[str, Filled]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    counted_by: str = ""
    has_offset: bool = True

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns that a fact must have and that nothing fills."""
        needed = (column.name for column in self.relation.reported if column.required)
        return tuple(name for name in needed if name not in self.columns and name != "source")


def guess(rows: pa.Table, wanted: Wanted) -> Guess:
    """Guess from the first rows of a file; raises ConfigurationError for a word or column nobody knows."""
    seen, empty = look_at(rows, zone=wanted.zone)
    relation = _relation(wanted, seen)
    for name in (*wanted.columns, *wanted.values):
        if name not in relation:
            raise _unknown(f"a column of {relation.name}", name, [c.name for c in relation.reported])
    columns = _said(wanted, relation, seen) | {name: Filled(value=x) for name, x in wanted.values.items()}
    columns = _guessed(relation, seen, columns)
    if "kind" in relation and relation["kind"].codes and "kind" not in columns and relation.name in _KINDS:
        columns["kind"] = Filled(value=_KINDS[relation.name])
    if "register" in relation and relation["register"].required and "register" not in columns:
        columns["register"] = Filled(value=wanted.register)
    times = [x for name, x in columns.items() if relation[name].kind is Kind.TIME and x.sources]
    return Guess(
        relation=relation,
        columns={each.name: columns[each.name] for each in relation.reported if each.name in columns},
        when=_when(relation, seen, columns),
        empty=empty,
        counted_by=_counted_by(seen, columns),
        has_offset=all(seen[name].has_offset for each in times for name in each.sources),
    )


def _relation(wanted: Wanted, seen: Mapping[str, Seen]) -> Relation:
    if wanted.relation:
        if wanted.relation not in RELATIONS:
            raise _unknown("a relation", wanted.relation, list(RELATIONS))
        return RELATIONS[wanted.relation]
    scores = {
        name: sum(likeness(column, words) >= 3 for column in seen) for name, words in RELATION_WORDS.items()
    }
    name = max(scores, key=lambda each: scores[each])
    return RELATIONS[name if scores[name] >= (1 if name == "presence" else 2) else "consultation"]


def _said(wanted: Wanted, relation: Relation, seen: Mapping[str, Seen]) -> dict[str, Filled]:
    filled: dict[str, Filled] = {}
    for target, sources in wanted.columns.items():
        for name in sources:
            if name not in seen:
                raise _unknown("a column of the file", name, list(seen))
        filled[target] = _fill(relation[target], [seen[name] for name in sources], wanted.formats)
    return filled


def _fill(target: Column, sources: list[Seen], formats: tuple[str, ...] = ()) -> Filled:
    names = tuple(each.name for each in sources)
    if target.kind is Kind.TIME:
        return Filled(sources=names, formats=formats or _formats(sources))
    mapping = {}
    if target.name == "search_key":
        mapping = {
            text: SEARCH_KEYS[text.lower()] for text in sorted(sources[0].few) if text.lower() in SEARCH_KEYS
        }
    return Filled(sources=names, mapping=mapping)


def _formats(sources: list[Seen]) -> tuple[str, ...]:
    form = sources[0].time_form
    if len(sources) > 1 and form and form != "iso":
        return (f"{form} %H:%M:%S", f"{form} %H:%M")
    return (form,) if form and form != "iso" else ()


def _guessed(relation: Relation, seen: Mapping[str, Seen], columns: dict[str, Filled]) -> dict[str, Filled]:
    """Give each column of the fact the likest column of the file that is left, the likest pair first."""
    found = dict(columns)
    left = set(seen) - {name for each in columns.values() for name in each.sources}
    pairs = [
        (_score(target, seen[name], required=target.required), target.name, name)
        for target in relation.reported
        for name in left
        if target.name != "source" and target.name not in found
    ]
    for score, target, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if score < _LIKELY or target in found or name not in left:
            continue
        sources = [seen[name]]
        if relation[target].kind is Kind.TIME and seen[name].is_day_only:
            clock = clock_among({each: seen[each] for each in left})
            sources += [clock] if clock is not None and target == relation.happened else []
        found[target] = _fill(relation[target], sources)
        left -= {each.name for each in sources}
    return found


def _score(target: Column, seen: Seen, *, required: bool) -> float:
    """Say how well a column of the file fits one of the fact; below 2 it is not taken."""
    score = likeness(seen.name, COLUMN_WORDS.get(target.name, ""))
    if target.kind is Kind.TIME:
        return (score + (1.5 if required else 0.5) + seen.filled) if seen.time_form else 0.0
    if seen.time_form or seen.is_clock:
        return 0.0
    if target.domain == "subject":
        return score + 3 * (seen.bsns > 0.5)
    if seen.bsns > 0.5:
        return 0.0
    if target.domain == "zaak":
        return score + 2 * (seen.zaken > 0.8)
    if target.name == "search_key":
        return score if seen.few else 0.0
    if target.kind is Kind.CODE:
        return 0.0
    return score


def _when(
    relation: Relation, seen: Mapping[str, Seen], columns: Mapping[str, Filled]
) -> dict[str, tuple[str, ...]]:
    """Find a column that tells looks from other acts; only words for looking are taken from it."""
    if relation.name != "consultation":
        return {}
    taken = {name for each in columns.values() for name in each.sources}
    for name, each in seen.items():
        looks = tuple(sorted(text for text in each.few if text.lower() in LOOK_WORDS))
        if name not in taken and looks and likeness(name, ACTION_WORDS) >= _LIKELY:
            return {name: looks}
    return {}


def _counted_by(seen: Mapping[str, Seen], columns: Mapping[str, Filled]) -> str:
    taken = {name for each in columns.values() for name in each.sources}
    counting = [
        each
        for each in seen.values()
        if each.name not in taken and each.counts_up and likeness(each.name, COUNT_WORDS) >= _LIKELY
    ]
    return counting[0].name if counting else ""


def _unknown(expected: str, found: str, known: list[str]) -> ConfigurationError:
    return ConfigurationError(
        expected=f"{expected} ({', '.join(known[:20])}{', ...' if len(known) > 20 else ''})",
        found=f"{found!r}",
        remedy="correct the option",
    )
