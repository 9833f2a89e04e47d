# SPDX-License-Identifier: EUPL-1.2
"""Packages of npm in a folder of their own, for programs that others wrote in JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

PACKAGES = {
    "@opentelemetry/exporter-trace-otlp-grpc": "0.223.1",
    "@opentelemetry/exporter-trace-otlp-http": "0.223.1",
    "@opentelemetry/exporter-trace-otlp-proto": "0.223.1",
    "@opentelemetry/resources": "2.12.1",
    "@opentelemetry/sdk-trace-node": "2.12.0",
    "@stoplight/spectral-cli": "6.16.3",
    "oidc-provider": "9.13.3",
}


def why_not() -> str:
    """Say why nothing can be installed, or nothing when it can."""
    there = shutil.which("node") and shutil.which("npm")
    return "" if there else "no node with npm: apt install nodejs npm"


def install(folder: Path) -> str:
    """Install the packages; says why that could not be, or nothing."""
    wanted = {"private": True, "type": "module", "dependencies": PACKAGES}
    (folder / "package.json").write_text(json.dumps(wanted))
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return "npm took too long"
    return "" if done.returncode == 0 else "npm could not install: is its registry within reach?"
