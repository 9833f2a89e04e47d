# SPDX-License-Identifier: EUPL-1.2
"""An S3 server on a free port of this machine, with one empty bucket: moto's, in a process of its own.

To run the same suites against other object storage, name a bucket in REKENSCHAP_TEST_S3_BUCKET (and its
server, unless it is Amazon's, in REKENSCHAP_TEST_S3_ENDPOINT); the account is found as boto3 always does.
"""

from __future__ import annotations

import copy
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from rekenschap.adapters.buckets.s3 import Account, Bucket, Place

BUCKET = "rekenschap-test"
ACCOUNT = Account(key_id="an-invented-key", secret="an invented secret, not a key")  # noqa: S106
_REGION = "eu-west-1"
_WAIT, _PAUSE = 20.0, 0.05  # seconds


def why_not() -> str:
    """Say why no server can be started here, or nothing when one can."""
    needed = ("moto", "flask", "flask_cors")
    return "" if all(map(importlib.util.find_spec, needed)) else "no moto: ./run test brings it"


@contextmanager
def running() -> Iterator[tuple[Place, Account | None]]:
    """Start a server, or take the one the environment names; give a place in it and who we are there."""
    if bucket := os.environ.get("REKENSCHAP_TEST_S3_BUCKET"):
        endpoint = os.environ.get("REKENSCHAP_TEST_S3_ENDPOINT")
        yield Place(bucket=bucket, prefix=f"test-{os.getpid()}", endpoint=endpoint), None
        return
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(server, port)
        place = Place(bucket=BUCKET, endpoint=f"http://127.0.0.1:{port}", region=_REGION)
        _make_bucket(place)
        yield place, ACCOUNT
    finally:
        server.terminate()
        server.wait(_WAIT)


def under(bucket: Bucket, prefix: str) -> Bucket:
    """Give the objects under a longer prefix, over the same connections."""
    deeper = copy.copy(bucket)
    deeper._prefix += f"{prefix}/"
    return deeper


def _make_bucket(place: Place) -> None:
    client = Bucket(place, ACCOUNT)._client
    client.create_bucket(Bucket=place.bucket, CreateBucketConfiguration={"LocationConstraint": _REGION})


def _free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(_PAUSE)
        else:
            return
    raise RuntimeError("the S3 server of the tests did not start")


def is_ours(bucket: Bucket) -> bool:
    """Say whether this is the server we start, and not one that the environment names."""
    return bucket._name == BUCKET
