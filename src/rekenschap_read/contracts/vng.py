# SPDX-License-Identifier: EUPL-1.2
"""What the two VNG interfaces (Verwerkingenlogging 0.9.0) share: parameters, and a list in their form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rekenschap_read.contracts.calls import Call, NotAnsweredError, Wrong, begin_of, day_in, uuid_in

VERSION = "0.9.0"
OUR_TYPE = "urn:rekenschap:betrokkene"
_LONGEST = {"soortObjectId": 242, "objectId": 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The parameters that both lists have. Days: from the first up to the last, which is not in it."""

    kind: str
    identifier: str
    first: date | None
    last: date | None
    activity: str

    @property
    def since(self) -> int | None:
        """From when, in µs UTC."""
        return None if self.first is None else begin_of(self.first)

    @property
    def before(self) -> int | None:
        """Before when, in µs UTC."""
        return None if self.last is None else begin_of(self.last)


def sought_in(call: Call, *, needs_days: bool) -> Sought:
    """Read the parameters; raises NotAnsweredError with all that is wrong at once."""
    told = {name: values[-1] for name, values in call.parameters().items()}
    needed = ["objecttype", "soortObjectId", "objectId", *(["beginDatum", "eindDatum"] if needs_days else [])]
    wrong = [
        Wrong(name=each, code="required", reason="deze parameter is verplicht")
        for each in needed
        if each not in told
    ]
    if told.get("objecttype", "persoon") != "persoon":
        wrong.append(Wrong(name="objecttype", code="enum", reason="verwacht: persoon"))
    for name, most in _LONGEST.items():
        if len(told.get(name, "")) > most:
            wrong.append(Wrong(name=name, code="max_length", reason=f"verwacht hoogstens {most} tekens"))
    days = {name: day_in(told[name]) for name in ("beginDatum", "eindDatum") if name in told}
    wrong += [
        Wrong(name=name, code="format", reason="verwacht een datum, zoals 2020-10-24")
        for name, day in days.items()
        if day is None
    ]
    if "verwerkingsactiviteitId" in told and uuid_in(told["verwerkingsactiviteitId"]) is None:
        wrong.append(Wrong(name="verwerkingsactiviteitId", code="format", reason="verwacht een UUID"))
    if wrong:
        raise NotAnsweredError(400, "De zoekvraag klopt niet; zie invalidParams.", wrong=wrong)
    return Sought(
        kind=told["soortObjectId"], identifier=told["objectId"], first=days.get("beginDatum"),
        last=days.get("eindDatum"), activity=told.get("verwerkingsactiviteitId", "").lower(),
    )  # fmt: skip


def listed(found: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    """Give a list whole: the standard has no parameter for a next page."""
    return {"count": len(found), "next": None, "previous": None, "results": list(found)}


def too_many(most: int) -> NotAnsweredError:
    """Make the answer to a question that finds more than may be given at once."""
    reason = f"hoogstens {most} tegelijk; vraag een kortere periode"
    return NotAnsweredError(
        400, "Er zijn te veel resultaten.", wrong=[Wrong(name="eindDatum", code="too_many", reason=reason)]
    )


def person(kind: str, identifier: str, fields: Sequence[str]) -> dict[str, object]:
    """Write who it was about, and which kinds of data."""
    return {
        "objecttype": "persoon",
        "soortObjectId": kind[:242],
        "objectId": identifier,
        "verwerkteSoortenGegevens": [{"soortGegeven": each[:242]} for each in fields],
    }


def activity_in(activity: str, uri: str) -> dict[str, object]:
    """Write the activity: its UUID when it has one, and its address."""
    last = activity.rpartition("/")[2].rpartition(":")[2]
    told: dict[str, object] = {"verwerkingsactiviteitUrl": uri}
    return told | ({"verwerkingsactiviteitId": last.lower()} if uuid_in(last) else {})
