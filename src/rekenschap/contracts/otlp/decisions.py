# SPDX-License-Identifier: EUPL-1.2
"""What an authorisation decision record says: who asked for what, and the answer (ADL 1.0.0 3.3, AuthZEN).

A payload stands in the body, a reference to it in the attributes, never both; OTLP senders without a body put
payloads in the attributes too, so a request is told from a reference by its shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import orjson
import pyarrow as pa

from rekenschap.contracts.otlp.layout import Layout
from rekenschap.contracts.otlp.values import (
    UnreadableError,
    Value,
    attributes_of,
    fields_of,
    text_of,
    value_of,
)
from rekenschap.contracts.otlp.wire import LENGTH, Fields, Mask, Wire

NAMES = frozenset(
    f"adl.{each}"
    for each in (
        "access_evaluation",
        "access_evaluations",
        "search_subject",
        "search_action",
        "search_resource",
    )
)
CORE = tuple(
    f"adl.core.{each}" for each in ("request", "response", "policies", "information", "configuration")
)
TEXTS = ("adl.staff", "adl.subject", "adl.outcome", "adl.resource", "adl.action", "adl.rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionColumns:
    """Columns of decisions, null for other records; which are denied or answered, and what is wrong."""

    columns: dict[str, pa.Array]
    denied: Mask
    answered: Mask
    faults: tuple[tuple[str, Mask], ...]


@dataclass(slots=True)
class Told:
    """What one record tells."""

    texts: dict[str, str | None] = field(default_factory=dict)
    denied: bool = False
    answered: bool = False
    fault: str = ""


def decision_columns(wire: Wire, records: Fields, shape: Layout, *, mask: Mask) -> DecisionColumns:
    """Read the records of `mask` as decisions."""
    if not mask.any():
        return DecisionColumns(
            columns=dict.fromkeys(TEXTS, pa.nulls(len(mask), pa.string())),
            denied=mask,
            answered=mask,
            faults=(),
        )
    columns: dict[str, list[str | None]] = {name: [None] * len(mask) for name in TEXTS}
    denied, answered = np.zeros(len(mask), dtype=bool), np.zeros(len(mask), dtype=bool)
    faults: dict[str, Mask] = {}
    for row in np.flatnonzero(mask).tolist():
        told = _told(wire.raw, int(records.starts[row]), int(records.ends[row]), shape)
        for name, text in told.texts.items():
            columns[name][row] = text
        denied[row], answered[row] = told.denied, told.answered
        if told.fault:
            faults.setdefault(told.fault, np.zeros(len(mask), dtype=bool))[row] = True
    return DecisionColumns(
        columns={name: pa.array(texts, pa.string()) for name, texts in columns.items()},
        denied=denied,
        answered=answered,
        faults=tuple(faults.items()),
    )


def _told(raw: bytes, start: int, end: int, shape: Layout) -> Told:
    try:
        attributes = attributes_of(raw, start, end, of=shape.attributes)
        body: Value = None
        name = ""
        for number, kind, begin, stop in fields_of(raw, start, end):
            if shape.body and (number, kind) == (shape.body, LENGTH):
                body = value_of(raw, begin, stop)
            elif (number, kind) == (shape.name, LENGTH):
                name = raw[begin:stop].decode("utf-8", "replace")
    except UnreadableError:
        return Told(fault="unreadable")
    return read_decision(name or str(attributes.get("event.name") or ""), attributes, _mapping(body) or {})


def read_decision(name: str, attributes: dict[str, Value], body: dict[str, Value]) -> Told:
    """Read one decision from its name, its attributes and its body."""
    if name not in NAMES:
        return Told(fault="event-name-unknown")
    if any(key in attributes and key in body for key in CORE):
        return Told(fault="given-twice")
    core = {key: body.get(key, attributes.get(key)) for key in CORE}
    request, response = _mapping(core["adl.core.request"]) or {}, _mapping(core["adl.core.response"]) or {}
    outcome = _outcome(response)
    return Told(
        texts={
            "adl.staff": _id_of(request.get("subject")),
            "adl.subject": text_of(attributes.get("dpl.core.data_subject_id")),
            "adl.outcome": outcome,
            "adl.resource": _id_of(request.get("resource"), "type"),
            "adl.action": _id_of(request.get("action"), "name"),
            "adl.rule": _rule(core["adl.core.policies"]),
        },
        denied=outcome == "refuse",
        answered=core["adl.core.response"] is not None,
    )


def _outcome(response: dict[str, Value]) -> str | None:
    decision = response.get("decision")
    if not isinstance(decision, bool):
        return None
    context = _mapping(response.get("context")) or {}
    return ("permit_with_duty" if context.get("obligations") else "permit") if decision else "refuse"


def _rule(policies: Value) -> str | None:
    """Name the sources of the policies; what they are is in the record."""
    found = _mapping(policies)
    return ", ".join(sorted(found)) if found else None


def _id_of(entity: Value, key: str = "id") -> str | None:
    found = _mapping(entity) or {}
    return text_of(found.get(key))


def _mapping(value: Value) -> dict[str, Value] | None:
    """Give a mapping that came as one, or as JSON in a text."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    return value if isinstance(value, dict) else None
