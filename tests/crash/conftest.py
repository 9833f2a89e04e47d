# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Iterator

import pyarrow as pa
import pytest


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    """Read files of a few rows without asking other threads."""
    before = pa.cpu_count()
    pa.set_cpu_count(1)
    yield
    pa.set_cpu_count(before)
