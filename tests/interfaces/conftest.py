# SPDX-License-Identifier: EUPL-1.2
"""One small house, served to readers, for all tests of this folder that only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interfaces.service import Readers
from tests.interfaces.town import READ, found

pytest.importorskip("uvicorn")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Programs that are started, and a house that is derived, are slow."""
    for item in items:
        if item.path.parent.name == "interfaces":
            item.add_marker(pytest.mark.slow)


PORTAL, CHAIN = "portaal", "ketenpartner"


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with looks, explained as far as they can be."""
    home = tmp_path_factory.mktemp("readers") / "house"
    found(home)
    (home / "read").mkdir()
    (home / "read" / "read.toml").write_text(READ, encoding="utf-8")
    return home


@pytest.fixture(scope="package")
def readers(house: Path) -> Iterator[Readers]:
    """The service, with two clients: one for each kind of interface."""
    service = Readers(house)
    service.add(CHAIN, "--reads", "ldv")
    service.add(
        PORTAL, "--reads", "tracker", "--reads", "inzage", "--reads", "bewerking", "--rights", "read:normal"
    )
    with service:
        yield service
