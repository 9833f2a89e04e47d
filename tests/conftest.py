# SPDX-License-Identifier: EUPL-1.2
"""Order of the suites, and an honest word at the end about what was not run."""

import importlib.util
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.browsers import CHROMIUM, QUIET

# Commands name each other as they were called; the tests call them the same way, however they began.
os.environ.pop("REKENSCHAP_CALLED_FROM", None)

HERE = Path(__file__).parent
SUITES = ("unit", "architecture", "property", "seams", "attack", "spec", "journeys")

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """One browser for the tests of a file: while its loop is in the thread, no other can run there."""
    if CHROMIUM is None:
        pytest.skip("needs a browser (Debian package chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def _why_no_spark() -> str:
    if shutil.which("java") is None:
        return "no Java: apt install default-jre-headless"
    if importlib.util.find_spec("pyspark") is None:
        return "no PySpark: ./run test brings it"
    return ""


def _rank(item: pytest.Item) -> tuple[bool, int]:
    room = item.path.relative_to(HERE).parts[0]
    return "spark" in item.keywords, SUITES.index(room) if room in SUITES else len(SUITES)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)
    if reason := _why_no_spark():
        for item in items:
            if "spark" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which suites were left out, and why, just above the last line."""
    reasons = Counter(
        report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for report in terminalreporter.stats.get("skipped", [])
    )
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"not run: {count} tests ({reason.removeprefix('Skipped: ')})")
