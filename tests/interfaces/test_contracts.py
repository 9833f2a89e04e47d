# SPDX-License-Identifier: EUPL-1.2
"""Each interface held against its published contract: schemathesis asks, and no check of it may fail.

The contracts lie beside the project, not in it; the program `schemathesis` is in the group `contracts`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.interfaces.service import Readers
from tests.interfaces.town import ME

STANDARDS = Path(__file__).parents[3] / "shared" / "standards"
LDV = STANDARDS / "derived" / "ldv-lezen-openapi.repaired.json"
ANYBODY = "iedereen"
CONTRACTS = {
    "tracker": ("aj-datatracker/dumonitor-openapi.yaml", "/tracker"),
    "inzage": ("vng-verwerkingenlogging/inzage-api-0.9.0.yaml", "/inzage/api/v1"),
    "bewerking": ("vng-verwerkingenlogging/bewerking-api-0.9.0.yaml", "/bewerking/api/v1"),
}
ONLY_READING = {"bewerking": ("--include-method", "GET")}
"""What writes answers 501, which the contract allows and schemathesis takes for a fault of the server."""


@pytest.fixture(scope="module")
def schemathesis() -> str:
    """Where the program is."""
    beside = Path(sys.executable).with_name("schemathesis")
    found = str(beside) if beside.is_file() else shutil.which("schemathesis")
    if found is None:
        pytest.skip("no schemathesis: uv sync --group contracts")
    return found


@pytest.fixture(scope="module")
def token(readers: Readers) -> str:
    """A client that may read by every interface."""
    words = [word for each in ("ldv", *CONTRACTS) for word in ("--reads", each)]
    return readers.tokens.get(ANYBODY) or readers.add(
        ANYBODY, *words, "--rights", "read:confidential", "--a-minute", "10000000"
    )


def held(
    program: str, contract: Path, address: str, token: str, *more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            program, "run", str(contract), "--url", address, "--header", f"Authorization: Bearer {token}",
            "--phases", "examples,coverage,fuzzing", "--max-examples", "50", "--continue-on-failure",
            "--suppress-health-check", "all", "--no-color", "--seed", "1", *more,
        ],
        capture_output=True, text=True, check=False, env={**os.environ, "SCHEMATHESIS_HOOKS": ""},
        cwd=tempfile.gettempdir(),
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_no_check_fails_on_the_published_contract(name: str, schemathesis: str, readers: Readers, token: str):
    path, base = CONTRACTS[name]
    if not (STANDARDS / path).is_file():
        pytest.skip(f"the published contract is not here: ../shared/standards/{path}")
    ran = held(schemathesis, STANDARDS / path, readers.address + base, token, *ONLY_READING.get(name, ()))
    assert ran.returncode == 0, ran.stdout
    assert "Test cases" in ran.stdout


def test_no_check_fails_on_the_ldv_contract_with_its_rule_in_words_added(
    schemathesis: str, readers: Readers, token: str, tmp_path: Path
):
    """The text says what the schema does not: one of three must be given, or it is a 400."""
    if not LDV.is_file():
        pytest.skip("the published contract is not here: ../shared/standards/derived")
    told = json.loads(LDV.read_text(encoding="utf-8"))
    schemas = told["components"]["schemas"]
    three = ("traceId", "dpl.core.processing_activity_id", "dpl.core.data_subject_id")
    schemas["ProcessingActivityRequest"]["anyOf"] = [{"required": [each]} for each in three]
    contract = tmp_path / "ldv.json"
    contract.write_text(json.dumps(told), encoding="utf-8")
    ran = held(schemathesis, contract, f"{readers.address}/lezen/v1", token)
    assert ran.returncode == 0, ran.stdout


def test_an_answer_has_the_members_of_the_example_in_the_protocol(readers: Readers, token: str):
    protocol = STANDARDS / "aj-datatracker" / "Kasutusteabe_esitamise_protokoll.md"
    if not protocol.is_file():
        pytest.skip("the published protocol is not here: ../shared/standards/aj-datatracker")
    text = protocol.read_text(encoding="utf-8")
    usages, period, beat = (json.loads(each) for each in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    ours = readers.ask(
        f"/tracker/v2/findUsage?userCode=EE{ME}", client=ANYBODY, headers={"X-Road-UserId": "EE1"}
    ).told
    assert token
    assert ours.keys() == usages.keys()
    assert ours["usages"][0].keys() == usages["usages"][0].keys()
    assert readers.ask("/tracker/v2/usagePeriod", client=ANYBODY).told.keys() >= period.keys()
    assert readers.ask("/tracker/v2/heartbeat", client=ANYBODY).told.keys() == beat.keys()


def test_an_action_has_no_member_that_a_real_one_has_not(readers: Readers, token: str):
    """The only public implementation is that of Nijmegen; who looked is in its answer, and never in ours."""
    sample = STANDARDS / "nijmegen-verwerkingenlogging" / "getverwerkingesactie_id_response.json"
    if not sample.is_file():
        pytest.skip("the published sample is not here: ../shared/standards/nijmegen-verwerkingenlogging")
    theirs = json.loads(sample.read_text(encoding="utf-8"))
    query = f"objecttype=persoon&soortObjectId=klantnummer&objectId={ME}"
    assert token
    ours = readers.ask(f"/bewerking/api/v1/verwerkingsacties?{query}", client=ANYBODY).told["results"][1]
    assert ours.keys() <= theirs.keys() - {"gebruiker"}
    assert {"actieId", "tijdstip", "tijdstipRegistratie", "verwerkteObjecten", "url"} <= ours.keys()


def test_no_check_fails_on_our_own_description(
    schemathesis: str, readers: Readers, token: str, tmp_path: Path
):
    contract = tmp_path / "openapi.json"
    contract.write_bytes(readers.ask("/lezen/v1/openapi.json").body)
    ran = held(schemathesis, contract, f"{readers.address}/lezen/v1", token)
    assert ran.returncode == 0, ran.stdout
