# SPDX-License-Identifier: EUPL-1.2
"""Logboek dataverwerkingen, extension for reading (LDV lezen API 1.1.0): POST /processing-activities.

https://logius-standaarden.github.io/logboek-extensie-lezen/ — the lines of the processing log only: no
member of staff stands in those (LDV 1.0.0, 2.3.4), and none can stand in an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from urllib.parse import quote, unquote
from uuid import UUID

import orjson

from rekenschap_read.contracts.calls import JSON, Call, NotAnsweredError, Wanted, Wrong, uuid_in
from rekenschap_read.place.clerk import Known
from rekenschap_read.place.lines import Line, Wish, lines_in

VERSION = "1.1.0"
TOO_MANY = "te-veel-resultaten"
ACTIVITY, SUBJECT, SUBJECT_TYPE = (
    "dpl.core.processing_activity_id",
    "dpl.core.data_subject_id",
    "dpl.core.data_subject_id_type",
)
PROCESSOR = "dpl.core.foreign_operation.processor"
OUR_TYPE = "urn:rekenschap:betrokkene"
"""the type of a name that we gave this client for a person"""
_TEXTS = ("traceId", ACTIVITY, SUBJECT, SUBJECT_TYPE, PROCESSOR)
_TIMES = ("startTime", "endTime")
_NEEDED = ("traceId", ACTIVITY, SUBJECT)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_HEX = re.compile(r"[0-9a-fA-F]{32}")
_STATUSES = frozenset({"Unset", "Ok", "Error"})


def list_lines(call: Call) -> Wanted:
    """Understand a request; raises NotAnsweredError with all that is wrong at once."""
    told = _body(call)
    wrong = [*_types(told), *_forms(told)]
    if not wrong and not any(name in told for name in _NEEDED):
        wrong.append(Wrong(name=" of ".join(_NEEDED), code="required", reason="geef er minstens één van"))
    if wrong:
        raise NotAnsweredError(400, "De zoekvraag klopt niet; zie errors.", wrong=wrong)
    subject, kind = str(told.get(SUBJECT, "")), str(told.get(SUBJECT_TYPE, ""))
    token = call.seals.token(call.client.name, subject) if subject else None
    return Wanted(
        action="processing-activities",
        identifier="" if token else subject,
        token=token or b"",
        answer=partial(_answer, call, told, kind="" if token else kind),
    )


def _answer(call: Call, told: Mapping[str, object], known: Known, *, kind: str) -> Mapping[str, object]:
    subject = str(told.get(SUBJECT, ""))
    if SUBJECT in told and not known.token:
        return {"processingActivities": []}
    trace, begins, ends = str(told.get("traceId", "")), told.get("startTime"), told.get("endTime")
    wish = Wish(
        trace=bytes.fromhex(trace.replace("-", "")),
        subject=known.token if subject else b"",
        kind=kind,
        activities=_ways(str(told.get(ACTIVITY, "")), call.offer.activities),
        processor=str(told.get(PROCESSOR, "")),
        only=call.client.activities,
        since=None if begins is None else _bounded(begins),
        until=None if ends is None else _bounded(ends, more=999),
    )
    found = lines_in(call.place, wish, most=call.offer.most)
    if len(found) > call.offer.most:
        raise NotAnsweredError(
            400, f"Meer dan {call.offer.most} dataverwerkingen passen hierbij; zoek preciezer.", kind=TOO_MANY
        )
    given = (str(told.get(SUBJECT_TYPE, "")), subject) if subject else None
    return {"processingActivities": [line_of(each, call, given) for each in found if _is_whole(each)]}


def line_of(line: Line, call: Call, given: tuple[str, str] | None = None) -> Mapping[str, object]:
    """Put a line into the words of the standard; `given`: the type and name by which the client knows it."""
    attributes: dict[str, object] = {}
    if line.activity:
        attributes[ACTIVITY] = uri_of(line.activity, call.offer.activities)
    if line.subject:
        kind, name = given or (OUR_TYPE, call.seals.person(call.client.name, line.subject))
        attributes[SUBJECT] = name
        attributes[SUBJECT_TYPE] = kind or line.kind or OUR_TYPE
    if _URI.fullmatch(line.processor):
        attributes[PROCESSOR] = line.processor
    told: dict[str, object] = {
        "traceId": str(UUID(bytes=line.trace)),
        "spanId": line.operation.hex(),
        "status": line.status if line.status in _STATUSES else "Unset",
        "name": line.name or line.system,
        "startTime": line.began // 1000,
        "endTime": line.ended // 1000,
        "resource": {"attributes": {"service.name": line.system}},
        "attributes": attributes,
    }
    return told | ({"parentSpanId": line.parent.hex()} if line.parent else {})


def uri_of(activity: str, before: str) -> str:
    """Write an activity as a URI: as it stands when it is one, else behind what the settings say."""
    return activity if _URI.fullmatch(activity) else f"{before}{quote(activity, safe='')}"


def _ways(asked: str, before: str) -> tuple[str, ...]:
    if not asked:
        return ()
    return (asked, unquote(asked[len(before) :])) if asked.startswith(before) else (asked,)


def _is_whole(line: Line) -> bool:
    """Say whether a line has what the standard requires of each."""
    return len(line.trace) == 16 and len(line.operation) == 8


def _bounded(milliseconds: object, *, more: int = 0) -> int:
    assert isinstance(milliseconds, int | float)  # noqa: S101 - checked before
    return max(-(2**62), min(2**62, int(milliseconds) * 1000 + more))


def _body(call: Call) -> dict[str, object]:
    if call.body and call.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise NotAnsweredError(415, f"Stuur {JSON}.")
    try:
        told = orjson.loads(call.body)
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict):
        raise NotAnsweredError(400, "De inhoud is geen JSON-object.")
    return told


def _types(told: Mapping[str, object]) -> list[Wrong]:
    wrong = [
        Wrong(name=name, code="type", reason="verwacht een tekst")
        for name in _TEXTS
        if name in told and not isinstance(told[name], str)
    ]
    for name in _TIMES:
        value = told.get(name, 0)
        is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not is_whole:
            reason = "verwacht een geheel getal: milliseconden sinds 1970"
            wrong.append(Wrong(name=name, code="type", reason=reason))
        elif not _has_64_bits(value):
            wrong.append(Wrong(name=name, code="format", reason="verwacht een getal van 64 bits"))
    return wrong


def _has_64_bits(number: object) -> bool:
    """Say whether a number fits; one that is too long for the reader of JSON has become a float."""
    if isinstance(number, float):
        return abs(number) < 2**63
    return isinstance(number, int) and -(2**63) <= number < 2**63


def _forms(told: Mapping[str, object]) -> list[Wrong]:
    wrong, trace = [], told.get("traceId")
    if isinstance(trace, str) and uuid_in(trace) is None and not _HEX.fullmatch(trace):
        wrong.append(Wrong(name="traceId", code="format", reason="verwacht een UUID"))
    for name in (ACTIVITY, PROCESSOR):
        value = told.get(name)
        if isinstance(value, str) and not _URI.fullmatch(value):
            wrong.append(Wrong(name=name, code="format", reason="verwacht een URI"))
    return wrong
