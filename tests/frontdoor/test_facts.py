# SPDX-License-Identifier: EUPL-1.2
"""The native interface, over the wire, to the ledger: `POST /v1/facts` by the API Design Rules 2.2.1."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.emit import Reporter
from rekenschap.frontdoor.wire.description import description
from tests.frontdoor.service import Service

ROOT = Path(__file__).parents[2]
RULES = ROOT.parent / "shared" / "standards" / "adr-linter" / "linter-adr-2.2.1.yaml"
ARROW = "application/vnd.apache.arrow.stream"
SAFE = {
    "api-version": "1.0.0",
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
TASK = {
    "relation": "task",
    "source": "zaaksysteem",
    "task": "T-1",
    "done_at": "2026-03-02T09:15:00+01:00",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory):
    with Service(tmp_path_factory.mktemp("facts") / "house") as running:
        yield running


def asked(service: Service, path: str, body: bytes | None = None, kind: str = "application/json"):
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    line.request("GET" if body is None else "POST", path, body=body, headers={"Content-Type": kind})
    answer = line.getresponse()
    content = answer.read()
    line.close()
    return answer.status, content, {name.lower(): value for name, value in answer.getheaders()}


def in_arrow(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def test_work_in_json_and_arrow_and_from_the_client_is_in_the_ledger(tmp_path: Path):
    zaken = {"source": ["zaaksysteem"] * 3, "zaak": ["Z-1", "Z-2", "Z-3"]}
    zaken |= {"relation": ["zaak"] * 3, "registered_at": ["2026-03-02T08:00:00Z"] * 3}
    leave = {"kind": "leave", "staff": "m.devries", "started_at": "2026-03-03T00:00:00Z"}
    told = json.dumps({"facts": [TASK, TASK | {"done_at": "gisteren"}, {"relation": "nonsense"}]}).encode()
    with Service(tmp_path / "house") as service:
        for _ in range(2):  # told twice is one fact, and one row that waits
            status, answer, headers = asked(service, "/v1/facts", told)
            assert (status, answer, headers | SAFE) == (202, b"{}", headers)
        assert asked(service, "/v1/facts", in_arrow(pa.table(zaken)), ARROW)[0] == 202
        reporter = Reporter(service.web, spool=tmp_path / "facts", source="roosters")
        reporter.tell("presence", leave)
        assert reporter.drain(30)
        reporter.close()
        assert service.stop() == 0
    assert len(service.facts("task")) == 1
    assert len(service.facts("zaak")) == 3
    assert [each["source"] for each in service.facts("presence")] == ["roosters"]
    assert service.quarantine() == {"relation-unknown": 1, "time-unreadable": 1}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"facts": {}}', "application/json", 400),
        (b"no stream", ARROW, 400),
        (b"<facts/>", "application/xml", 415),
    ],
)
def test_what_cannot_be_taken_in_is_a_problem_in_one_sentence(
    service: Service, body: bytes, kind: str, status: int
):
    found, answer, headers = asked(service, "/v1/facts", body, kind)
    told = json.loads(answer)
    assert (found, told["status"], headers["content-type"]) == (status, status, "application/problem+json")
    assert told["title"]
    assert told["detail"].startswith("expected ")
    assert headers | SAFE == headers


def test_no_facts_are_fine(service: Service):
    assert asked(service, "/v1/facts", b'{"facts": []}')[0] == 202


def test_anyone_may_read_the_description(service: Service):
    status, answer, headers = asked(service, "/v1/openapi.json")
    assert (status, headers["access-control-allow-origin"]) == (200, "*")
    told = json.loads(answer)
    assert told["info"]["version"] == headers["api-version"]
    needed = {"relation", "looked_at", "staff", "subject", "register"}
    assert set(told["components"]["schemas"]["Consultation"]["required"]) == needed


def test_the_description_keeps_the_design_rules(javascript: Path, tmp_path: Path):
    if not RULES.exists():
        pytest.skip("the published rules are not here: ../shared/standards/adr-linter")
    (tmp_path / "openapi.json").write_bytes(description())
    ran = subprocess.run(
        ["npx", "--no-install", "spectral", "lint", "-r", RULES, tmp_path / "openapi.json"],
        cwd=javascript,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "No results with a severity of 'error' found!" in ran.stdout) == (0, True), (
        ran.stdout
    )


def test_the_page_on_reporting_does_what_it_says(tmp_path: Path):
    page = (ROOT / "docs" / "how-to" / "report-work-and-facts.md").read_text(encoding="utf-8")
    program, script = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)[0] for kind in ("python", "sh"))
    with Service(tmp_path / "house") as service:
        places = os.environ | {"FRONT_DOOR": service.web, "FACTS": str(tmp_path / "facts")}
        subprocess.run([sys.executable, "-c", program], env=places, check=True)
        if shutil.which("curl"):
            subprocess.run(["sh", "-ec", script], env=places, check=True)
        assert service.stop() == 0
    assert len(service.facts("task")) == 1
    assert len(service.facts("zaak")) == len(service.facts("presence")) == (1 if shutil.which("curl") else 0)
    assert service.quarantine() == {}
