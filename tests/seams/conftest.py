# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.adapters.keys.token import TokenPlace
from rekenschap.seams.engine import Engine
from tests.servers import postgres, s3, softhsm


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    from rekenschap.adapters.engines.spark import SparkEngine

    engine = SparkEngine()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def bucket() -> Iterator[Callable[[], Bucket]]:
    """Give an empty prefix of a bucket in a real server at each call."""
    if reason := s3.why_not():
        pytest.skip(reason)
    prefixes = count()
    with s3.running() as (place, account):
        server = Bucket(place, account)
        yield lambda: s3.under(server, str(next(prefixes)))


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    if reason := postgres.why_not():
        pytest.skip(reason)
    with postgres.running() as server:
        yield server.address


@pytest.fixture(scope="session")
def token() -> Iterator[TokenPlace]:
    if reason := softhsm.why_not():
        pytest.skip(reason)
    with softhsm.running() as place:
        yield place
