# SPDX-License-Identifier: EUPL-1.2
"""What must not change the answer stands on a page with its tests: every one of them is there, and draws."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "explanation" / "the-null.md").read_text(encoding="utf-8")
WRITTEN = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
}


def test_every_test_that_the_page_names_is_written():
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 10
    assert named <= WRITTEN


def test_every_metamorphic_test_of_the_alerts_and_findings_is_named_on_the_page():
    told = {
        name
        for file in ("test_detect_metamorphic.py", "test_weekly_metamorphic.py")
        for name in re.findall(
            r"^def (test_\w+)\(",
            (ROOT / "tests" / "property" / file).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        if "the_story_of_these_tests" not in name
    }
    assert {each for each in told if f"`{each}`" not in PAGE} == set()
