# SPDX-License-Identifier: EUPL-1.2
"""The front door is in an extra of its own; gRPC writes to standard error unless it is told not to."""

import os
import shutil
from pathlib import Path

import pytest

from tests.servers import node

os.environ.setdefault("GRPC_VERBOSITY", "NONE")
for needed in ("uvicorn", "grpc", "opentelemetry.sdk"):
    pytest.importorskip(needed)

SCRIPTS = Path(__file__).parent / "javascript"


@pytest.fixture(scope="session")
def javascript(tmp_path_factory):
    """A folder in which our scripts in JavaScript find the packages they import."""
    reason = node.why_not()
    folder = tmp_path_factory.mktemp("javascript")
    reason = reason or node.install(folder)
    if reason:
        pytest.skip(reason)
    for script in SCRIPTS.glob("*.js"):
        shutil.copy(script, folder)
    return folder


@pytest.fixture(autouse=True)
def _no_other_authorities(monkeypatch):
    """What stands in these comes before what an exporter is told itself."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"):
        monkeypatch.delenv(name, raising=False)
