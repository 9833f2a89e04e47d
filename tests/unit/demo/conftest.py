# SPDX-License-Identifier: EUPL-1.2
"""One town of the size of the demo, drawn once for all tests of this folder."""

import pytest

from rekenschap.demo import Town, write_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return write_town(tmp_path_factory.mktemp("veldhaven"), seed=1)
