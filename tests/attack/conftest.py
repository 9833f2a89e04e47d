# SPDX-License-Identifier: EUPL-1.2
"""One honest ledger, made once; each attack works on its own copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledgers import Place, make_place


@pytest.fixture(scope="session")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_place(tmp_path_factory.mktemp("honest") / "ledger", (40, 700, 30))


@pytest.fixture
def ledger(honest: Place, tmp_path: Path) -> Iterator[Place]:
    yield honest.copy(tmp_path / "copy")
