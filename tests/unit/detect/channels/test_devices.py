# SPDX-License-Identifier: EUPL-1.2
"""Many accounts on one device: those that had work there are no surprise, those that had none are."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.model.relations import CONSULTATION
from rekenschap.tables import work_schema
from tests.unit.detect.channels.test_weekly import NEW, asked
from tests.unit.detect.little_town import token, town

LENT, BORROWED, DAY = 7, (20, 21, 22, 23), 60
DEVICE = 777


def of_the_device(*, with_work: bool) -> list[dict]:
    """Give the alerts about the device from which four other accounts looked on each of three days."""
    who = np.tile(np.repeat(BORROWED, 3), 3)
    there = town(1).plus(
        staff=who, subject=np.arange(len(who)) + NEW, day=np.repeat(np.arange(3) + DAY, len(who) // 3)
    )
    added = np.arange(len(there.staff)) >= len(there.staff) - len(who)
    if with_work:
        there = there.explaining(np.flatnonzero(added))
    look, _ = there.tables()
    device = np.where(added | (there.staff == token([LENT])[0]), DEVICE, there.staff)
    told = {"entry": look["look"], "device": pa.array(device)}
    schema = work_schema(CONSULTATION)
    columns = [told.get(each.name, pa.nulls(len(look), each.type)) for each in schema]
    rows = asked(there, others={"consultation": pa.table(columns, schema=schema)})
    return rows.filter((pc.field("domain") == "device") & (pc.field("about") == DEVICE)).to_pylist()


def test_accounts_without_any_reason_on_one_device_are_put_forward():
    found = of_the_device(with_work=False)
    assert {each["channel"] for each in found} == {"accounts_on_device"}
    assert max(each["score"] for each in found) > 0


def test_accounts_that_worked_on_a_lent_device_are_no_surprise():
    assert max((each["score"] for each in of_the_device(with_work=True)), default=-9.0) < 0
