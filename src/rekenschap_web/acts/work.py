# SPDX-License-Identifier: EUPL-1.2
"""Facts that follow from an act, in plain values: who watches is watched by the same relations as everybody.

A person whose data is looked at is named by the pseudonym of the ledger. For a citizen (domain `subject`) an
entry of the ledger where that citizen stands must come along, because a pseudonym on a page is half a token.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from rekenschap.model.ids import Pseudonym
from rekenschap.register import Version

REGISTER = "rekenschap-desk"
"""What desk staff look in; also the source that tells of it."""

Told = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose data it is about; `look` is a consultation in the ledger that is about them."""

    who: Pseudonym
    look: int | None = None

    def told(self) -> Told:
        """Give this in plain values."""
        return {"domain": self.who.domain, "hi": self.who.hi, "look": self.look}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A look at evidence about a person; `zaak` is the investigation or finding it was for."""

    about: About
    fields: str
    zaak: str = ""

    def told(self) -> Told:
        """Give this in plain values."""
        return {
            "relation": "consultation",
            "about": self.about.told(),
            "fields": self.fields,
            "zaak": self.zaak,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedZaak:
    """A zaak of the desk, such as an investigation (`investigation:2026-0001`), with who answers for it."""

    zaak: str
    about: About
    handler: str
    kind: str = "onderzoek"
    team: str = ""

    def told(self) -> Told:
        """Give this in plain values."""
        return {
            "relation": "zaak", "zaak": self.zaak, "about": self.about.told(), "handler": self.handler,
            "kind": self.kind, "team": self.team,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A zaak of the desk was given to a person: `to` and `by` are their own staff numbers."""

    zaak: str
    to: str
    by: str
    kind: str = "handler"

    def told(self) -> Told:
        """Give this in plain values."""
        return {"relation": "assignment", "zaak": self.zaak, "to": self.to, "by": self.by, "kind": self.kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """Work was put on somebody's list, or on that of a team: a finding to weigh, a sample to look through."""

    task: str
    about: About
    kind: str
    to: str = ""
    team: str = ""
    zaak: str = ""

    def told(self) -> Told:
        """Give this in plain values."""
        return {
            "relation": "task", "task": self.task, "about": self.about.told(), "kind": self.kind,
            "to": self.to,
            "team": self.team, "zaak": self.zaak,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """A list left the desk, as a file: how many rows (about at most so many people) and how many bytes."""

    subjects: int
    size: int
    kind: str = "export"
    destination_kind: str = "internal"

    def told(self) -> Told:
        """Give this in plain values."""
        return {
            "relation": "disclosure", "kind": self.kind, "subjects": self.subjects, "size": self.size,
            "destination_kind": self.destination_kind,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A version of an entry of the register of processing activities was approved."""

    version: Version

    def told(self) -> Told:
        """Give this in plain values; moments as ISO 8601."""
        told = {name: value for name, value in asdict(self.version).items() if name not in _NOT_TOLD}
        return {
            "relation": "processing_activity",
            **{name: _plain(value) for name, value in told.items()},
        }


_NOT_TOLD = ("recorded_at", "source")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


Work = Looked | OpenedZaak | Assigned | Queued | Disclosed | Registered
