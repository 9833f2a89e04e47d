# SPDX-License-Identifier: EUPL-1.2
"""A system whose sampler leaves traces out: the service says so, and `rekenschap sources` shows it."""

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.frontdoor.looks import in_protobuf, post
from tests.frontdoor.service import Service
from tests.journeys.commands import rekenschap


@pytest.mark.slow
def test_a_sampler_is_warned_of_at_our_side(tmp_path):
    request = ExportTraceServiceRequest.FromString(in_protobuf(["999990019"] * 3))
    for span in request.resource_spans[0].scope_spans[0].spans:
        span.trace_state = "ot=th:c"
    with Service(tmp_path / "house") as service:
        assert post(f"{service.web}/v1/traces", request.SerializeToString())[0] == 200
        service.wait_until(lambda: "a sampler left some of its traces out" in service.said)
        assert service.stop() == 0
        assert service.said.count("source balie: a sampler") == 1
    page = tmp_path / "page.html"
    told = rekenschap("sources", "--home", tmp_path / "house", "--json", "--report", page)
    assert [each["warned"] for each in told.told["sources"]] == [["samples"]]
    said = rekenschap("sources", "--home", tmp_path / "house", "--language", "en")
    assert "note: balie: 3 of 3 records in 28 days came through a sampler." in said.out
    assert "balie: 3 van 3 berichten in 28 dagen kwamen door een steekproef." in page.read_text()
