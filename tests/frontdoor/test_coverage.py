# SPDX-License-Identifier: EUPL-1.2
"""What came in over the network is seen at once, long before it is sealed, and so is a silence."""

import json
import subprocess
import sys
import time

from rekenschap.audit.sources.coverage import Watching, standing_in
from rekenschap.house import House, LedgerPlace, microseconds_now
from rekenschap.model.coverage import Hears
from tests.frontdoor.looks import in_protobuf, post
from tests.frontdoor.service import Service

MINUTE = 60_000_000
SOURCES = """
[[source]]
name = "desk"
systems = ["balie"]
expected = "every minute"
"""


def told(service: Service) -> dict:
    command = [sys.executable, "-m", "rekenschap", "sources", "--json", "--home", str(service.home)]
    said = subprocess.run(command, capture_output=True, check=False)
    assert said.returncode in (0, 6), said.stderr
    return json.loads(said.stdout.splitlines()[-1])


def test_a_source_is_heard_within_a_minute_and_its_silence_is_told_while_nothing_is_sealed(tmp_path):
    with Service(tmp_path / "house") as service:
        (service.home / "sources.toml").write_text(SOURCES, encoding="utf-8")
        house, before = House.at(service.home), microseconds_now()
        watching = Watching(house)
        assert list(watching.ask(at=before)) == [("balie", Hears.NEVER)]
        assert post(f"{service.web}/v1/traces", in_protobuf(["K-1", "K-2", "K-3"]))[0] == 200
        sent = time.monotonic()
        service.wait_until(lambda: standing_in(house, at=microseconds_now()).unsealed == 3, patience=60)
        assert time.monotonic() - sent < 60
        assert LedgerPlace.of(service.home).ledger().size == 0
        answer = told(service)
        (source,) = answer["sources"]
        assert (source["name"], source["hears"], source["facts"]) == ("balie", "heard", 3)
        assert (answer["unsealed"], answer["size"], answer["seen_until"]) == (3, 0, answer["at"])
        assert source["gap_seconds"] <= 60
        after = microseconds_now()
        assert list(watching.ask(at=after)) == [("balie", Hears.HEARD)]
        assert list(watching.ask(at=after + 3 * MINUTE)) == [("balie", Hears.SILENT)]
        assert service.stop() == 0, service.said
        assert standing_in(house, at=after).unsealed == 0
