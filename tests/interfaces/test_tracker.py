# SPDX-License-Identifier: EUPL-1.2
"""The Estonian Data Tracker: what the citizen page shows, in its form, and nothing of what it does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest

from tests.interfaces.conftest import PORTAL
from tests.interfaces.service import Got, Readers
from tests.interfaces.town import ME, NOW, OTHER, SOUGHT, STRANGER

WHO = {"X-Road-UserId": f"EE{ME}"}


def usages(readers: Readers, whose: str = ME, **more: object) -> Got:
    query = urlencode({"userCode": f"EE{whose}", **more})
    return readers.ask(f"/tracker/v2/findUsage?{query}", client=PORTAL, headers=WHO)


def test_a_usage_says_when_why_and_which_organisation(readers: Readers):
    told = usages(readers).told
    (usage,) = told["usages"]
    assert told["totalUsages"] == 1
    assert datetime.fromisoformat(usage.pop("logtime")) == NOW - timedelta(days=9)
    assert usage == {
        "action": "Wij werkten aan uw zaak: reisdocument.",
        "receiverCode": "00000001001234567000",
        "receiverName": "Gemeente Veldhaven",
        "receiverSystem": "BRP",
    }


def test_what_is_withheld_is_not_counted_and_looks_like_nothing(readers: Readers):
    nothing = {"totalUsages": 0, "usages": []}
    assert usages(readers, SOUGHT).told == usages(readers, STRANGER).told == nothing
    assert usages(readers, SOUGHT).headers.keys() == usages(readers, STRANGER).headers.keys()


def test_the_total_does_not_depend_on_the_part_that_is_asked(readers: Readers):
    for part in ({"offset": 1}, {"limit": 0}, {"offset": -3, "limit": -1}, {"offset": 10**9}):
        told = usages(readers, **part).told
        assert (told["totalUsages"], told["usages"]) == (1, [])
    assert len(usages(readers, offset=-3, limit=10**9).told["usages"]) == 1


def test_a_period_bounds_what_is_found(readers: Readers):
    day = (NOW - timedelta(days=9)).isoformat().replace("+00:00", "Z")
    assert usages(readers, periodStart=day, periodEnd=day).told["totalUsages"] == 1
    later = (NOW - timedelta(days=8)).isoformat().replace("+00:00", "+00:00")
    assert usages(readers, periodStart=later).told["totalUsages"] == 0
    assert usages(readers, periodEnd=later).told["totalUsages"] == 1


@pytest.mark.parametrize(
    "query",
    ["", "userCode=x&periodStart=2021-01-31", "userCode=x&periodEnd=later", "userCode=x&limit=all",
     "userCode=x&offset=1.5", f"userCode=x&offset={2**31}",
     "userCode=x&periodStart=2021-13-31T10:20:30Z"],
)  # fmt: skip
def test_a_question_that_is_none_is_a_400(readers: Readers, query: str):
    assert readers.ask(f"/tracker/v2/findUsage?{query}", client=PORTAL, headers=WHO).status == 400


def test_who_asks_must_be_said(readers: Readers):
    assert readers.ask(f"/tracker/v2/findUsage?userCode=EE{ME}", client=PORTAL).status == 400
    assert readers.ask(f"/tracker/v2/findUsage?userCode=EE{ME}", headers=WHO).status == 401


def test_somebody_may_be_represented(readers: Readers):
    assert usages(readers, OTHER).told["totalUsages"] == 1


def test_the_period_is_that_of_the_citizen_page(readers: Readers):
    told = readers.ask("/tracker/v2/usagePeriod", client=PORTAL).told
    begin, end = (datetime.fromisoformat(told[name]) for name in ("periodStart", "periodEnd"))
    assert timedelta(days=364) < end - begin < timedelta(days=400)
    assert (end.minute, end.second) == (0, 0)


def test_it_beats(readers: Readers):
    assert readers.ask("/tracker/v2/heartbeat", client=PORTAL).told["status"] == "OK"
