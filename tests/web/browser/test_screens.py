# SPDX-License-Identifier: EUPL-1.2
"""Every screen of every role: right for axe-core, a keyboard, a phone and the policy, and a question."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from tests.web.browser import Desk, Screen, Town
from tests.web.browser.checks import (
    axe_source,
    faults_of_axe,
    not_reached_by_keyboard,
    refused_by_policy,
    width_on_a_phone,
)
from tests.web.browser.pictures import small

HERE = Path(__file__).parent
SCREENS: list[Screen] = [
    screen
    for path in sorted(HERE.glob("screens_*.py"))
    for screen in import_module(f"tests.web.browser.{path.stem}").SCREENS
]
PICTURES = os.environ.get("REKENSCHAP_PICTURES", "")
"""A folder in which each screen is pictured; see tools/pictures.py."""


@pytest.fixture(params=SCREENS, ids=lambda screen: screen.name)
def screen(request: pytest.FixtureRequest) -> Screen:
    """One screen after another."""
    return request.param


def test_a_screen_is_right_for_everybody(
    screen: Screen, town: Town, desk_as: Callable[..., Desk], tmp_path: Path
) -> None:
    """One visit, all checks: the town is dear to build."""
    desk = desk_as(screen.role).open(screen.address(town))
    assert desk.status == 200, desk.text[:300]
    picture = desk.page.screenshot(full_page=True)
    (Path(PICTURES or tmp_path) / f"{screen.name}.png").write_bytes(small(picture) if PICTURES else picture)
    faults = {
        "title": [] if _asks(desk) else [desk.page.title()],
        "policy": refused_by_policy(desk),
        "phone": [str(wide)] if (wide := width_on_a_phone(desk)) > 320 else [],
        "keyboard": not_reached_by_keyboard(desk),
    }
    assert faults == {"title": [], "policy": [], "phone": [], "keyboard": []}


@pytest.mark.skipif(axe_source() is None, reason="needs axe-core (npm, or REKENSCHAP_AXE naming axe.min.js)")
def test_axe_finds_nothing(screen: Screen, town: Town, desk_as: Callable[..., Desk]) -> None:
    """WCAG 2.2 AA, as far as a machine can tell; on a desk and on a phone."""
    desk = desk_as(screen.role).open(screen.address(town))
    assert faults_of_axe(desk) == []
    desk.page.set_viewport_size({"width": 320, "height": 700})
    assert faults_of_axe(desk) == []


def _asks(desk: Desk) -> bool:
    return desk.page.title() == " ".join(desk.question.split()) and desk.question.endswith("?")
