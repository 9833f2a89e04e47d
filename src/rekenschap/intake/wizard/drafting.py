# SPDX-License-Identifier: EUPL-1.2
"""Writes a guess down as a source profile, with an example of invented rows. Knows no file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from rekenschap.intake.wizard.guessing import Filled, Guess
from rekenschap.intake.wizard.inventing import invented
from rekenschap.model.columns import Kind
from rekenschap.seams.source import READER_KINDS, ReaderOptions

_PLAIN = ReaderOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything a profile says: what it is called, how the file is read, and what the rows hold."""

    id: str
    title: Mapping[str, str]
    kind: str
    options: ReaderOptions
    guess: Guess
    zone: str = "Europe/Amsterdam"
    double_hour: str = "quarantine"


def profile_text(draft: Draft, *, note: str = "") -> str:
    """Give the YAML of a profile; its example is CSV when the file is of a kind that is no text."""
    rows, facts = invented(draft.guess, draft.zone)
    kind, text = _example(draft, rows)
    readers: dict[str, object] = {kind: _options(kind, draft.options if kind == draft.kind else _PLAIN)}
    readers |= {draft.kind: _options(draft.kind, draft.options)}
    top: dict[str, object] = {"id": draft.id, "title": dict(draft.title), "time_zone": draft.zone}
    if not draft.guess.has_offset:
        top["double_hour"] = draft.double_hour
    if draft.guess.empty:
        top["empty"] = sorted(draft.guess.empty)
    top["readers"] = readers
    if draft.guess.counted_by:
        top["sequence"] = draft.guess.counted_by
    top["facts"] = [_rule(draft.guess)]
    top["example"] = text
    top["expect"] = {draft.guess.relation.name: [{"source": draft.id} | fact for fact in facts]}
    head = f"# {note}\n" if note else ""
    return head + yaml.dump(top, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as it is."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _rule(guess: Guess) -> dict[str, object]:
    rule: dict[str, object] = {"relation": guess.relation.name}
    if guess.when:
        rule["when"] = {name: list(values) for name, values in guess.when.items()}
    times = {name for name in guess.columns if guess.relation[name].kind is Kind.TIME}
    rule["columns"] = {name: _column(each, name in times) for name, each in guess.columns.items()}
    return rule


def _column(filled: Filled, is_time: bool) -> object:
    if filled.value is not None:
        return {"value": filled.value}
    if len(filled.sources) == 1 and not filled.formats and not filled.mapping:
        return filled.sources[0]
    column: dict[str, object] = {
        "from": filled.sources[0] if len(filled.sources) == 1 else list(filled.sources)
    }
    if len(filled.sources) > 1 and is_time:
        column["join"] = " "
    if filled.formats:
        column["as"] = filled.formats[0] if len(filled.formats) == 1 else list(filled.formats)
    if filled.mapping:
        column["map"] = dict(filled.mapping)
    return column


def _options(kind: str, options: ReaderOptions) -> dict[str, str]:
    said: dict[str, str] = {}
    if kind == "csv":
        said["delimiter"] = {"\t": "tab"}.get(options.delimiter, options.delimiter)
        said |= {"quote": options.quote} if options.quote != _PLAIN.quote else {}
        said |= {"encoding": options.encoding} if options.encoding != "auto" else {}
    if options.header_row != 1 and kind in ("csv", "excel"):
        said["header_row"] = str(options.header_row)
    return said | {
        name: text for name, text in options.settings.items() if name in READER_KINDS[kind].settings
    }


def _example(draft: Draft, rows: list[dict[str, str]]) -> tuple[str, str]:
    """Give the kind of the example and its text."""
    settings = draft.options.settings
    if draft.kind == "jsonl":
        nested = settings.get("flatten") == "yes"
        return "jsonl", "".join(_json(_nested(row) if nested else row) + "\n" for row in rows)
    if draft.kind == "json":
        page: object = [_nested(row) for row in rows]
        for name in reversed([part for part in settings.get("rows", "").split(".") if part]):
            page = {name: page}
        return "json", _json(page) + "\n"
    delimiter = draft.options.delimiter if draft.kind == "csv" else ","
    above = draft.options.header_row - 1 if draft.kind == "csv" else 0
    return "csv", "(boven de koppen)\n" * above + _csv(rows, delimiter, draft.options.quote)


def _csv(rows: list[dict[str, str]], delimiter: str, quote: str) -> str:
    sink = io.StringIO()
    writer = csv.DictWriter(sink, [*rows[0]], delimiter=delimiter, quotechar=quote, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _nested(row: dict[str, str]) -> dict[str, object]:
    """Turn names with dots back into objects."""
    top: dict[str, object] = {}
    for name, text in row.items():
        *path, last = name.split(".")
        at = top
        for part in path:
            inner = at.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            at = inner
        else:
            at[last] = text
            continue
        top[name] = text
    return top
