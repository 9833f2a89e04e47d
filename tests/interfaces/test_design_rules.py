# SPDX-License-Identifier: EUPL-1.2
"""NL GOV API Design Rules 2.2.1: what Spectral sees in our description, and what a running service shows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from rekenschap_read.door.description import description
from tests.interfaces.conftest import CHAIN, PORTAL
from tests.interfaces.service import Readers
from tests.servers import node

RULES = Path(__file__).parents[3] / "shared" / "standards" / "adr-linter" / "linter-adr-2.2.1.yaml"
SAFE = {
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
LDV = "/lezen/v1/processing-activities"
EVERYWHERE = [
    ("GET", "/", "", 404), ("GET", "/lezen/v1", "", 404), ("GET", f"{LDV}/", CHAIN, 404),
    ("GET", LDV, CHAIN, 405), ("DELETE", LDV, "", 405), ("POST", LDV, "", 401), ("POST", LDV, CHAIN, 400),
    ("GET", "/tracker/v2/heartbeat", PORTAL, 200), ("POST", "/tracker/v2/heartbeat", PORTAL, 405),
    ("GET", "/inzage/api/v1/verwerkte-objecten", PORTAL, 400), ("TRACE", LDV, "", 405),
    ("GET", "/inzage/api/v1/verwerkte-objecten/x", PORTAL, 404), ("GET", "/lezen/v1/openapi.json", "", 200),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "client", "status"), EVERYWHERE)
def test_every_answer_has_a_version_safe_headers_and_problems_in_their_form(
    readers: Readers, method: str, path: str, client: str, status: int
):
    got = readers.ask(path, client=client, method=method)
    assert got.status == status
    assert got.headers | SAFE == got.headers
    assert got.headers["api-version"].count(".") == 2
    if status >= 400:
        assert got.headers["content-type"] == "application/problem+json"
        assert {"status", "title", "detail"} <= set(got.told)
        assert got.told["status"] == status
    if status == 405:
        assert got.headers["allow"]
    assert "server" not in got.headers


def test_anyone_may_read_the_description_and_it_is_of_this_version(readers: Readers):
    got = readers.ask("/lezen/v1/openapi.json")
    assert (got.headers["access-control-allow-origin"], got.headers["content-type"]) == (
        "*",
        "application/json",
    )
    assert got.told["info"]["version"] == got.headers["api-version"]
    assert readers.ask("/lezen/v1/openapi.json", method="HEAD").body == b""


def test_what_is_not_in_the_file_is_off(readers: Readers):
    path = readers.home / "read" / "read.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("[tracker]", "[other-off]").replace('prefix = "EE"', ""), encoding="utf-8")
    try:  # a file that is not good does not open or close anything
        assert readers.ask("/tracker/v2/heartbeat", client=PORTAL).status == 200
        path.write_text(before.replace('[tracker]\nprefix = "EE"', ""), encoding="utf-8")
        assert readers.ask("/tracker/v2/heartbeat", client=PORTAL).status == 404
    finally:
        path.write_text(before, encoding="utf-8")
    assert readers.ask("/tracker/v2/heartbeat", client=PORTAL).status == 200


def test_an_interface_with_a_host_of_its_own_answers_there_only(readers: Readers):
    path = readers.home / "read" / "read.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("[inzage]", '[inzage]\nhost = "inzage.example"'), encoding="utf-8")
    objects = "/inzage/api/v1/verwerkte-objecten"
    try:
        assert readers.ask(objects, client=PORTAL).status == 404
        assert readers.ask(objects, client=PORTAL, headers={"Host": "inzage.example:443"}).status == 400
    finally:
        path.write_text(before, encoding="utf-8")


def test_no_address_is_written_down_anywhere(readers: Readers):
    mark = "K-not-in-any-log"
    query = f"objecttype=persoon&soortObjectId=x&objectId={mark}&beginDatum=2020-01-01&eindDatum=2020-02-01"
    assert readers.ask(f"/inzage/api/v1/verwerkte-objecten?{query}", client=PORTAL).status == 200
    assert mark not in readers.said
    assert not [
        each for each in readers.home.rglob("*") if each.is_file() and mark.encode() in each.read_bytes()
    ]


@pytest.fixture(scope="module")
def spectral(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Spectral is installed."""
    folder = tmp_path_factory.mktemp("javascript")
    reason = node.why_not() or node.install(folder)
    if reason:
        pytest.skip(reason)
    return folder


def test_the_description_keeps_the_design_rules(spectral: Path, tmp_path: Path):
    if not RULES.exists():
        pytest.skip("the published rules are not here: ../shared/standards/adr-linter")
    (tmp_path / "openapi.json").write_bytes(description())
    ran = subprocess.run(
        ["npx", "--no-install", "spectral", "lint", "-r", RULES, tmp_path / "openapi.json"],
        cwd=spectral, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, "No results with a severity of 'error' found!" in ran.stdout) == (0, True), (
        ran.stdout
    )


def test_what_a_rule_would_see_is_seen(spectral: Path, tmp_path: Path):
    """The check can fail: without a version in the headers it does."""
    if not RULES.exists():
        pytest.skip("the published rules are not here: ../shared/standards/adr-linter")
    told = json.loads(description())
    for answer in told["paths"]["/processing-activities"]["post"]["responses"].values():
        del answer["headers"]
    (tmp_path / "openapi.json").write_text(json.dumps(told), encoding="utf-8")
    ran = subprocess.run(
        ["npx", "--no-install", "spectral", "lint", "-r", RULES, tmp_path / "openapi.json"],
        cwd=spectral, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stdout
