# SPDX-License-Identifier: EUPL-1.2
"""The page on OWASP ASVS 5.0: every line of levels 1 and 2 stands there once, and names tests there are."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")

# How many requirements of levels 1 and 2 each section has, and which numbers of it are of level 3.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


def _lines() -> Iterator[tuple[str, str]]:
    yield from re.findall(r"^\| (\d+\.\d+\.\d+) \| (.*) \|$", PAGE, flags=re.MULTILINE)


def test_every_line_of_level_1_and_2_stands_there_once() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert [number for number, _ in _lines()] == wanted


def test_every_test_it_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.py)(?:::(test_\w+))?`", PAGE))
    assert len(named) > 60
    for file, name in sorted(named):
        if file.startswith(("web/", "unit/")) and "test_" in file:
            path = ROOT / "tests" / file
            assert path.is_file(), file
            assert not name or f"def {name}(" in path.read_text(encoding="utf-8"), f"{file}::{name}"


def test_every_line_has_a_test_or_a_reason() -> None:
    begins = ("test: ", "by design: ", "does not apply: ", "the operator: ", "**not yet**: ")
    for number, how in _lines():
        assert how.startswith(begins) and len(how) > 15, number
