# SPDX-License-Identifier: EUPL-1.2
"""The page for users of OpenTelemetry, run as written: its command opens the door, its program reports."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from rekenschap.frontdoor.callers.sources import read_callers
from tests.frontdoor.service import Service

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "how-to" / "connect-by-opentelemetry.md"
REFERENCE = DOCS / "reference" / "sources.md"


def block(page: Path, language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.S | re.M)
    return found


@pytest.mark.slow
def test_the_program_on_the_page_reports_its_look(tmp_path):
    command = block(PAGE, "sh").split()
    assert command[:3] == ["rekenschap", "intake", "serve"]
    assert command[3:] == ["--home", "house", "--port", "4318", "--grpc-port", "4317"]
    with Service(tmp_path / "house") as service:
        program = block(PAGE, "python").replace("http://127.0.0.1:4318", service.web)
        assert program != block(PAGE, "python")
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr) == (0, "")
        assert service.stop() == 0
        assert service.originals() == Counter(["999990019"])
        (fact,) = service.facts()
        assert (fact["source"], fact["register"]) == ("balie", "BRP")
        assert fact["zaak"] is not None


def test_the_example_of_sources_toml_is_one(tmp_path):
    text = block(REFERENCE, "toml").replace('"5f0c3a…", "a1b2c3…"', f'"{"a" * 64}", "{"B" * 64}"')
    (tmp_path / "sources.toml").write_text(text)
    (tmp_path / "tls").mkdir()
    for name in ("server.pem", "server.key", "sources-ca.pem"):
        (tmp_path / "tls" / name).touch()
    callers = read_callers(tmp_path)
    assert [source.name for source in callers.sources] == ["balie", "belastingen"]
    assert set(callers.by_certificate) == {"a" * 64, "b" * 64}
    assert callers.sources[1].requests_per_second == 50
    assert callers.oauth is not None
