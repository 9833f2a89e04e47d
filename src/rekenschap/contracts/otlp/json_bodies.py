# SPDX-License-Identifier: EUPL-1.2
"""Request bodies in JSON: the text of every record, cut out as it came, and the same bodies in protobuf."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from rekenschap.contracts.otlp import json_messages
from rekenschap.contracts.otlp.envelopes import varint_bytes
from rekenschap.contracts.otlp.json_messages import (
    MISFITS,
    Fields,
    Many,
    Member,
    MisfitError,
    One,
    message,
    sized,
)

Members = dict[str, msgspec.Raw]
_OBJECT = msgspec.json.Decoder(Members)
_LIST = msgspec.json.Decoder(list[msgspec.Raw] | None)
_PLAIN = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the lists of a request are called, and the form of a record."""

    resources: str
    scopes: str
    records: str
    record: Fields

    @property
    def request(self) -> Fields:
        """The form of a whole request."""
        schema: Fields = {"schemaUrl": (3, json_messages.text)}
        scope: Fields = {
            "scope": (1, One(json_messages.SCOPE)),
            self.records: (2, Many(self.record)),
            **schema,
        }
        resource: Fields = {
            "resource": (1, One(json_messages.RESOURCE)),
            self.scopes: (2, Many(scope)),
            **schema,
        }
        return {self.resources: (1, Many(resource))}


TRACES = Names(resources="resourceSpans", scopes="scopeSpans", records="spans", record=json_messages.SPAN)
LOGS = Names(
    resources="resourceLogs", scopes="scopeLogs", records="logRecords", record=json_messages.LOG_RECORD
)

_LISTS = frozenset(name for each in (TRACES, LOGS) for name in (each.resources, each.scopes, each.records))
_ELSEWHERE = _LISTS | {
    *("resource_spans", "scope_spans", "resource_logs", "scope_logs", "log_records"),
    *("instrumentationLibrarySpans", "instrumentation_library_spans"),
    *("instrumentationLibraryLogs", "instrumentation_library_logs"),
}
"""Names of lists of records: of ours, as protobuf writes them, and those of OTLP before 0.19."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A body in protobuf, and the text of each of its records as a request of its own, in the same order."""

    body: bytes
    texts: list[bytes]


def in_protobuf(body: bytes, names: Names) -> Written | None:
    """Write a JSON body in protobuf; None when it is no request in JSON, or may hold records elsewhere."""
    found = _Found()
    try:
        members = _OBJECT.decode(body)
        _check_contained(members, names.resources, ())
        found.lists[names.resources] += names.resources in members
        parts = [sized(b"\x0a", _resource(each, names, found)) for each in _listed(members, names.resources)]
        _check_twice(body, found.lists)
    except (msgspec.DecodeError, MisfitError, RecursionError, ValueError):
        return None
    return Written(body=b"".join(parts), texts=found.texts)


@dataclass(slots=True)
class _Found:
    """What was met on the way: the text of each record, and how many lists of each name."""

    texts: list[bytes] = field(default_factory=list)
    lists: Counter[str] = field(default_factory=Counter)


def _resource(raw: msgspec.Raw, names: Names, found: _Found) -> bytes:
    members = _OBJECT.decode(raw)
    _check_contained(members, names.scopes, ("resource", "schemaUrl"))
    found.lists[names.scopes] += names.scopes in members
    around, before = _outside(members, names.scopes, ("resource", json_messages.RESOURCE))
    scopes = []
    for each in _listed(members, names.scopes):
        inner = _OBJECT.decode(each)
        _check_contained(inner, names.records, ("scope", "schemaUrl"))
        found.lists[names.records] += names.records in inner
        within, close = _outside(inner, names.records, ("scope", json_messages.SCOPE))
        opening = b'{"%s":[{%s"%s":[{%s"%s":[' % (
            names.resources.encode(),
            before,
            names.scopes.encode(),
            close,
            names.records.encode(),
        )
        records = []
        for record in _listed(inner, names.records):
            found.texts.append(b"%s%s]}]}]}" % (opening, bytes(record)))
            records.append(sized(b"\x12", _record(record, names.record)))
        scopes.append(sized(b"\x12", within + b"".join(records)))
    return around + b"".join(scopes)


def _outside(members: Members, contained: str, first: tuple[str, Fields]) -> tuple[bytes, bytes]:
    """Give all members but `contained`: in protobuf, and as JSON members that end in a comma."""
    name, fields = first
    kept = {key: raw for key, raw in members.items() if key != contained}
    text = b"".join(b"%s:%s," % (msgspec.json.encode(key), bytes(raw)) for key, raw in kept.items())
    plain: dict[str, Member] = {key: _PLAIN.decode(raw) for key, raw in kept.items()}
    return message({name: (1, One(fields)), "schemaUrl": (3, json_messages.text)}, plain), text


def _record(raw: msgspec.Raw, fields: Fields) -> bytes:
    try:
        return message(fields, _PLAIN.decode(raw))
    except (msgspec.DecodeError, MisfitError, RecursionError, UnicodeDecodeError):
        return sized(varint_bytes(MISFITS << 3 | 2), bytes(raw))


def _check_contained(members: Members, name: str, others: tuple[str, ...]) -> None:
    """Raise MisfitError where records may stand under another name than the one they have.

    A member nobody knows may be there, but not instead of the list, and not one of the names a list has
    elsewhere: `{"resource_spans": [...]}` is no empty request.
    """
    unknown = members.keys() - {name, *others}
    if unknown and (unknown & _ELSEWHERE or not _is_filled(members, name)):
        raise MisfitError


def _is_filled(members: Members, name: str) -> bool:
    return name in members and bool(_LIST.decode(members[name]))


def _check_twice(body: bytes, lists: Mapping[str, int]) -> None:
    """Raise MisfitError when a list stands twice in one object: of the two one was read.

    `lists` has for each name how many of it were read. It is there more often only when it is twice in one
    object, or when a value is just that word: then each object is looked at.
    """
    if any(body.count(b'"%s"' % name.encode()) > read for name, read in lists.items()):
        json.loads(body, object_pairs_hook=_no_list_twice, parse_int=str, parse_float=str)


def _no_list_twice(pairs: list[tuple[str, object]]) -> None:
    names = [name for name, _ in pairs if name in _LISTS]
    if len(names) > len(set(names)):
        raise MisfitError


def _listed(members: Members, name: str) -> Iterator[msgspec.Raw]:
    yield from _LIST.decode(members[name]) or [] if name in members else []
