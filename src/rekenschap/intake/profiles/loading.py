# SPDX-License-Identifier: EUPL-1.2
"""Turns the text of a source profile into a Profile, and refuses what it does not understand."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.profile import (
    Check,
    ColumnRule,
    Condition,
    DoubleHour,
    Example,
    FactRule,
    GroupKey,
    Profile,
    SequenceRule,
    Split,
    Take,
)
from rekenschap.intake.profiles.careful import parse_handling, parse_minimising
from rekenschap.intake.profiles.strict import (
    Node,
    check_keys,
    configuration_error,
    in_two_languages,
    list_at,
    mapping_at,
    one_of,
    pairs_at,
    parse_yaml,
    text_at,
    texts_at,
)
from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.relations import RELATIONS
from rekenschap.seams.source import READER_KINDS, RECORD, ReaderOptions

NAMED = "named"
_OF_EVERY_READER = ("delimiter", "quote", "encoding", "header_row")
_PROFILE = frozenset(
    "id title note source time_zone double_hour empty readers facts checks".split()  # noqa: SIM905
    + "sequence fault keep door handling example expect".split()  # noqa: SIM905
)
_COLUMN = ("from", "join", "value", "pick", "take", "as", "map", "default")
_EPOCHS = ("epoch-s", "epoch-ms", "epoch-us")
_DIRECTIVES = frozenset("%d %m %Y %H %M %S %f %z".split())  # noqa: SIM905


def parse_profile(text: str) -> Profile:
    """Read a profile; raises ConfigurationError that names the place and, for a typo, the word meant."""
    top = parse_yaml(text)
    check_keys(top, _PROFILE, "the top")
    name = text_at(top.get("id"), "id")
    readers = mapping_at(top.get("readers"), "readers")
    check_keys(readers, READER_KINDS, "readers")
    named = top.get("facts") == NAMED
    return Profile(
        id=name,
        title=in_two_languages(top.get("title"), "title"),
        note=in_two_languages(top["note"], "note") if "note" in top else {},
        source=text_at(top.get("source", name), "source"),
        time_zone=_zone(text_at(top.get("time_zone", "Europe/Amsterdam"), "time_zone")),
        double_hour=DoubleHour(
            one_of(text_at(top.get("double_hour", "first"), "double_hour"), DoubleHour, "double_hour")
        ),
        empty=frozenset(texts_at(top.get("empty", []), "empty")),
        readers={kind: _options(node, kind) for kind, node in readers.items()},
        named=named,
        facts=_named_rules() if named else _rules(top.get("facts")),
        checks=tuple(
            _check(each, f"checks[{at}]") for at, each in enumerate(list_at(top.get("checks", []), "checks"))
        ),
        sequence=_sequence(top["sequence"]) if "sequence" in top else None,
        fault=text_at(top.get("fault", ""), "fault"),
        keeps_record=bool(one_of(text_at(top.get("keep", ""), "keep"), ("", RECORD), "keep")),
        minimising=parse_minimising(top["door"], keeps=bool(top.get("keep"))) if "door" in top else None,
        handling=parse_handling(top["handling"]) if "handling" in top else None,
        example=_example(top, next(iter(readers), "")),
    )


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise configuration_error("time_zone", "a time zone such as Europe/Amsterdam", f"{name!r}") from None
    return name


def _options(node: Node, kind: str) -> ReaderOptions:
    where, own = f"readers.{kind}", READER_KINDS[kind].settings
    texts = {} if node == "" else pairs_at(node, where)
    check_keys(texts, (*_OF_EVERY_READER, *own), where)
    delimiter = {"tab": "\t", "\\t": "\t"}.get(texts.get("delimiter", ","), texts.get("delimiter", ","))
    quote = texts.get("quote", '"')
    if (
        any(len(mark) != 1 or not mark.isascii() or mark in "\r\n" for mark in (delimiter, quote))
        or delimiter == quote
    ):
        raise configuration_error(where, "delimiter and quote of one ASCII character each", "something else")
    row = texts.get("header_row", "1")
    if not re.fullmatch(r"[1-9]\d{0,3}", row):
        raise configuration_error(f"{where}.header_row", "a row number from 1", f"{row!r}")
    return ReaderOptions(
        delimiter=delimiter,
        quote=quote,
        encoding=texts.get("encoding", "auto"),
        header_row=int(row),
        settings={name: text for name, text in texts.items() if name in own},
    )


def _named_rules() -> tuple[FactRule, ...]:
    return tuple(
        FactRule(
            relation=relation,
            when=(Condition(column="relation", values=frozenset([relation.name])),),
            columns=tuple(ColumnRule(target=column, sources=(column.name,)) for column in relation.reported),
        )
        for relation in RELATIONS.values()
    )


def _rules(node: Node | None) -> tuple[FactRule, ...]:
    rules = [
        _rule(mapping_at(each, f"facts[{at}]"), f"facts[{at}]")
        for at, each in enumerate(list_at(node, "facts"))
    ]
    if not rules:
        raise configuration_error("facts", "at least one fact", "none")
    return tuple(rules)


def _rule(node: dict[str, Node], where: str) -> FactRule:
    check_keys(node, ("relation", "when", "split", "one_per", "columns"), where)
    relation = RELATIONS[
        one_of(text_at(node.get("relation"), f"{where}.relation"), RELATIONS, f"{where}.relation")
    ]
    columns = mapping_at(node.get("columns"), f"{where}.columns")
    check_keys(columns, [column.name for column in relation.reported], f"{where}.columns")
    rules = tuple(_column(relation[name], each, f"{where}.columns.{name}") for name, each in columns.items())
    for column in relation.reported:
        if column.required and column.name not in columns and column.name != "source":
            raise configuration_error(f"{where}.columns", f"the required column {column.name}", "none")
    conditions = mapping_at(node.get("when", {}), f"{where}.when")
    return FactRule(
        relation=relation,
        columns=rules,
        when=tuple(_condition(name, each, f"{where}.when.{name}") for name, each in conditions.items()),
        one_per=tuple(
            _key(text, relation, where) for text in texts_at(node.get("one_per", []), f"{where}.one_per")
        ),
        split=_split(node["split"], f"{where}.split") if "split" in node else None,
    )


def _split(node: Node, where: str) -> Split:
    parts = pairs_at(node, where)
    check_keys(parts, ("column", "by", "key", "matches"), where)
    if not parts.get("column") or not parts.get("by"):
        raise configuration_error(where, "column and by", "one of them missing")
    if "key" in parts and parts["by"] != "json":
        raise configuration_error(f"{where}.key", "a key of objects, with by: json", "another by")
    return Split(
        column=parts["column"],
        by=parts["by"],
        key=parts.get("key", ""),
        pattern=_pattern(parts.get("matches", ""), f"{where}.matches"),
    )


def _pattern(pattern: str, where: str, *, groups: int | None = None) -> str:
    """Check a pattern as the door will use it: by RE2, where no pattern takes for ever."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        held = re.compile(pattern).groups
    except (pa.ArrowInvalid, re.error):
        raise configuration_error(where, "a pattern", "one that cannot be read") from None
    if groups is not None and held != groups:
        raise configuration_error(where, r"a pattern with one group, such as 'zaak (\S+)'", f"{held} groups")
    return pattern


