# SPDX-License-Identifier: EUPL-1.2
"""What machine code and its callers agree on; can be imported without the extra `fast`."""

from __future__ import annotations

from enum import StrEnum

LANES = 16
"""How many rows are hashed side by side."""
LOOKUP, TURNED = 100, 200
"""Added to the width of a value: it is looked up in a table, or turned around."""


class Form(StrEnum):
    """How a value stands in a row."""

    BYTES = "bytes"  # exactly `width` bytes
    VAR = "var"  # u32be length in the fixed part, bytes in the tail
    I64 = "i64"
    U64 = "u64"
    U32 = "u32"
    DAY = "day"  # i32be
    FLAG = "flag"  # 00 or 01
