# SPDX-License-Identifier: EUPL-1.2
"""The disk is full while sources send: each is told to come back, and nothing is lost or taken in twice."""

import time
from collections import Counter

import pytest

from tests.frontdoor.looks import in_protobuf, post
from tests.frontdoor.service import Service
from tests.small_disk import small_disk


@pytest.mark.slow
def test_what_was_said_to_be_safe_when_the_disk_filled_is_in_the_ledger_once(tmp_path):
    with small_disk(tmp_path / "small", size=64, taken=57) as place, Service(place / "house") as service:
        safe: list[str] = []
        refused: list[int] = []
        left: list[tuple[list[str], bytes]] = []
        for request in range(1_000):
            people = [f"K-{request}-{number}" for number in range(500)]
            body = in_protobuf(people)
            status, headers, _ = post(f"{service.web}/v1/traces", body)
            if status == 200:
                safe += people
            else:
                refused.append(status)
                left.append((people, body))
                assert headers["retry-after"].isdigit()
                if len(refused) > 5:
                    break
        assert refused
        assert set(refused) == {503}
        assert safe
        (place / "ballast").unlink()
        until = time.monotonic() + 120
        for people, body in left:
            while post(f"{service.web}/v1/traces", body)[0] != 200:
                assert time.monotonic() < until, service.said
                time.sleep(0.3)
            safe += people
        assert service.stop() == 0, service.said
        while list((place / "house" / "inbox").glob("*.frames")):  # there was no time for all: the rest waits
            service.start()
            assert service.stop() == 0, service.said
        assert service.originals() == Counter(safe)
        assert "K-" not in service.said
