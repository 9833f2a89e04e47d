# SPDX-License-Identifier: EUPL-1.2
"""In the process of the page the desk, the house and the keys cannot even be imported."""

from __future__ import annotations

import json

import pytest

from rekenschap_citizen.place.walls import is_closed
from tests.citizen.own.conftest import Runs

TRIES = """
import importlib, json, pkgutil, sys
import rekenschap.house  # as an attacker would, before anything else
import rekenschap_citizen.wsgi
def tried(name):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        return name.startswith(error.name)
    return False
rooms = [each.name for each in pkgutil.iter_modules(sys.modules["rekenschap"].__path__, "rekenschap.")]
rooms += ["rekenschap_web", "rekenschap_web.evidence.citizens", "rekenschap.audit.citizens.names"]
print(json.dumps({
    "open": sorted(name for name in rooms if name != "rekenschap.__main__" and not tried(name)),
    "left": sorted(name for name in sys.modules if name.startswith(("rekenschap.house", "rekenschap_web"))),
    "rooms": len(rooms),
}))
"""


def test_only_three_rooms_of_the_library_can_be_imported_by_the_page(in_page: Runs) -> None:
    assert in_page("-m", "rekenschap_citizen.prepare").returncode == 0
    done = in_page("-c", TRIES)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["open"] == ["rekenschap.citizen", "rekenschap.errors", "rekenschap.model"]
    assert told["left"] == []
    assert told["rooms"] > 20


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("rekenschap", False), ("rekenschap.citizen.words_nl", False), ("rekenschap_citizen.page", False),
        ("django.db", False), ("rekenschap.house", True), ("rekenschap.citizens", True),
        ("rekenschap_web", True), ("rekenschap_web.settings.desk", True), ("rekenschap_webben", False),
    ],
)  # fmt: skip
def test_what_is_behind_the_wall_goes_by_whole_names(name: str, closed: bool) -> None:
    assert is_closed(name) is closed
