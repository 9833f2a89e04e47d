# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.intake.small_house import SmallHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SmallHouse]:
    small = SmallHouse(tmp_path / "house")
    yield small
    small.door.close()
