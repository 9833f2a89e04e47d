# SPDX-License-Identifier: EUPL-1.2
"""What a sender's own records show of sampling and loss."""

import pytest

from rekenschap.contracts.otlp import rows_of
from rekenschap.contracts.traffic import MANY, Sign, Traffic, together, traffic_of
from tests.unit.contracts.test_records import LDV, spans


def seen(fields, service="balie"):
    table, _ = rows_of([spans((LDV, fields), service=service).SerializeToString()], kind="traces-protobuf")
    return traffic_of(table)


@pytest.mark.parametrize(
    ("fields", "signs"),
    [
        ({}, ()),
        ({"flags": 1}, ()),
        ({"trace_state": "vendor=x,ot=rv:1;th:c"}, (Sign.SAMPLES,)),
        ({"trace_state": "ot=th:0"}, ()),
        ({"dropped_attributes_count": 2}, (Sign.DROPS,)),
    ],
)
def test_a_sender_that_tells_is_heard(fields, signs):
    (traffic,) = seen(fields)
    assert (traffic.source, traffic.records, traffic.signs) == ("balie", 1, signs)


def test_only_sampled_traces_and_many_of_them_may_be_a_sample():
    (one,) = seen({"flags": 1})
    (total,) = together([one] * MANY)
    assert total.signs == (Sign.MAY_SAMPLE,)
    (unsampled,) = seen({"flags": 0x100})
    (total,) = together([total, unsampled])
    assert (total.flagged, total.sampled, total.signs) == (MANY + 1, MANY, ())


def test_each_source_is_counted_apart():
    both = together([*seen({}, service="a"), *seen({}, service="b"), *seen({}, service="a")])
    assert both == (Traffic(source="a", records=2), Traffic(source="b", records=1))
    assert traffic_of(rows_of([], kind="traces-protobuf")[0]) == ()
