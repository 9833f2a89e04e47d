# SPDX-License-Identifier: EUPL-1.2
"""Admission at the door: rows of text go in, facts come out, and a row that does not pass says why.

Knows no file and no ledger. Behind it nobody is named: identifiers have become tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.counting.numbers import Numbers, numbers_of
from rekenschap.intake.fields.choosing import Chosen, Texts, as_texts, coded_text_for
from rekenschap.intake.fields.coded import plain
from rekenschap.intake.fields.parsed import Mask, mask_of
from rekenschap.intake.fields.personal import holds_personal
from rekenschap.intake.fields.times import parse_times
from rekenschap.intake.fields.values import Clock, parse
from rekenschap.intake.identifiers import Pseudonyms
from rekenschap.intake.profile import Check, ColumnRule, FactRule, Profile, SequenceRule, Take
from rekenschap.model.columns import RECORD, Column, Kind, Relation
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import arrow_type, one_chunk

MISSING = "column-missing"
PERSONAL = "personal-data"
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the row at `row` of a block is not taken in, and by which column of the fact."""

    row: int
    reason: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Facts of one rule (content columns in fact form), line and row each came from, and the rows refused."""

    rule: FactRule
    content: pa.Table
    lines: pa.Array
    rows: Rows
    chosen: Rows
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What one profile lets through, with the tokens of one period, at one present moment."""

    profile: Profile
    pseudonyms: Pseudonyms
    now: int

    def admit(self, rows: pa.Table, lines: pa.Array) -> tuple[list[Admitted], tuple[Refusal, ...]]:
        """Let a block through: what each rule makes of it, and the rows that fail as a whole.

        A row that fails as a whole (a check of the profile, an unknown name) gives no fact at all.
        """
        texts = Texts(rows, empty=self.profile.empty)
        records = self._records(rows)
        failed = self._failed(rows, texts)
        sound = np.ones(rows.num_rows, dtype=bool)
        sound[[refusal.row for refusal in failed]] = False
        return [self._admit(rule, texts, lines, sound, records) for rule in self.profile.facts], failed

    def numbers(self, rows: pa.Table) -> Numbers | None:
        """Read the numbers the source gave its rows; None when it does not count, or this block does not.

        Raises SourceError when the column that should count holds something else.
        """
        rule = self.profile.sequence
        if rule is None or rule.column not in rows.column_names:
            return None
        source = next(
            each
            for each in _column_rules(self.profile.facts[0], self.profile.source)
            if each.target.name == "source"
        )
        return numbers_of(Texts(rows, empty=self.profile.empty), rule, source)

    def _admit(
        self, rule: FactRule, texts: Texts, lines: pa.Array, sound: Mask, records: pa.Array | None
    ) -> Admitted:
        chosen = Chosen(texts, rule, sound)
        where = chosen.rows
        verdict = _Verdict(where)
        values: dict[str, pa.Array] = {}
        for column in _column_rules(rule, self.profile.source):
            text = coded_text_for(chosen, column)
            parsed = parse(text, column, self._clock)
            for reason, mask in parsed.refused:
                verdict.refuse(mask, reason, column.target.name)
            if column.target.required and column.take is Take.FIRST:
                verdict.refuse(mask_of(text.is_null()), MISSING, column.target.name)
            values[column.target.name] = parsed.values
        rows = where[verdict.passed]
        is_whole = len(rows) == len(lines) and np.array_equal(rows, np.arange(len(lines)))
        kept = values
        if len(rows) < len(where):
            passed = pa.array(verdict.passed)
            kept = {name: array.filter(passed) for name, array in values.items()}
        if records is not None and RECORD in rule.relation:
            of_rows = records if is_whole else records.take(pa.array(rows))
            kept[RECORD] = self.pseudonyms.tokens_of_records(of_rows)
        content = self._content(rule.relation, kept, len(rows))
        kept_lines = lines if is_whole else lines.take(pa.array(rows))
        return Admitted(
            rule=rule,
            content=content,
            lines=kept_lines,
            rows=rows,
            chosen=where,
            refused=tuple(verdict.refusals),
        )

    def _content(self, relation: Relation, kept: dict[str, pa.Array], count: int) -> pa.Table:
        columns = {c.name: self._in_fact_form(kept.get(c.name), c, count) for c in relation.content}
        return pa.table(columns)

    def _in_fact_form(self, values: pa.Array | None, column: Column, count: int) -> pa.Array:
        if values is None:
            return pa.nulls(count, arrow_type(column))
        if column.name == RECORD:
            return values
        if column.kind is Kind.TOKEN:
            return self.pseudonyms.tokens_of(values, column.domain)
        return plain(values)

    @property
    def _counted_by(self) -> tuple[str | None, ...]:
        """What a row of a named profile may fill besides the columns of its relation."""
        rule = self.profile.sequence
        return ("relation",) if rule is None else ("relation", rule.column, rule.stream)

    @property
    def _clock(self) -> Clock:
        return Clock(zone=self.profile.time_zone, double_hour=self.profile.double_hour, now=self.now)

    def _failed(self, rows: pa.Table, texts: Texts) -> tuple[Refusal, ...]:
        verdict = _Verdict(np.arange(rows.num_rows))
        self._check_faults(texts, verdict)
        self._check_personal(rows, texts, verdict)
        for check in self.profile.checks:
            if check.filled:
                verdict.refuse(mask_of(texts.column(check.column).is_null()), MISSING, check.column)
            if check.values or check.pattern or check.between:
                verdict.refuse(~self._fits(texts.column(check.column), check), "check-failed", check.column)
        if self.profile.named:
            self._check_names(rows, texts, verdict)
        elif self.profile.sequence is not None:
            self._check_numbers(rows, self.profile.sequence, verdict)
        return tuple(verdict.refusals)

    def _check_faults(self, texts: Texts, verdict: _Verdict) -> None:
        """Refuse the rows that the reader itself found fault with."""
        if self.profile.fault:
            faults = texts.column(self.profile.fault)
            if faults.null_count == len(faults):
                return
            for reason in faults.unique().drop_null().to_pylist():
                verdict.refuse(mask_of(pc.equal(faults, reason)), reason, "")

    def _check_personal(self, rows: pa.Table, texts: Texts, verdict: _Verdict) -> None:
        """Refuse the rows that may hold no personal data and do; a column that must be exact holds none."""
        rule = self.profile.minimising
        if rule is None or not rule.refuses_personal:
            return
        exact = self.profile.exact
        for name in rows.column_names:
            if name not in exact:
                verdict.refuse(holds_personal(as_texts(texts.column(name))), PERSONAL, name)

    def _records(self, rows: pa.Table) -> pa.Array | None:
        """Give the records the rows were made of, when the profile keeps them and the reader gives them."""
        if not self.profile.keeps_record or RECORD not in rows.column_names:
            return None
        return one_chunk(rows.column(RECORD))

    def _fits(self, column: pa.Array, check: Check) -> Mask:
        column = as_texts(column)
        fits = ~mask_of(column.is_valid())
        if check.values:
            fits |= mask_of(pc.is_in(column, value_set=pa.array(sorted(check.values), pa.string())))
        if check.pattern:
            fits |= mask_of(pc.match_substring_regex(column, check.pattern))
        if check.between:
            fits |= self._between(column, check.between)
        return fits

    def _between(self, column: pa.Array, bounds: tuple[str, str]) -> Mask:
        zone, hour = self.profile.time_zone, self.profile.double_hour
        moments = parse_times(column, formats=(), zone=zone, double_hour=hour).values
        low, high = parse_times(pa.array(bounds), formats=(), zone=zone, double_hour=hour).values
        return mask_of(pc.and_(pc.greater_equal(moments, low), pc.less_equal(moments, high)))

    def _check_numbers(self, rows: pa.Table, rule: SequenceRule, verdict: _Verdict) -> None:
        """Refuse a row without a number where rows are counted: it may have been put in between."""
        numbers = self.numbers(rows)
        every = np.ones(rows.num_rows, dtype=bool)
        verdict.refuse(every if numbers is None else numbers.absent, MISSING, rule.column)
        if numbers is not None:
            verdict.refuse(numbers.unreadable, "count-unreadable", rule.column)

    def _check_names(self, rows: pa.Table, texts: Texts, verdict: _Verdict) -> None:
        """Refuse a row that names a relation nobody knows, or fills a column its relation does not have."""
        named = texts.column("relation")
        known = pc.is_in(named, value_set=pa.array(list(RELATIONS)))
        verdict.refuse(~mask_of(known), "relation-unknown", "relation")
        for name in rows.column_names:
            having = [x.name for x in RELATIONS.values() if name in {c.name for c in x.reported}]
            if name not in self._counted_by and len(having) < len(RELATIONS):
                stray = pc.invert(pc.is_in(named, value_set=pa.array(having, pa.string())))
                filled = one_chunk(rows.column(name)).is_valid()
                verdict.refuse(mask_of(pc.and_(stray, filled)), "column-unknown", "")


class _Verdict:
    """The first reason to refuse each row of `rows`; a later reason for the same row is not needed."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.passed: Mask = np.ones(len(rows), dtype=bool)
        self.refusals: list[Refusal] = []

    def refuse(self, mask: Mask, reason: str, column: str) -> None:
        if not mask.any():
            return
        for at in np.flatnonzero(mask & self.passed):
            self.refusals.append(Refusal(row=int(self._rows[at]), reason=reason, column=column))
        self.passed &= ~mask


def microseconds(moment: datetime) -> int:
    """Give a moment with a zone as µs UTC."""
    return int(pa.scalar(moment, pa.timestamp("us", tz="UTC")).value)


def _column_rules(rule: FactRule, source: str) -> list[ColumnRule]:
    """Give the rules of a fact, the name of its source among them."""
    rules = list(rule.columns)
    named = next((each for each in rules if each.target.name == "source"), None)
    if named is None:
        return [*rules, ColumnRule(target=rule.relation["source"], value=source)]
    if named.default is None and named.value is None:
        at = rules.index(named)
        rules[at] = ColumnRule(
            target=named.target, sources=named.sources, mapping=named.mapping, default=source
        )
    return rules
