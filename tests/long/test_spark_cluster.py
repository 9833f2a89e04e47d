# SPDX-License-Identifier: EUPL-1.2
"""A cluster of two workers reads the ledger where it lies, a directory or a bucket, and says what we say."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rekenschap.adapters.buckets.s3 import Bucket
from rekenschap.audit.intake import take_in_files
from rekenschap.demo import write_town
from rekenschap.house import ORIGIN, House, right_now
from rekenschap.intake import load_profile
from tests.servers import s3, spark

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if reason := spark.why_not():
        pytest.skip(reason)
    with spark.running(tmp_path_factory.mktemp("spark")) as address:
        yield address


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town in a ledger, taken in by two goes so that there is more than one segment of a relation."""
    made = tmp_path_factory.mktemp("house")
    write_town(made / "files", seed=5, staff=50, days=14)
    house = House.at(made / "house")
    ledger = house.ledger(origin=ORIGIN)
    for path in sorted((made / "files").glob("*.jsonl")):
        take_in_files(house, [path], load_profile("native-jsonl"), ledger=ledger, now=right_now())
    return house.root


def both(home: Path, master: str) -> dict[str, object]:
    told = subprocess.run(
        [sys.executable, "-m", "tests.long.both_engines", str(home), master],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-2000:]
    return json.loads(told.stdout.strip().splitlines()[-1])


def must_agree(found: dict[str, object]) -> None:
    assert found["looks"] > 1_000, found
    assert found["counts_equal"], found
    assert found["explanations_equal"], found
    assert found["verdicts_equal"], found
    assert found["largest_difference"] <= 1e-9, found
    assert found["findings_equal"], found
    assert found["largest_of_findings"] <= 1e-9, found


def test_two_workers_read_a_directory_and_say_what_we_say(cluster: str, house: Path):
    must_agree(both(house, cluster))


def test_two_workers_read_a_bucket_and_say_what_we_say(
    cluster: str, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if reason := s3.why_not():
        pytest.skip(reason)
    with s3.running() as (place, account):
        if account is None:
            pytest.skip("a bucket of your own needs its account in the environment of the workers")
        moved = shutil.copytree(house, tmp_path / "house")
        _upload(moved / "ledger", Bucket(replace(place, prefix="town"), account))
        for name, secret in (("key-id", account.key_id), ("secret", account.secret)):
            (moved / name).write_text(secret, encoding="utf-8")
            (moved / name).chmod(0o600)
        (moved / "rekenschap.toml").write_text(
            f'store = "s3://{place.bucket}/town?endpoint={place.endpoint}&region={place.region}'
            f'&key-id=file:{moved}/key-id&secret=file:{moved}/secret"\nanchor = "ledger/anchor.db"\n',
            encoding="utf-8",
        )
        must_agree(both(moved, cluster))


def _upload(ledger: Path, bucket: Bucket) -> None:
    """Put the store into a bucket, and leave of the directory nothing but its anchor."""
    for path in sorted(each for each in ledger.rglob("*") if each.is_file()):
        name = path.relative_to(ledger).as_posix()
        if not name.startswith(("anchor.db", "journal/")) and not name.endswith(".lock"):
            bucket.put(name, path.read_bytes(), new=True)
            path.unlink()
