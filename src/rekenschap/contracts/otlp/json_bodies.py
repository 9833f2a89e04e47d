# SPDX-License-Identifier: EUPL-1.2
"""Request bodies in JSON: the text of every record, cut out as it came, and the same bodies in protobuf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A body in protobuf, and the text of each of its records as a request of its own, in the same order."""

    body: bytes
    texts: list[bytes]


def in_protobuf(body: bytes, names: Names) -> Written | None:
    """Write a JSON body in protobuf; None when it is no request in JSON."""
    texts: list[bytes] = []
    try:
        parts = [
            sized(b"\x0a", _resource(each, names, texts))
            for each in _listed(_OBJECT.decode(body), names.resources)
        ]
    except (msgspec.DecodeError, MisfitError, RecursionError, UnicodeDecodeError):
        return None
    return Written(body=b"".join(parts), texts=texts)


def _resource(raw: msgspec.Raw, names: Names, texts: list[bytes]) -> bytes:
    members = _OBJECT.decode(raw)
    around, before = _outside(members, names.scopes, ("resource", json_messages.RESOURCE))
    scopes = []
    for each in _listed(members, names.scopes):
        inner = _OBJECT.decode(each)
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
            texts.append(b"%s%s]}]}]}" % (opening, bytes(record)))
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


def _listed(members: Members, name: str) -> Iterator[msgspec.Raw]:
    yield from _LIST.decode(members[name]) or [] if name in members else []
