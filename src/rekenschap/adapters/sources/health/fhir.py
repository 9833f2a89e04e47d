# SPDX-License-Identifier: EUPL-1.2
"""FHIR AuditEvent in JSON, R4, R4B and R5: one resource or Bundle a line (NDJSON), or one of them in a file.

What is no AuditEvent (other resources of a Bundle) breaks alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from rekenschap.adapters.sources.health.told import Participant, Told, block_of, subject_of
from rekenschap.adapters.sources.text_lines import BOM, check_is_text, lines_of
from rekenschap.adapters.sources.unpacking import chunks_of, source_error
from rekenschap.seams.source import KEPT_OF_A_LINE, Block, BrokenRow, ReaderOptions

_LARGEST = 64 << 20
_AT_ONCE = 5_000


class FhirAuditEvents:
    """Reads AuditEvents."""

    fixed_columns = True

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give a row for each patient of each event, numbered by line, or within one document from 1."""
        whole = _whole(path)
        if whole is not None:
            items = list(enumerate(_resources(whole), start=1))
            for at in range(0, max(1, len(items)), _AT_ONCE):
                yield _block(items[at : at + _AT_ONCE], [], bytes_read=path.stat().st_size)
            return
        for lines in lines_of(chunks_of(path)):
            read: list[tuple[int, object]] = []
            broken = list(lines.broken)
            for text, number in zip(lines.texts, lines.numbers, strict=True):
                try:
                    read += [(number, each) for each in _resources(orjson.loads(text))]
                except orjson.JSONDecodeError:
                    original = text[:KEPT_OF_A_LINE]
                    broken.append(BrokenRow(line=number, reason="json-unreadable", original=original))
            yield _block(read, broken, bytes_read=lines.bytes_read)


def _whole(path: Path) -> object | None:
    """Read the file as one document; None when it holds one on each line."""
    parts: list[bytes] = []
    size = 0
    for chunk, _ in chunks_of(path):
        if not parts:
            check_is_text(chunk)
            first, _, rest = chunk.removeprefix(BOM).partition(b"\n")
            if rest.strip() and _is_json(first):
                return None
        size += len(chunk)
        if size > _LARGEST:
            raise source_error("a Bundle of at most 64 MiB", "a larger one", "export it as NDJSON")
        parts.append(chunk)
    try:
        read: object = orjson.loads(b"".join(parts).removeprefix(BOM))
    except orjson.JSONDecodeError:
        return None
    return read


def _is_json(text: bytes) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False


def _resources(read: object) -> Iterator[object]:
    """Give the resources in a list or a Bundle; anything else is given as it is."""
    if isinstance(read, list):
        for each in read:
            yield from _resources(each) if isinstance(each, dict) else iter([each])
    elif isinstance(read, dict) and read.get("resourceType") == "Bundle":
        for entry in _many(read.get("entry")):
            yield entry.get("resource") if isinstance(entry, dict) else entry
    else:
        yield read


def _block(items: list[tuple[int, object]], broken: list[BrokenRow], *, bytes_read: int) -> Block:
    told: list[tuple[int, Told]] = []
    for line, item in items:
        if isinstance(item, dict) and item.get("resourceType") == "AuditEvent":
            told.append((line, _told(item)))
        else:
            original = _written(item)[:KEPT_OF_A_LINE]
            broken.append(BrokenRow(line=line, reason="audit-unreadable", original=original))
    return block_of(told, broken, bytes_read=bytes_read)


def _written(item: object) -> bytes:
    try:
        return orjson.dumps(item)
    except orjson.JSONEncodeError:
        return b"nested too deep"


