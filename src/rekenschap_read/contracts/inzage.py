# SPDX-License-Identifier: EUPL-1.2
"""VNG Verwerkingenlogging, Inzage 0.9.0: what a portal may show a citizen, and nothing that it may not.

https://vng-realisatie.github.io/gemma-verwerkingenlogging/api-read/ — gives what the citizen page gives.
No system, no member of staff, no source of data; what is still confidential is not in it for any right.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from rekenschap.citizen.answer import Answer, Item
from rekenschap.citizen.telling import Telling
from rekenschap_citizen.place import shelf
from rekenschap_read.contracts.calls import (
    EARLIEST,
    LATEST,
    Call,
    NotAnsweredError,
    Wanted,
    microseconds,
    uuid_in,
    written,
)
from rekenschap_read.contracts.ldv import uri_of
from rekenschap_read.contracts.vng import OUR_TYPE, Sought, activity_in, listed, person, sought_in, too_many
from rekenschap_read.place.clerk import Known
from rekenschap_read.place.lines import drawer_with
from rekenschap_read.place.names import reference_of, uuid_of


def list_objects(call: Call) -> Wanted:
    """Understand GET /verwerkte-objecten; raises NotAnsweredError."""
    sought = sought_in(call, needs_days=True)
    return Wanted(
        action="verwerkte-objecten",
        identifier=sought.identifier,
        answer=partial(_list, call, sought),
    )


def read_object(call: Call) -> Wanted:
    """Understand GET /verwerkte-objecten/{verwerktObjectId}; raises NotAnsweredError."""
    if uuid_in(call.part) is None:
        raise NotAnsweredError(HTTPStatus.NOT_FOUND, "Er is geen verwerkt object met deze identificatie.")
    reference = reference_of(call.part)
    return Wanted(action="verwerkte-objecten/een", reference=reference, answer=partial(_one, call, reference))


def _list(call: Call, sought: Sought, known: Known) -> Mapping[str, object]:
    if not known.drawer:
        return listed([])
    answer = _answer(call, known.drawer)
    since, before = sought.since, sought.before
    first, last = EARLIEST if since is None else since, LATEST if before is None else before
    found = [
        each
        for each in answer.items
        if first <= microseconds(each.at) < last and each.activity.lower().endswith(sought.activity)
    ]
    if len(found) > call.offer.most:
        raise too_many(call.offer.most)
    whose = (sought.kind, sought.identifier)
    return listed([_object(each, answer, call=call, whose=whose) for each in found])


def _one(call: Call, reference: str, known: Known) -> Mapping[str, object]:
    del known
    drawer = drawer_with(call.place, reference)
    answer = _answer(call, drawer) if drawer else None
    item = None if answer is None else answer.item(reference)
    if answer is None or item is None:
        raise NotAnsweredError(HTTPStatus.NOT_FOUND, "Er is geen verwerkt object met deze identificatie.")
    whose = (OUR_TYPE, call.seals.alike(f"drawer/{call.client.name}", drawer))
    return _object(item, answer, call=call, whose=whose)


def _answer(call: Call, drawer: str) -> Answer:
    return shelf.answer_in(call.citizens, drawer, organisation=call.settings.organisation)


def _object(item: Item, answer: Answer, *, call: Call, whose: tuple[str, str]) -> Mapping[str, object]:
    who = person(*whose, item.fields)
    name = uuid_of(item.reference)
    itself = {"url": f"{call.base}/verwerkte-objecten/{name}", "verwerktObjectId": name}
    return {**itself, **who, "verwerkingsactie": _act(item, answer, call=call) | {
        "verwerkteObjecten": [{**itself, **who}]
    }}  # fmt: skip


def _act(item: Item, answer: Answer, *, call: Call) -> dict[str, object]:
    """Write the action as a citizen reads it; when it was registered is not offered, its moment is."""
    name = call.seals.alike("act", item.reference)
    at = written(microseconds(item.at))
    told: dict[str, object] = {
        "url": f"{call.base}/verwerkingsacties/{name}",
        "actieId": name,
        "actieNaam": Telling.in_language(call.offer.language).item(item, answer).heading[:242],
        "vertrouwelijkheid": "normaal",
        "uitvoerder": call.settings.organisation_id,
        "tijdstip": at,
        "tijdstipRegistratie": at,
    }
    if item.about:
        told["handelingNaam"] = item.about[:242]
    if item.activity:
        told["verwerkingNaam"] = item.activity_name[:242]
        told |= activity_in(item.activity, uri_of(item.activity, call.offer.activities))
    return told
