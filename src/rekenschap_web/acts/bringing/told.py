# SPDX-License-Identifier: EUPL-1.2
"""From a line of the outbox to the facts of the ledger; the same line always gives the same facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import cast

from rekenschap.audit.desk import DeskFact, Who
from rekenschap.model.ids import Pseudonym
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.work import REGISTER

Told = Mapping[str, object]


def facts_of(act: Act) -> Iterator[DeskFact]:
    """Give the act itself, and what follows from it."""
    yield DeskFact(
        relation="act",
        values={
            "acted_at": act.acted_at, "staff": act.staff, "verb": act.verb, "warrant": act.warrant,
            "investigation": act.investigation, "object": act.object, "because": act.because or None,
            "act": act.act.bytes, "object_kind": act.kind, "look": act.look, "revision": act.revision,
            "content": None if act.content is None else bytes(act.content),
        },
    )  # fmt: skip
    for each in cast("list[Told]", act.work):
        yield _MADE[str(each["relation"])](act, each)


def _consultation(act: Act, told: Told) -> DeskFact:
    return DeskFact(
        relation="consultation",
        values={
            "looked_at": act.acted_at, "staff": act.staff, "subject": _who(told), "zaak": _text(told, "zaak"),
            "register": REGISTER, "fields": _text(told, "fields"), "search_key": "list",
            "operation_id": act.act.bytes[:8],
        },
    )  # fmt: skip


def _zaak(act: Act, told: Told) -> DeskFact:
    return DeskFact(
        relation="zaak",
        values={
            "zaak": _text(told, "zaak"), "subject": _who(told), "zaaktype": _text(told, "kind"),
            "registered_at": act.acted_at, "handler": _text(told, "handler"), "team": _text(told, "team"),
            "channel": REGISTER,
        },
    )  # fmt: skip


def _assignment(act: Act, told: Told) -> DeskFact:
    return DeskFact(
        relation="assignment",
        values={
            "zaak": _text(told, "zaak"), "kind": _text(told, "kind"), "staff": _text(told, "to"),
            "valid_from": act.acted_at, "assigned_by": _text(told, "by"),
        },
    )  # fmt: skip


def _task(act: Act, told: Told) -> DeskFact:
    return DeskFact(
        relation="task",
        values={
            "task": _text(told, "task"), "zaak": _text(told, "zaak"), "subject": _who(told),
            "staff": _text(told, "to"), "team": _text(told, "team"), "kind": _text(told, "kind"),
            "created_at": act.acted_at,
        },
    )  # fmt: skip


def _disclosure(act: Act, told: Told) -> DeskFact:
    return DeskFact(
        relation="disclosure",
        values={
            "disclosed_at": act.acted_at, "staff": act.staff, "kind": _text(told, "kind"),
            "subjects": cast("int", told["subjects"]), "size": cast("int", told["size"]),
            "destination_kind": _text(told, "destination_kind"),
        },
    )  # fmt: skip


def _activity(act: Act, told: Told) -> DeskFact:
    del act
    return DeskFact(
        relation="processing_activity",
        values={
            "processing_activity": _text(told, "key"), "edition": cast("int", told["edition"]),
            "valid_from": _moment(told, "valid_from"), "valid_until": _moment(told, "valid_until"),
            **{name: _text(told, name) for name in _TEXTS_OF_ACTIVITY},
            **{name: cast("int | None", told[name]) for name in ("retention_period", "looks_kept")},
            **{name: ",".join(cast("list[str]", told[name])) or None for name in _LISTS_OF_ACTIVITY},
        },
    )  # fmt: skip


_TEXTS_OF_ACTIVITY = (
    "name", "purpose", "legal_basis", "law", "retention_law", "confidentiality", "owner", "on_behalf",
    "measures",
)  # fmt: skip
_LISTS_OF_ACTIVITY = ("people", "categories", "recipients", "transfers")

_MADE = {
    "consultation": _consultation, "zaak": _zaak, "assignment": _assignment, "task": _task,
    "disclosure": _disclosure, "processing_activity": _activity,
}  # fmt: skip


def _who(told: Told) -> Who:
    about = cast("Mapping[str, object]", told["about"])
    domain, look = str(about["domain"]), cast("int | None", about["look"])
    person = Pseudonym(domain=domain, hi=cast("int", about["hi"]))
    return Who(person=person, entry=look if domain == "subject" else None)


def _moment(told: Told, name: str) -> datetime | None:
    value = _text(told, name)
    return None if value is None else datetime.fromisoformat(value)


def _text(told: Told, name: str) -> str | None:
    return str(told.get(name) or "") or None