def _told(audit: dict[str, object]) -> Told:
    period = _one(audit.get("period")) or _one(audit.get("occurredPeriod"))
    outcome = audit.get("outcome")
    purposes = [*_many(audit.get("purposeOfEvent")), *_many(audit.get("authorization"))]
    agents = [each for each in _many(audit.get("agent")) if isinstance(each, dict)]
    source = _one(audit.get("source"))
    return Told(
        time=_text(audit.get("occurredDateTime"))
        or _text(period.get("start"))
        or _text(audit.get("recorded")),
        action=_text(audit.get("action")),
        outcome=_text(outcome) or _code(_one(outcome).get("code"))[0],
        kind=_code(audit.get("type"))
        if "type" in audit
        else _code(next(iter(_many(audit.get("category"))), None)),
        detail=_code(next(iter(_many(audit.get("subtype"))), None) or audit.get("code")),
        purpose=next((code for code, _ in map(_code, purposes) if code), ""),
        participants=[_participant(agent) for agent in agents],
        subjects=list(_subjects(audit)),
        site=_display(source.get("site")),
        source=_reference(source.get("observer")),
        fields=_kinds(audit),
        record=_written(audit).decode(),
    )


def _participant(agent: dict[str, object]) -> Participant:
    codes = [_code(agent.get("type")), *(_code(role) for role in _many(agent.get("role")))]
    network = _one(agent.get("network"))
    return Participant(
        name=_reference(agent.get("who")) or _text(agent.get("altId")) or _text(agent.get("name")),
        roles=frozenset(code for code, _ in codes if code),
        is_requestor=agent.get("requestor") is True,
        place=_text(network.get("address"))
        or _text(agent.get("networkString"))
        or _text(agent.get("networkUri")),
    )


def _subjects(audit: dict[str, object]) -> Iterator[str]:
    """Give the patients: that of the event (R5), and every entity that is a person in the role of one."""
    patients = [
        entity for entity in _many(audit.get("entity")) if isinstance(entity, dict) and _is_patient(entity)
    ]
    told = (_subject(each) for each in (audit.get("patient"), *(entity.get("what") for entity in patients)))
    yield from (subject for subject in told if subject)


def _is_patient(entity: dict[str, object]) -> bool:
    kind, role = _code(entity.get("type"))[0], _code(entity.get("role"))[0]
    what = _one(entity.get("what"))
    points = (
        _text(what.get("reference")).rpartition("/")[0].endswith("Patient") or what.get("type") == "Patient"
    )
    return (kind == "1" and role == "1") or (not kind and role in ("", "1", "patient") and points)


def _subject(reference: object) -> str:
    told = _one(reference)
    identifier = _one(told.get("identifier"))
    if value := _text(identifier.get("value")):
        return subject_of(value, _text(identifier.get("system")))
    return _text(told.get("reference"))


def _kinds(audit: dict[str, object]) -> str:
    """Say what kinds of resource were touched beside the patient; never their names."""
    found: dict[str, None] = {}
    for entity in _many(audit.get("entity")):
        if isinstance(entity, dict) and not _is_patient(entity):
            what = _one(entity.get("what"))
            found[
                _text(what.get("type")) or _text(what.get("reference")).rpartition("/")[0].rpartition("/")[2]
            ] = None
    return ", ".join(kind for kind in found if kind)[:1_000]


def _code(node: object) -> tuple[str, str]:
    """Give code and text of a Coding, a CodeableConcept, a CodeableReference or a plain code."""
    if isinstance(node, str):
        return node, ""
    told = _one(node)
    coding = next((each for each in _many(told.get("coding")) if isinstance(each, dict)), told)
    if "concept" in told:
        return _code(told["concept"])
    return _text(coding.get("code")), _text(coding.get("display")) or _text(told.get("text"))


def _reference(node: object) -> str:
    told = _one(node)
    identifier = _text(_one(told.get("identifier")).get("value"))
    return identifier or _text(told.get("reference")) or _text(told.get("display"))


def _display(node: object) -> str:
    return _text(node) or _reference(node)


def _one(node: object) -> dict[str, object]:
    return node if isinstance(node, dict) else {}


def _many(node: object) -> list[object]:
    return node if isinstance(node, list) else []


def _text(node: object) -> str:
    return node if isinstance(node, str) else ""
