# SPDX-License-Identifier: EUPL-1.2
"""The citizen page as citizens meet it: every program of `rekenschap serve`, real, and a browser before them.

Nothing here sets Django up: the desk and the page are two Djangos, each in a process of its own.
"""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rekenschap.cli.serving.ports import free_port
from tests.browsers import WATCH
from tests.web.browser import Desk

TOWN = "REKENSCHAP_TEST_CITIZEN_TOWN"
"""Names a directory where the town may stay between two runs, while you work; else each run makes its own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A whole town is slow."""
    for item in items:
        if item.path.parent.name == "citizen" and "tests/unit" not in str(item.path):
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """`serve` at work: where its house is, where its two pages are, and the password of everybody."""

    home: Path
    desk: str
    citizen: str
    word: str
    said: Path

    @property
    def place(self) -> Path:
        """All that the citizen page may know of."""
        return self.home / "citizen"


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Found the town, or take the one that was kept, and serve it."""
    kept = os.environ.get(TOWN)
    into = Path(kept) if kept else tmp_path_factory.mktemp("citizen") / "town"
    said = tmp_path_factory.mktemp("said") / "said"
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    alone = (Path(tempfile.gettempdir()) / "rekenschap-tests-serve.lock").open("wb")
    fcntl.flock(alone, fcntl.LOCK_EX)  # two that begin at once take the same ports
    with said.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "rekenschap", "serve", "--into", str(into), "--port", str(free_port(0))],
            stdout=file, stderr=subprocess.STDOUT, env=surroundings, start_new_session=True,
        )  # fmt: skip
    try:
        text = _until_ready(process, said)
        alone.close()
        desk, citizen = re.findall(r"https?://localhost:\d+", text)[:2]
        found = re.search(r"^\s*burger@\S+\s+(\S+)", text, flags=re.MULTILINE)
        assert found, text
        yield Served(home=into / "house", desk=desk, citizen=citizen, word=found[1], said=said)
    finally:
        alone.close()
        process.terminate()
        process.wait(60)


def _until_ready(process: subprocess.Popen[bytes], said: Path) -> str:
    until = time.monotonic() + 500
    while "Stoppen: Ctrl-C." not in (text := said.read_text(encoding="utf-8")):
        assert process.poll() is None, text
        assert time.monotonic() < until, text
        time.sleep(0.5)
    return text


@pytest.fixture
def browser_of(chromium: object, served: Served) -> Iterator[Callable[..., Desk]]:
    """Give a browser in which a citizen, or somebody of the desk, signed in by the provider's own page."""
    contexts = []

    def signed_in(
        word: str, *, at: str = "", javascript: bool = True, width: int = 1100, language: str = "nl"
    ) -> Desk:
        context = chromium.new_context(  # type: ignore[attr-defined]
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, locale=language
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        context.add_init_script(WATCH)
        page = context.new_page()
        is_citizen = word.startswith("burger")
        base = served.citizen if is_citizen else served.desk
        browser = Desk(page, base, None)
        browser.open("/inloggen/" if is_citizen else f"/inloggen/organisatie/?next={at or '/'}")
        page.select_option("#login", f"{word}@veldhaven.example")
        page.fill("#password", served.word)
        page.click("button[type=submit]")
        page.wait_for_url(f"{base}/**")
        page.wait_for_load_state()
        browser.messages.clear()
        return browser

    yield signed_in
    for context in contexts:
        context.close()
