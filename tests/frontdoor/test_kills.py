# SPDX-License-Identifier: EUPL-1.2
"""Killed at any moment: every look a client was told is safe is in the ledger once."""

import http.client
import os
import signal
import threading
import time
import urllib.error
from collections import Counter
from random import Random

import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpans
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.frontdoor.looks import in_protobuf, post, spans
from tests.frontdoor.service import Service, alive

PRODUCERS, REQUESTS, RECORDS = 4, 120, 15


class Producers:
    """Clients that send each request until they are told that it is safe."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.safe: list[str] = []
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(PRODUCERS)]

    def __enter__(self) -> "Producers":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._threads:
            each.join()

    @property
    def are_busy(self) -> bool:
        return any(each.is_alive() for each in self._threads)

    def _send(self, producer: int) -> None:
        for request in range(REQUESTS):
            people = [f"K-{producer}-{request}-{number}" for number in range(RECORDS)]
            body = in_protobuf(people)
            while not self._is_taken(body):
                time.sleep(0.05)
            self.safe += people
            time.sleep(0.02)

    def _is_taken(self, body: bytes) -> bool:
        try:
            return post(f"{self._service.web}/v1/traces", body)[0] == 200
        except (OSError, urllib.error.URLError, http.client.HTTPException):
            return False


@pytest.mark.slow
def test_every_look_that_was_said_to_be_safe_is_in_the_ledger_once_however_often_it_is_killed(tmp_path):
    random = Random(4)  # noqa: S311
    with Service(tmp_path / "house") as service:
        kills = 0
        with Producers(service) as producers:
            while producers.are_busy and kills < 4:
                time.sleep(random.uniform(0.05, 0.8))
                worker = service.worker()
                service.kill()
                kills += 1
                assert worker is not None
                service.wait_until(lambda gone=worker: not alive(gone), patience=60)
                service.start()
        assert kills >= 2
        assert len(producers.safe) == PRODUCERS * REQUESTS * RECORDS
        assert service.stop() == 0
        assert service.originals() == Counter(producers.safe)
        assert service.quarantine() == {}


@pytest.mark.slow
def test_a_worker_that_is_killed_is_followed_by_another_and_nobody_notices(tmp_path):
    with Service(tmp_path / "house") as service:
        with Producers(service) as producers:
            for _ in range(2):
                time.sleep(0.4)
                worker = service.worker()
                if worker is not None:
                    os.kill(worker, signal.SIGKILL)
                    service.wait_until(lambda before=worker: service.worker() not in (before, None))
        assert service.stop() == 0
        assert service.originals() == Counter(producers.safe)


@pytest.mark.slow
def test_exporters_of_opentelemetry_come_back_by_themselves(tmp_path):
    """With the time-out that our page asks for, an exporter lives through a restart of the service."""
    with Service(tmp_path / "house") as service:
        exporters = [
            HttpSpans(endpoint=f"{service.web}/v1/traces", timeout=120),
            GrpcSpans(endpoint=service.rpc, insecure=True, timeout=120),
        ]
        told: list[SpanExportResult] = []
        names = [[f"K-{way}-{number}" for number in range(50)] for way in range(2)]
        service.kill()

        def export(way: int) -> None:
            told.append(exporters[way].export(spans(names[way])))

        threads = [threading.Thread(target=export, args=(way,)) for way in range(2)]
        for each in threads:
            each.start()
        service.start()
        for each in threads:
            each.join()
        assert told == [SpanExportResult.SUCCESS] * 2
        assert service.stop() == 0
        assert service.originals() == Counter(name for way in names for name in way)
