# SPDX-License-Identifier: EUPL-1.2
"""What an audit message tells, whatever its form; a row for each patient it names, or one when it names none.

A participant with a role that DICOM gives to programs (source, destination, application) is a program; the
member of staff is another one, the requestor first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from rekenschap.seams.source import RECORD, Block, BrokenRow

BSN_SYSTEMS = frozenset(
    {
        "2.16.840.1.113883.2.4.6.3",
        "urn:oid:2.16.840.1.113883.2.4.6.3",
        "http://fhir.nl/fhir/NamingSystem/bsn",
    }
)
_PROGRAMS = frozenset({"110150", "110151", "110152", "110153", "110154", "110155"})
_NOBODY = frozenset({"", "unknown", "anonymous"})
_CX = re.compile(r"(?P<id>[^^]*)\^\^\^(?P<authority>[^^]*)")
_NAMES = (
    "time action outcome kind kind_text detail detail_text staff program client subject patients purpose "
    "site source fields"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody or something that took part."""

    name: str
    roles: frozenset[str] = frozenset()
    is_requestor: bool = False
    place: str = ""

    @property
    def is_program(self) -> bool:
        """Whether it is a program by its role, or nobody at all."""
        return bool(self.roles & _PROGRAMS) or self.name.lower() in _NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message; texts are as they came."""

    time: str = ""
    action: str = ""
    outcome: str = ""
    kind: tuple[str, str] = ("", "")
    detail: tuple[str, str] = ("", "")
    purpose: str = ""
    participants: Sequence[Participant] = ()
    subjects: Sequence[str] = ()
    site: str = ""
    source: str = ""
    fields: str = ""
    record: str = field(default="", repr=False)

    def rows(self) -> Iterator[dict[str, str]]:
        """Give a row for each patient."""
        staff = self._first(is_program=False)
        program = self._first(is_program=True)
        shared = {
            "time": self.time,
            "action": self.action,
            "outcome": self.outcome,
            "kind": self.kind[0],
            "kind_text": self.kind[1],
            "detail": self.detail[0],
            "detail_text": self.detail[1],
            "staff": staff.name if staff else "",
            "program": program.name if program else "",
            "client": next(
                (each.place for each in self.participants if each.is_requestor and each.place), ""
            ),
            "patients": str(len(self.subjects)),
            "purpose": self.purpose,
            "site": self.site,
            "source": self.source,
            "fields": self.fields,
            RECORD: self.record,
        }
        for subject in dict.fromkeys(self.subjects) or ("",):
            yield shared | {"subject": subject}

    def _first(self, *, is_program: bool) -> Participant | None:
        wanted = [each for each in self.participants if each.is_program == is_program and each.name]
        return next((each for each in wanted if each.is_requestor), next(iter(wanted), None))


def subject_of(identifier: str, system: str = "") -> str:
    """Give how a patient is known here: a BSN as it is, another number with who gave it.

    `identifier` may be in the way of HL7: `24^^^MPI&2.16.840.1&ISO^PI`.
    """
    if (found := _CX.match(identifier)) is not None:
        parts = found["authority"].split("&")
        identifier, system = found["id"], (parts[1] if len(parts) > 1 and parts[1] else parts[0])
    if system in BSN_SYSTEMS or not system:
        return identifier
    return f"{identifier}@{system}"


def block_of(told: Sequence[tuple[int, Told]], broken: Sequence[BrokenRow], *, bytes_read: int) -> Block:
    """Give messages, each with its line, as rows."""
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    for line, each in told:
        made = list(each.rows())
        rows += made
        lines += [line] * len(made)
    names = (*_NAMES.split(), RECORD)
    return Block(
        rows=pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names}),
        lines=pa.array(lines, pa.int64()),
        broken=tuple(broken),
        bytes_read=bytes_read,
    )
