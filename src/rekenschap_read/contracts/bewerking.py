# SPDX-License-Identifier: EUPL-1.2
"""VNG Verwerkingenlogging, Bewerking 0.9.0, as far as it reads: the lines of the processing log.

https://vng-realisatie.github.io/gemma-verwerkingenlogging/api-write/ — nothing is written here: records come
in by the front door, and the operations that write answer 501, which the contract knows. `gebruiker` is never
given: who looked is for the desk. Confidential lines are not offered, whatever right a client has.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from uuid import UUID

from rekenschap_read.contracts.calls import Call, NotAnsweredError, Wanted, Wrong, uuid_in, written
from rekenschap_read.contracts.ldv import uri_of
from rekenschap_read.contracts.vng import OUR_TYPE, Sought, activity_in, listed, person, sought_in, too_many
from rekenschap_read.place.clerk import Known
from rekenschap_read.place.lines import Line, Wish, lines_in
from rekenschap_read.place.settings import Right

LEVELS = frozenset({"normaal", "vertrouwelijk", "opgeheven"})
_NORMAL = "normaal"


def list_acts(call: Call) -> Wanted:
    """Understand GET /verwerkingsacties; raises NotAnsweredError."""
    levels = [each for told in call.parameters().get("vertrouwelijkheid", []) for each in told.split(",")]
    sought = sought_in(call, needs_days=False)
    if set(levels) - LEVELS:
        reason = f"verwacht: {', '.join(sorted(LEVELS))}"
        wrong = [Wrong(name="vertrouwelijkheid", code="enum", reason=reason)]
        raise NotAnsweredError(400, "De zoekvraag klopt niet; zie invalidParams.", wrong=wrong)
    if Right.READ_CONFIDENTIAL not in call.client.rights and levels != [_NORMAL]:
        raise NotAnsweredError(
            HTTPStatus.FORBIDDEN, "Met read:normal vraagt u alleen vertrouwelijkheid=normaal."
        )
    return Wanted(
        action="verwerkingsacties",
        identifier=sought.identifier,
        answer=partial(_list, call, sought, shows=not levels or _NORMAL in levels),
    )


def read_act(call: Call) -> Wanted:
    """Understand GET /verwerkingsacties/{actieId}; raises NotAnsweredError."""
    entry = call.seals.entry(call.part) if uuid_in(call.part) else None
    found = (
        () if entry is None else lines_in(call.place, Wish(entry=entry, only=call.client.activities), most=1)
    )
    if not found:
        raise NotAnsweredError(HTTPStatus.NOT_FOUND, "Er is geen verwerkingsactie met deze identificatie.")
    return Wanted(
        action="verwerkingsacties/een", token=found[0].subject, answer=partial(_one, call, found[0])
    )


def _list(call: Call, sought: Sought, known: Known, *, shows: bool) -> Mapping[str, object]:
    if not known.token or not shows:
        return listed([])
    wish = Wish(
        subject=known.token, kind=sought.kind, since=sought.since, before=sought.before,
        activity_ends=sought.activity, only=call.client.activities,
    )  # fmt: skip
    found = lines_in(call.place, wish, most=call.offer.most)
    if len(found) > call.offer.most:
        raise too_many(call.offer.most)
    return listed([_act(each, call, (sought.kind, sought.identifier)) for each in found])


def _one(call: Call, line: Line, known: Known) -> Mapping[str, object]:
    del known
    kind = line.kind or OUR_TYPE
    return _act(line, call, (kind, call.seals.person(call.client.name, line.subject)))


def _act(line: Line, call: Call, whose: tuple[str, str]) -> Mapping[str, object]:
    name = call.seals.line(line.entry)
    fields = [each.strip() for each in line.fields.split(",") if each.strip()]
    told: dict[str, object] = {
        "url": f"{call.base}/verwerkingsacties/{name}",
        "actieId": name,
        "actieNaam": (line.name or line.system)[:242],
        "vertrouwelijkheid": _NORMAL,
        "uitvoerder": call.settings.organisation_id,
        "systeem": line.system[:242],
        "tijdstip": written(line.began),
        "tijdstipRegistratie": written(line.recorded),
        "verwerkteObjecten": [] if not line.subject else [_who(name, call, whose, fields)],
    }
    if len(line.trace) == 16:
        told["verwerkingId"] = str(UUID(bytes=line.trace))
    if line.activity:
        told |= activity_in(line.activity, uri_of(line.activity, call.offer.activities))
    return told


def _who(act: str, call: Call, whose: tuple[str, str], fields: list[str]) -> Mapping[str, object]:
    name = call.seals.alike("object", act)
    return {
        "url": f"{call.base}/verwerkte-objecten/{name}", "verwerktObjectId": name,
        **person(*whose, fields),
    }  # fmt: skip


def not_here(call: Call) -> Wanted:
    """Answer an operation that writes: there is none here."""
    del call
    raise NotAnsweredError(
        HTTPStatus.NOT_IMPLEMENTED, "Aanleveren gaat door de voordeur (OpenTelemetry of POST /v1/facts)."
    )
