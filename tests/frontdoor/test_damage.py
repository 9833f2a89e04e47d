# SPDX-License-Identifier: EUPL-1.2
"""The inbox was damaged, or somebody else is at it: it is said, and nothing is skipped in silence."""

import os
import signal
from collections import Counter

import pytest

from tests.frontdoor.looks import in_protobuf, post
from tests.frontdoor.service import Service
from tests.journeys.commands import rekenschap

PORTS = ("--port", 0, "--grpc-port", 0)


@pytest.mark.slow
def test_a_damaged_inbox_is_an_alarm_and_what_is_whole_in_it_is_taken_in_afterwards(tmp_path):
    with Service(tmp_path / "house") as service:
        worker = service.worker()
        assert worker is not None
        os.kill(worker, signal.SIGSTOP)
        for number in range(5):
            assert post(f"{service.web}/v1/traces", in_protobuf([f"K-{number}"]))[0] == 200
        service.kill()
        os.kill(worker, signal.SIGKILL)
        (held,) = (service.home / "inbox").glob("*.frames")
        content = bytearray(held.read_bytes())
        content[len(content) // 2] ^= 1
        held.write_bytes(content)
        told = rekenschap("intake", "serve", "--home", service.home, *PORTS)
        assert told.code == 5
        assert held.name in told.err
        assert ".evidence" in told.err
        assert held.read_bytes() == content
        held.rename(held.with_name(f"{held.name}.evidence"))
        service.start()
        assert service.stop() == 0
        found = service.originals()
        assert len(found) == 4
        assert found < Counter({f"K-{number}": 1 for number in range(5)})
        assert held.with_name(f"{held.name}.evidence").read_bytes() == content


@pytest.mark.slow
def test_a_second_service_on_the_same_house_is_told_and_the_first_goes_on(tmp_path):
    with Service(tmp_path / "house") as service:
        told = rekenschap("intake", "serve", "--home", service.home, *PORTS)
        assert told.code == 4
        assert "another at work" in told.err
        assert post(f"{service.web}/v1/traces", in_protobuf(["K-1"]))[0] == 200
        assert service.stop() == 0
        assert service.originals() == Counter(["K-1"])


@pytest.mark.slow
def test_a_port_that_is_taken_is_told_in_one_sentence(tmp_path):
    with Service(tmp_path / "first") as service:
        told = rekenschap(
            "intake", "serve", "--home", tmp_path / "second", "--port", service.port, "--grpc-port", 0
        )
        assert (told.code, told.out) == (4, "")
        assert f"a free port {service.port}" in told.err
        told = rekenschap(
            "intake", "serve", "--home", tmp_path / "second", "--port", 0, "--grpc-port", service.grpc_port
        )
        assert told.code == 4
        assert f"a free port {service.grpc_port}" in told.err
