# SPDX-License-Identifier: EUPL-1.2
"""Bodies before anything is looked into: what is empty, and what a gzip may cost."""

import gzip
import time
import zlib

import pytest

pytest.importorskip("google.protobuf")

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from rekenschap.frontdoor.inbox import Kind
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome
from rekenschap.frontdoor.wire.bodies import MOST_TIMES, has_records, inflated

MOST = 16 << 20
NOTHING = gzip.compress(b"")


@pytest.mark.parametrize("body", [b"{}", b' {"resourceSpans" : [ ]}', b'{"resourceSpans":null}'])
def test_only_nothing_and_an_empty_list_are_empty(body):
    assert not has_records(Kind.TRACES_JSON, body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"resource_spans":[{}]}',
        b'{"resourceLogs":[{}]}',
        b'{"resourceSpans":[],"other":[{}]}',
        b'{"resourceSpans":[{}],"resourceSpans":[]}',
    ],
)
def test_what_may_hold_records_elsewhere_goes_on_to_the_inbox(body):
    assert has_records(Kind.TRACES_JSON, body)


def test_protobuf_of_an_older_form_is_refused_and_not_taken_for_empty():
    older = ExportTraceServiceRequest()
    older.resource_spans.add().schema_url = "x"
    assert not has_records(Kind.TRACES_PROTOBUF, older.SerializeToString())
    libraries = b"\xc2\x3e\x02\x12\x00"  # field 1000: instrumentation_library_spans
    with pytest.raises(NotTakenError) as told:
        has_records(Kind.TRACES_PROTOBUF, b"\x0a%c%s" % (len(libraries), libraries))
    assert told.value.outcome is Outcome.MALFORMED


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 1 << 20, 3_000_000])
def test_several_members_and_zeros_behind_them_are_one_body(length):
    part = bytes(range(256)) * (length // 256 + 1)
    part = part[:length]
    assert inflated(gzip.compress(part) + bytes(70_000) + gzip.compress(part, 0), MOST) == part * 2
    assert inflated(NOTHING * 1_000, MOST) == b""


def test_a_gzip_of_very_many_members_is_refused_soon():
    begun = time.process_time()
    with pytest.raises(NotTakenError) as told:
        inflated(NOTHING * 800_000, MOST)
    assert told.value.outcome is Outcome.MALFORMED
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("cut", [1, 8, 9, 500])
def test_a_gzip_that_breaks_off_is_refused(cut):
    with pytest.raises(NotTakenError):
        inflated(gzip.compress(zlib.compress(bytes(9), 0) * 200, 0)[:-cut], MOST)


def test_nothing_is_more_than_so_many_times_its_gzip():
    assert len(gzip.compress(bytes(MOST), 9)) * MOST_TIMES > MOST


def test_no_more_than_may_be_is_taken_out():
    bomb = gzip.compress(bytes(2 * MOST), 9)
    with pytest.raises(NotTakenError) as told:
        inflated(bomb, MOST)
    assert told.value.outcome is Outcome.TOO_LARGE
    assert len(inflated(bomb, 2 * MOST)) == 2 * MOST
