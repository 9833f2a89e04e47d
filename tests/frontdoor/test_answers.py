# SPDX-License-Identifier: EUPL-1.2
"""What the front door answers: yes only to what is durable, no only to what can never be taken in."""

import gzip
import http.client
import json
import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.frontdoor.looks import in_json, in_protobuf, packed, post
from tests.frontdoor.service import Service

PROTOBUF, JSON = "application/x-protobuf", "application/json"
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with Service(tmp_path_factory.mktemp("answers") / "house") as running:
        yield running


def asked(service, method: str, path: str, body: bytes | None = None, headers=None):
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    line.request(method, path, body=body, headers=headers or {})
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return answer.status, dict(answer.getheaders()), content


@pytest.mark.slow
@pytest.mark.parametrize("kind", [PROTOBUF, JSON])
@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs"])
@pytest.mark.parametrize(
    "body", [b"\xff\xff\xff", b"[1, 2]", b"\x0a\x05abc", b'{"resourceSpans": 3, "resourceLogs": 3}']
)
def test_what_cannot_be_decoded_gets_a_400_in_the_encoding_of_the_request(service, kind, path, body):
    status, headers, answer = post(f"{service.web}{path}", body, kind=kind)
    assert (status, headers["content-type"]) == (400, kind)
    said = Status.FromString(answer).message if kind == PROTOBUF else json.loads(answer)["message"]
    assert "mend the exporter" in said
    assert "retry-after" not in headers


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "encoding"),
    [("text/plain", ""), ("", ""), ("application/xml", ""), (PROTOBUF, "br"), (PROTOBUF, "deflate")],
)
def test_another_kind_or_encoding_gets_a_415(service, kind, encoding):
    status, _, answer = asked(
        service, "POST", "/v1/traces", in_protobuf(["K-1"]),
        {"content-type": kind, "content-encoding": encoding} if encoding else {"content-type": kind},
    )  # fmt: skip
    assert status == 415
    assert b"application/x-protobuf" in answer


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/v1/traces", 405, "POST"),
        ("PUT", "/v1/logs", 405, "POST"),
        ("OPTIONS", "/v1/logs", 405, "POST"),
        ("POST", "/readyz", 405, "GET, HEAD"),
        ("POST", "/v1/metrics", 404, None),
        ("GET", "/", 404, None),
        ("HEAD", "/livez", 200, None),
        ("GET", "/readyz", 200, None),
    ],
)
def test_another_place_or_method_is_told(service, method, path, status, allow):
    found, headers, _ = asked(service, method, path)
    assert (found, headers.get("allow")) == (status, allow)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "body"),
    [(PROTOBUF, b""), (JSON, b"{}"), (JSON, b'{"resourceSpans": []}'), (JSON, b'{"resourceSpans": null}')],
)
def test_an_empty_request_is_fine(service, kind, body):
    status, headers, answer = post(f"{service.web}/v1/traces", body, kind=kind)
    assert (status, headers["content-type"]) == (200, kind)
    assert answer == (b"" if kind == PROTOBUF else b"{}")


@pytest.mark.slow
def test_a_bomb_is_refused_while_it_goes_off(service):
    bomb = gzip.compress(bytes(300 << 20), 9)
    assert len(bomb) < 400_000
    status, headers, _ = post(f"{service.web}/v1/traces", bomb, headers={"content-encoding": "gzip"})
    assert (status, headers["content-type"]) == (413, PROTOBUF)


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut", "bytes", "after"])
def test_a_gzip_that_is_none_gets_a_400(service, damage):
    body = packed(in_protobuf(["K-1"]))
    spoiled = {"cut": body[:-9], "bytes": b"\x1f\x8b" + b"abc" * 9, "after": body + b"more"}[damage]
    assert post(f"{service.web}/v1/traces", spoiled, headers={"content-encoding": "gzip"})[0] == 400


@pytest.mark.slow
def test_a_body_in_pieces_without_a_length_is_taken_in(service):
    body = in_protobuf(["K-pieces"])
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    pieces = (body[at : at + 50] for at in range(0, len(body), 50))
    line.request("POST", "/v1/traces", body=pieces, headers={"content-type": PROTOBUF}, encode_chunked=True)
    assert line.getresponse().status == 200
    line.close()


@pytest.mark.slow
def test_more_than_a_request_may_hold_gets_a_413_before_it_is_read(service):
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    line.putrequest("POST", "/v1/traces")
    line.putheader("content-type", PROTOBUF)
    line.putheader("content-length", str(1 << 40))
    line.endheaders()
    assert line.getresponse().status == 413
    line.close()


@pytest.mark.slow
def test_a_head_without_end_is_not_kept_in_memory(service):
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    line.putrequest("POST", "/v1/traces")
    for number in range(90):
        line.putheader(f"x-{number}", "a" * 1_000)
    line.endheaders()
    assert line.getresponse().status == 400
    line.close()


