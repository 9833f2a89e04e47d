# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Iterator

import pytest

from rekenschap.seams.engine import Engine


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    from rekenschap.adapters.engines.spark import SparkEngine

    engine = SparkEngine()
    yield engine
    engine.close()
