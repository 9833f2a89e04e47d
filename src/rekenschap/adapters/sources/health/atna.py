# SPDX-License-Identifier: EUPL-1.2
"""ATNA audit messages (DICOM PS3.15 A.5, RFC 3881): XML one after another, plain or each in a syslog message.

Each message is cut out from `<AuditMessage` to its end and parsed alone: what stands around it (a syslog
head, a document type declaration) is never parsed, no entity is resolved, and a bad message breaks alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from lxml import etree

from rekenschap.adapters.sources.encodings import encoding_of, in_utf_8
from rekenschap.adapters.sources.health.told import Participant, Told, block_of, subject_of
from rekenschap.adapters.sources.unpacking import chunks_of
from rekenschap.seams.source import KEPT_OF_A_LINE, MAX_LINE, Block, BrokenRow, ReaderOptions

_START = re.compile(rb"<AuditMessage(?=[\s>/])")
_END = b"</AuditMessage>"
_AT_ONCE = 2_000
_PATIENT = "1"


class AtnaMessages:
    """Reads audit messages in XML."""

    fixed_columns = True

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give a row for each patient of each message, by the line the message begins on."""
        chunks = chunks_of(path)
        first, read = next(chunks)
        encoding = encoding_of(first, options.encoding)
        cutter = _Cutter()
        for chunk, reached in in_utf_8(chain([(first, read)], chunks), encoding):
            cutter.add(chunk)
            yield _block(cutter, reached)
        cutter.finish()
        yield _block(cutter, read)


def _block(cutter: _Cutter, reached: int) -> Block:
    told: list[tuple[int, Told]] = []
    broken = cutter.broken
    for line, text in cutter.whole:
        message = _told(text)
        if message is None:
            broken.append(BrokenRow(line=line, reason="audit-unreadable", original=text[:KEPT_OF_A_LINE]))
        else:
            told.append((line, message))
    cutter.whole, cutter.broken = [], []
    return block_of(told, broken, bytes_read=reached)


class _Cutter:
    """Cuts whole messages out of bytes; holds no more than one that is not yet whole."""

    def __init__(self) -> None:
        self.whole: list[tuple[int, bytes]] = []
        self.broken: list[BrokenRow] = []
        self._rest = b""
        self._line = 1

    def add(self, chunk: bytes) -> None:
        """Take more bytes."""
        self._rest += chunk
        while (found := _START.search(self._rest)) is not None:
            self._skip(found.start())
            end = self._rest.find(_END)
            following = _START.search(self._rest, 1)
            if following is not None and (end < 0 or following.start() < end):
                self._break(following.start(), "audit-unreadable")
            elif end >= 0:
                self.whole.append((self._line, self._rest[: end + len(_END)]))
                self._skip(end + len(_END))
            elif len(self._rest) > MAX_LINE:
                self._break(len(_END), "line-too-long")
            else:
                return
        self._skip(max(0, len(self._rest) - len("<AuditMessage ")))

    def finish(self) -> None:
        """Set aside what never ended."""
        if _START.match(self._rest):
            self._break(len(self._rest), "line-cut-short")

    def _break(self, length: int, reason: str) -> None:
        original = self._rest[:length] if reason != "line-too-long" else self._rest
        self.broken.append(BrokenRow(line=self._line, reason=reason, original=original[:KEPT_OF_A_LINE]))
        self._skip(length)

    def _skip(self, length: int) -> None:
        self._line += self._rest.count(b"\n", 0, length)
        self._rest = self._rest[length:]


def _told(text: bytes) -> Told | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        message = etree.fromstring(text, parser)
        record = text.decode()
    except (etree.XMLSyntaxError, UnicodeDecodeError, ValueError):
        return None
    head = message.find("{*}EventIdentification")
    if head is None:
        return None
    source = message.find("{*}AuditSourceIdentification")
    objects = message.findall("{*}ParticipantObjectIdentification")
    return Told(
        time=head.get("EventDateTime", ""),
        action=head.get("EventActionCode", ""),
        outcome=head.get("EventOutcomeIndicator", ""),
        kind=_code(head.find("{*}EventID")),
        detail=_code(head.find("{*}EventTypeCode")),
        purpose=_code(head.find("{*}PurposeOfUse"))[0],
        participants=[_participant(each) for each in message.findall("{*}ActiveParticipant")],
        subjects=[subject_of(each.get("ParticipantObjectID", "")) for each in objects if _is_patient(each)],
        site="" if source is None else source.get("AuditEnterpriseSiteID", ""),
        source="" if source is None else source.get("AuditSourceID", "") or source.get("code", ""),
        fields=_kinds(objects),
        record=record,
    )


def _is_patient(each: etree._Element) -> bool:
    return (
        each.get("ParticipantObjectTypeCode") == "1" and each.get("ParticipantObjectTypeCodeRole") == _PATIENT
    )


def _kinds(objects: list[etree._Element]) -> str:
    """Say what kinds of thing were touched beside the patient; never their names."""
    kinds = (
        _code(each.find("{*}ParticipantObjectIDTypeCode"))[1] for each in objects if not _is_patient(each)
    )
    return ", ".join(dict.fromkeys(kind for kind in kinds if kind))[:1_000]


def _code(element: etree._Element | None) -> tuple[str, str]:
    """Give code and text; the code is called otherwise in older messages."""
    if element is None:
        return "", ""
    text = element.get("originalText", "") or element.get("displayName", "")
    return element.get("csd-code", "") or element.get("code", ""), text


def _participant(each: etree._Element) -> Participant:
    return Participant(
        name=each.get("UserID", "").strip(),
        roles=frozenset(_code(role)[0] for role in each.findall("{*}RoleIDCode")),
        is_requestor=each.get("UserIsRequestor", "").strip().lower() in ("true", "1"),
        place=each.get("NetworkAccessPointID", ""),
    )
