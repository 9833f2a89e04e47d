# SPDX-License-Identifier: EUPL-1.2
"""The exporters of OpenTelemetry themselves, against a real front door: every look is in the ledger once."""

import json
import urllib.request
from collections import Counter

import grpc
import pytest
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogs
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpLogs
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpans
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.frontdoor.looks import export_logs, in_json, in_protobuf, packed, post, spans
from tests.frontdoor.service import Service


@pytest.mark.slow
def test_every_look_of_every_exporter_is_in_the_ledger_once(tmp_path):
    sent: list[str] = []

    def people(prefix: str, count: int = 40) -> list[str]:
        names = [f"K-{prefix}-{number}" for number in range(count)]
        sent.extend(names)
        return names

    with Service(tmp_path / "house") as service:
        for name, exporter in {
            "http": HttpSpans(endpoint=f"{service.web}/v1/traces"),
            "gzip": HttpSpans(endpoint=f"{service.web}/v1/traces", compression=Compression.Gzip),
            "grpc": GrpcSpans(endpoint=service.rpc, insecure=True),
            "grpc-gzip": GrpcSpans(endpoint=service.rpc, insecure=True, compression=grpc.Compression.Gzip),
        }.items():
            assert exporter.export(spans(people(name))) is SpanExportResult.SUCCESS
            exporter.shutdown()
        export_logs(HttpLogs(endpoint=f"{service.web}/v1/logs"), people("log-http", 5))
        export_logs(GrpcLogs(endpoint=service.rpc, insecure=True), people("log-grpc", 5))
        traces = f"{service.web}/v1/traces"
        status, headers, body = post(traces, in_json(people("json")))
        assert (status, headers["content-type"], json.loads(body)) == (200, "application/json", {})
        status, headers, body = post(
            traces, packed(in_protobuf(people("by-hand"))), headers={"content-encoding": "gzip"}
        )
        assert (status, headers["content-type"], body) == (200, "application/x-protobuf", b"")
        again = in_json(people("twice"))
        for _ in range(3):
            assert post(traces, again)[0] == 200
        for path in ("/livez", "/readyz"):
            with urllib.request.urlopen(f"{service.web}{path}") as answer:  # noqa: S310
                assert answer.status == 200
        assert service.stop() == 0
        assert service.originals() == Counter(sent)
        assert service.quarantine() == {}
        assert service.said == ""


@pytest.mark.slow
def test_a_bad_record_waits_in_quarantine_and_those_beside_it_are_taken_in(tmp_path):
    with Service(tmp_path / "house") as service:
        request = in_json(["K-1", "K-2", "K-3", "K-4"])
        records = request["resourceSpans"][0]["scopeSpans"][0]["spans"]
        records[1]["attributes"] = [{"key": "http.route", "value": {"stringValue": "/k"}}]
        records[2]["startTimeUnixNano"] = "12"
        assert post(f"{service.web}/v1/traces", request)[0] == 200
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1", "K-4"])
        assert sum(service.quarantine().values()) == 2
        assert service.quarantine()["kind-unknown"] == 1


@pytest.mark.slow
def test_the_house_can_be_appended_to_by_other_programs_while_it_serves(tmp_path):
    from tests.journeys.commands import rekenschap
    from tests.journeys.test_sequencer_command import LOOKS, written

    with Service(tmp_path / "house") as service:
        file = written(tmp_path / "looks.jsonl", LOOKS)
        taken = rekenschap("intake", file, "--profile", "native-jsonl", "--home", service.home)
        assert taken.code == 0, taken.err
        assert post(f"{service.web}/v1/traces", in_json(["K-7"]))[0] == 200
        assert service.stop() == 0
        assert len(service.facts()) == len(LOOKS) + 1