def _column(target: Column, node: Node, where: str) -> ColumnRule:
    parts = mapping_at(node, where) if isinstance(node, dict) else {"from": node}
    check_keys(parts, _COLUMN, where)
    if ("from" in parts) == ("value" in parts):
        raise configuration_error(where, "either from or value", "both" if "from" in parts else "neither")
    formats = texts_at(parts.get("as", []), f"{where}.as")
    _check_formats(formats, target, where)
    take = one_of(text_at(parts.get("take", "first"), where), Take, f"{where}.take")
    if take in (Take.MIN, Take.MAX) and target.kind not in (Kind.TIME, Kind.DAY, Kind.COUNT):
        raise configuration_error(f"{where}.take", "min or max of a time, day or count", f"{target.kind}")
    return ColumnRule(
        target=target,
        sources=texts_at(parts["from"], f"{where}.from") if "from" in parts else (),
        joined_by=text_at(parts["join"], f"{where}.join") if "join" in parts else None,
        value=text_at(parts["value"], f"{where}.value") if "value" in parts else None,
        pick=_pattern(text_at(parts["pick"], where), f"{where}.pick", groups=1) if "pick" in parts else "",
        take=Take(take),
        formats=formats,
        mapping=pairs_at(parts.get("map", {}), f"{where}.map"),
        default=text_at(parts["default"], f"{where}.default") if "default" in parts else None,
    )


