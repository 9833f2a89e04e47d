# SPDX-License-Identifier: EUPL-1.2
"""A file that is no register is refused in words of the register, and nothing is taken over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rekenschap.audit.register.taking import planned
from rekenschap.errors import SourceError
from rekenschap.register import Register

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"", "an empty file"), (bytes(range(256)) * 9, "a binary file"), (b"x", "something else")],
    ids=["empty", "binary", "one letter"],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, found: str, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=f"found {found}; save it as one of these"):
        planned(file, Register.of([]), now=NOW)
