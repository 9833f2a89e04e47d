# SPDX-License-Identifier: EUPL-1.2
"""The Estonian Data Tracker (Andmejälgija), protocol 1.6: findUsage, usagePeriod and heartbeat.

https://github.com/e-gov/AJ — gives what the citizen page gives, in its sentences: when, why, which
organisation and which system; never a member of staff, never the data. What is withheld is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from rekenschap.citizen.answer import Answer, Item
from rekenschap.citizen.telling import Telling
from rekenschap.errors import StoreError
from rekenschap_citizen.place import shelf
from rekenschap_read.contracts.calls import (
    EARLIEST,
    LATEST,
    ZONE,
    Call,
    NotAnsweredError,
    Wanted,
    Wrong,
    microseconds,
    moment_in,
    written,
)
from rekenschap_read.place.clerk import Known

VERSION = "2.1.0"
MOST = 1_000
ASKS = "x-road-userid"
_WHOLE = re.compile(r"-?[0-9]{1,30}")
NOBODY = "00" + "a" * 29
"""the drawer of nobody: what is offered about everybody alike can be read in it"""


def find_usage(call: Call) -> Wanted:
    """Understand findUsage; raises NotAnsweredError with all that is wrong at once."""
    told = {name: values[-1] for name, values in call.parameters().items()}
    wrong: list[Wrong] = []
    asks, whose = call.headers.get(ASKS), told.get("userCode")
    if asks is None:
        wrong.append(Wrong(name="X-Road-UserId", code="required", reason="geef wie dit vraagt"))
    if whose is None:
        wrong.append(Wrong(name="userCode", code="required", reason="geef over wie dit gaat"))
    times = {name: _time(told, name, wrong) for name in ("periodStart", "periodEnd")}
    first, most = _number(told, "offset", wrong), _number(told, "limit", wrong)
    if wrong:
        raise NotAnsweredError(400, "De zoekvraag klopt niet; zie errors.", wrong=wrong)
    since, until = times["periodStart"], times["periodEnd"]
    start = max(0, first or 0)
    many = MOST if most is None else max(0, min(MOST, most))
    return Wanted(
        action="findUsage" if asks == whose else "findUsage for another",
        identifier=_identifier(str(whose), call.offer.prefix),
        answer=partial(
            _usages, call,
            since=EARLIEST if since is None else since, until=LATEST if until is None else until,
            part=slice(start, start + many),
        ),
    )  # fmt: skip


def usage_period(call: Call) -> Wanted:
    """Say over what time usages can be asked."""
    return Wanted(action="usagePeriod", answer=partial(_period, call))


def heartbeat(call: Call) -> Wanted:
    """Say whether usages can be given at this moment."""
    return Wanted(action="heartbeat", answer=partial(_beat, call))


def _usages(call: Call, known: Known, *, since: int, until: int, part: slice) -> Mapping[str, object]:
    answer = shelf.answer_in(call.citizens, known.drawer or NOBODY, organisation=call.settings.organisation)
    say = Telling.in_language(call.offer.language)
    found = [each for each in answer.items if since <= microseconds(each.at) <= until]
    return {
        "totalUsages": len(found),
        "usages": [_usage(each, answer, call=call, say=say) for each in found[part]],
    }


def _usage(item: Item, answer: Answer, *, call: Call, say: Telling) -> Mapping[str, object]:
    return {
        "logtime": written(microseconds(item.at)),
        "action": say.item(item, answer).heading,
        "receiverCode": call.settings.organisation_id,
        "receiverName": call.settings.organisation,
        "receiverSystem": item.register,
    }


def _period(call: Call, known: Known) -> Mapping[str, object]:
    del known
    answer = shelf.answer_in(call.citizens, NOBODY, organisation=call.settings.organisation)
    begin = datetime(answer.since.year, answer.since.month, answer.since.day, tzinfo=ZONE).astimezone(UTC)
    return {
        "periodStart": written(microseconds(begin)),
        "periodEnd": written(microseconds(answer.as_of)),
    }


def _beat(call: Call, known: Known) -> Mapping[str, object]:
    try:
        _period(call, known)
    except StoreError:
        return {"status": "FAIL", "message": "Nothing is offered at this moment"}
    return {"status": "OK", "message": "Usages can be asked"}


def _identifier(told: str, prefix: str) -> str:
    return told[len(prefix) :] if prefix and told.startswith(prefix) else told


def _time(told: Mapping[str, str], name: str, wrong: list[Wrong]) -> int | None:
    found = None if name not in told else moment_in(told[name])
    if name in told and found is None:
        reason = "verwacht een moment met tijdzone, zoals 2026-01-31T10:20:30Z"
        wrong.append(Wrong(name=name, code="format", reason=reason))
    return found


def _number(told: Mapping[str, str], name: str, wrong: list[Wrong]) -> int | None:
    if name not in told:
        return None
    number = int(told[name]) if _WHOLE.fullmatch(told[name]) else None
    if number is None or not -(2**31) <= number < 2**31:
        wrong.append(Wrong(name=name, code="type", reason="verwacht een geheel getal van 32 bits"))
    return number
