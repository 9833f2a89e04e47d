# SPDX-License-Identifier: EUPL-1.2
"""The front door is in an extra of its own; gRPC writes to standard error unless it is told not to."""

import os

import pytest

os.environ.setdefault("GRPC_VERBOSITY", "NONE")
for needed in ("uvicorn", "grpc", "opentelemetry.sdk"):
    pytest.importorskip(needed)
