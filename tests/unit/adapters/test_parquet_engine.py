# SPDX-License-Identifier: EUPL-1.2
"""Point reads of Parquet: the files of one directory and nothing else of this machine."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rekenschap.adapters.engines.parquet import ParquetFiles
from rekenschap.errors import EngineError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory with one file, and a secret beside it."""
    inside = tmp_path / "it's derived"
    inside.mkdir()
    pq.write_table(pa.table({"who": [1, 2, 3]}), inside / "people.parquet")
    pq.write_table(pa.table({"who": [9]}), tmp_path / "other.parquet")
    return inside


def test_values_and_lists_are_bound_and_never_written_into_the_statement(folder: Path) -> None:
    files = ParquetFiles(folder)
    asked = "SELECT who FROM read_parquet($files) WHERE who IN (SELECT unnest($people)) ORDER BY who"
    found = files.answer(asked, {"files": ["people.parquet"], "people": [3, 1]}, query_id="people")
    assert found.column("who").to_pylist() == [1, 3]
    files.close()


@pytest.mark.parametrize("path", ["../other.parquet", "/etc/passwd"])
def test_no_file_outside_the_directory_can_be_read(folder: Path, path: str) -> None:
    files = ParquetFiles(folder)
    with pytest.raises(EngineError):
        files.answer("SELECT * FROM read_parquet($files)", {"files": [path]}, query_id="outside")
    with pytest.raises(EngineError):
        files.answer(f"SELECT * FROM read_text('{path}')", {}, query_id="outside")  # noqa: S608
    files.close()


def test_the_lock_cannot_be_taken_off(folder: Path) -> None:
    files = ParquetFiles(folder)
    with pytest.raises(EngineError):
        files.answer("SET enable_external_access = true", {}, query_id="unlock")
    files.close()


def test_an_error_names_the_query_and_no_value(folder: Path) -> None:
    files = ParquetFiles(folder)
    with pytest.raises(EngineError) as told:
        files.answer("SELECT CAST('999990019x' AS INTEGER)", {}, query_id="cast")
    assert "999990019" not in str(told.value)
    assert told.value.statement_id == "cast"
    files.close()