@pytest.mark.slow
def test_grpc_says_why_in_its_own_words(service):
    with grpc.insecure_channel(service.rpc) as channel:
        export = channel.unary_unary(EXPORT)
        assert export(in_protobuf(["K-grpc"])) == b""
        assert export(b"") == b""
        with pytest.raises(grpc.RpcError) as told:
            export(b"\xff\xff\xff")
        assert told.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        with pytest.raises(grpc.RpcError) as told:
            export(bytes(65 << 20))
        assert told.value.code() in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE)


@pytest.mark.slow
def test_when_the_inbox_is_full_sources_are_told_to_come_back_and_nothing_is_lost(tmp_path):
    """The worker is held; what comes in waits, until no more may; then it goes on and takes it all in."""
    with Service(tmp_path / "house", "--waiting", "1") as service:
        worker = service.worker()
        assert worker is not None
        os.kill(worker, signal.SIGSTOP)
        people = [f"K-{number}" for number in range(40)]
        bodies = {one: in_protobuf([f"{one}-{number}" for number in range(800)]) for one in people}
        with ThreadPoolExecutor(4) as several:
            told = list(several.map(lambda one: post(f"{service.web}/v1/traces", bodies[one]), people))
        statuses = Counter(status for status, _, _ in told)
        assert set(statuses) == {200, 503}
        refused = next(each for each in told if each[0] == 503)
        assert refused[1]["retry-after"].isdigit()
        status = Status.FromString(refused[2])
        assert any(detail.Is(RetryInfo.DESCRIPTOR) for detail in status.details)
        with grpc.insecure_channel(service.rpc) as channel:
            with pytest.raises(grpc.RpcError) as error:
                channel.unary_unary(EXPORT)(bodies["K-1"])
            assert error.value.code() is grpc.StatusCode.UNAVAILABLE
            names = dict(error.value.trailing_metadata())
            assert RetryInfo.FromString(names["google.rpc.retryinfo-bin"]).retry_delay.seconds > 0
        assert asked(service, "GET", "/readyz")[0] == 503
        assert asked(service, "GET", "/livez")[0] == 200
        os.kill(worker, signal.SIGCONT)
        left = [one for one, (status, _, _) in zip(people, told, strict=True) if status == 503]
        until = time.monotonic() + 120
        while left and time.monotonic() < until:
            left = [one for one in left if post(f"{service.web}/v1/traces", bodies[one])[0] != 200]
            time.sleep(0.2)
        assert not left
        assert service.stop() == 0
        assert sum(service.originals().values()) == 40 * 800
        assert set(service.originals().values()) == {1}


@pytest.mark.slow
def test_records_under_another_name_come_into_quarantine(tmp_path):
    """Each is answered with 200, so each must be somewhere."""
    look = json.dumps(in_json(["K-elsewhere"]))
    with Service(tmp_path / "house") as service:
        for old, new in [
            ('"resourceSpans"', '"resource_spans"'),
            ('"scopeSpans"', '"scope_spans"'),
            ('"scopeSpans"', '"instrumentationLibrarySpans"'),
            ('"resourceSpans"', '"resourceLogs"'),
        ]:
            body = look.replace(old, new).encode()
            assert post(f"{service.web}/v1/traces", body, kind=JSON)[0] == 200
        assert service.stop() == 0
        assert service.quarantine() == {"unreadable": 4}


@pytest.mark.slow
def test_a_gzip_of_empty_members_holds_nobody_up(tmp_path):
    with Service(tmp_path / "house") as service, ThreadPoolExecutor(4) as several:
        members = gzip.compress(b"") * 700_000
        bad = [
            several.submit(post, f"{service.web}/v1/traces", members, headers={"content-encoding": "gzip"})
            for _ in range(4)
        ]
        until = time.monotonic() + 10
        while not all(each.done() for each in bad):
            assert asked(service, "GET", "/livez")[0] == 200
            assert time.monotonic() < until
        assert [each.result()[0] for each in bad] == [400] * 4
        assert service.stop() == 0


def test_the_request_of_these_tests_is_one_that_opentelemetry_reads():
    read = ExportTraceServiceRequest.FromString(in_protobuf(["K-1", "K-2"]))
    assert len(read.resource_spans[0].scope_spans[0].spans) == 2
    assert len(in_json(["K-1", "K-2"])["resourceSpans"][0]["scopeSpans"][0]["spans"]) == 2


@pytest.mark.slow
def test_half_requests_hold_up_neither_others_nor_the_end_of_the_service(tmp_path):
    """Forty that promise 16 MiB and send one byte."""
    with Service(tmp_path / "house") as service:
        half = [http.client.HTTPConnection("127.0.0.1", service.port, timeout=30) for _ in range(40)]
        for line in half:
            line.putrequest("POST", "/v1/traces")
            line.putheader("content-type", PROTOBUF)
            line.putheader("content-length", str(16 << 20))
            line.endheaders(b"a")
        time.sleep(0.3)
        assert post(f"{service.web}/v1/traces", in_protobuf(["K-1"]))[0] == 200
        begun = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - begun < 15
        for line in half:
            line.close()
