# SPDX-License-Identifier: EUPL-1.2
"""What waits of the front door is shown with the names of its fields, and without a value."""

import json
import subprocess
import sys

from tests.frontdoor.looks import in_json, in_protobuf, post
from tests.frontdoor.service import Service

BSN = "999990019"


def shown(service: Service, reason: str) -> str:
    command = [sys.executable, "-m", "rekenschap", "quarantine", "show", reason, "--home", str(service.home)]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_a_record_and_a_fact_are_shown_by_the_names_of_their_fields_and_no_value(tmp_path):
    fact = {"relation": "consultation", "source": "balie", "staff": "m.devries", "subjekt": BSN}
    with Service(tmp_path / "house") as service:
        misspelt = json.dumps(in_json([BSN])).replace("rekenschap.staff.id", "rekenschap.staf.id")
        assert post(f"{service.web}/v1/traces", json.loads(misspelt))[0] == 200
        strange = in_protobuf([BSN]).replace(b"rekenschap.staff.id", b"rekenschap.stafX.id")
        assert post(f"{service.web}/v1/traces", strange)[0] == 200
        assert post(f"{service.web}/v1/facts", {"facts": [fact]})[0] == 202
        assert service.stop() == 0, service.said
        records, facts = shown(service, "kind-unknown"), shown(service, "column-unknown")
    pair = "resourceSpans[0].scopeSpans[0].spans[0].attributes[{}].stringValue = "
    assert pair.format("rekenschap.staf.id") in records
    assert pair.format("rekenschap.stafX.id") in records
    assert "unreadable.subjekt = 999999999" in facts
    assert "staff = x.xxxxxxx" in facts
    assert BSN not in records + facts + service.said
    assert "devries" not in records + facts