def _check_formats(formats: tuple[str, ...], target: Column, where: str) -> None:
    for each in formats:
        known = each in ("iso", *_EPOCHS) or ("%Y" in each and set(re.findall("%.", each)) <= _DIRECTIVES)
        if not known or target.kind not in (Kind.TIME, Kind.DAY):
            found = f"{each!r} for a {target.kind}"
            raise configuration_error(
                f"{where}.as", f"iso, {', '.join(_EPOCHS)} or a pattern of %d %m %Y %H %M %S %f %z", found
            )


def _key(text: str, relation: Relation, where: str) -> GroupKey:
    name, _, part = text.partition(".")
    one_of(name, [column.name for column in relation.reported], f"{where}.one_per")
    if part not in ("", "day") or (part and relation[name].kind is not Kind.TIME):
        raise configuration_error(f"{where}.one_per", "a column, or a time with .day", f"{text!r}")
    return GroupKey(column=name, by_day=bool(part))


def _condition(column: str, node: Node, where: str) -> Condition:
    if isinstance(node, str) and node in ("filled", "empty"):
        return Condition(column=column, filled=node == "filled")
    if not isinstance(node, dict):
        return Condition(column=column, values=frozenset(texts_at(node, where)))
    check_keys(node, ("in", "not_in", "matches"), where)
    if len(node) != 1:
        raise configuration_error(where, "one of in, not_in and matches", f"{len(node)} of them")
    ((word, values),) = node.items()
    if word == "matches":
        return Condition(column=column, pattern=_pattern(text_at(values, where), f"{where}.matches"))
    return Condition(column=column, values=frozenset(texts_at(values, where)), negated=word == "not_in")


def _check(node: Node, where: str) -> Check:
    parts = mapping_at(node, where)
    check_keys(parts, ("column", "filled", "in", "matches", "between"), where)
    between = texts_at(parts["between"], f"{where}.between") if "between" in parts else None
    if between is not None and len(between) != 2:
        raise configuration_error(f"{where}.between", "two times", f"{len(between)}")
    return Check(
        column=text_at(parts.get("column"), f"{where}.column"),
        values=frozenset(texts_at(parts.get("in", []), f"{where}.in")),
        pattern=_pattern(text_at(parts.get("matches", ""), where), f"{where}.matches"),
        between=(between[0], between[1]) if between else None,
        filled=one_of(text_at(parts.get("filled", "no"), f"{where}.filled"), ("yes", "no"), where) == "yes",
    )


def _sequence(node: Node) -> SequenceRule:
    parts = {"column": node} if isinstance(node, str) else mapping_at(node, "sequence")
    check_keys(parts, ("column", "stream"), "sequence")
    return SequenceRule(
        column=text_at(parts.get("column"), "sequence.column"),
        stream=text_at(parts["stream"], "sequence.stream") if "stream" in parts else None,
    )


def _example(top: dict[str, Node], reader: str) -> Example:
    if not reader:
        raise configuration_error("readers", "at least one reader", "none")
    expected = mapping_at(top.get("expect"), "expect")
    check_keys(expected, RELATIONS, "expect")
    facts = {
        name: tuple(pairs_at(each, f"expect.{name}") for each in list_at(rows, f"expect.{name}"))
        for name, rows in expected.items()
    }
    for name, rows in facts.items():
        for row in rows:
            check_keys(row, [column.name for column in RELATIONS[name].reported], f"expect.{name}")
    return Example(reader=reader, text=text_at(top.get("example"), "example"), expect=facts)
