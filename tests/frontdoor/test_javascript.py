# SPDX-License-Identifier: EUPL-1.2
"""The exporters of OpenTelemetry for JavaScript, from npm, against a real front door."""

import subprocess
from collections import Counter

import pytest

from tests.frontdoor.service import Service

COUNT = 120


@pytest.mark.slow
def test_every_look_of_the_javascript_exporters_is_in_the_ledger_once(tmp_path, javascript):
    sent: list[str] = []
    with Service(tmp_path / "house") as service:
        for way, address, compression in (
            ("proto", f"{service.web}/v1/traces", "gzip"),
            ("proto", f"{service.web}/v1/traces", "none"),
            ("http", f"{service.web}/v1/traces", "gzip"),
            ("grpc", f"http://{service.rpc}", "none"),
        ):
            command = ["node", "looks.js", way, address, str(COUNT), compression]
            done = subprocess.run(command, cwd=javascript, capture_output=True, text=True, timeout=180)
            assert done.returncode == 0, done.stderr
            sent += [f"K-js-{way}-{compression}-{number}" for number in range(COUNT)]
        assert service.stop() == 0
        assert service.originals() == Counter(sent)
        assert service.quarantine() == {}
        assert service.said == ""
