# SPDX-License-Identifier: EUPL-1.2
"""Pages that show a file and the command that takes it in: each works as written, in order."""

import re
import textwrap
from pathlib import Path

import pytest

from rekenschap.house import House
from tests.journeys.commands import rekenschap

PAGES = Path(__file__).parents[2] / "docs/how-to"
SHOWN = re.compile(r"```(?:json|csv|log|m365)\n(.*?)```.*?```\n\s*rekenschap (intake (\S+) .*?)\n", re.DOTALL)


def steps(page: str) -> list[tuple[str, str, str]]:
    return SHOWN.findall((PAGES / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        ("connect-exchanges.md", {"processing": 3}),
        ("connect-prints-devices-and-exports.md", {"disclosure": 4}),
    ],
)
def test_a_page_works_as_written(page: str, facts: dict[str, int], tmp_path: Path):
    assert len(steps(page)) == 3
    for shown, command, name in steps(page):
        (tmp_path / name).write_text(textwrap.dedent(shown), encoding="utf-8")
        ran = rekenschap(*command.split(), "--home", "house", cwd=tmp_path)
        assert ran.code == 0, ran.err
    ledger = House.at(tmp_path / "house").ledger(origin="x.example/l")
    assert {name: ledger.facts(name).table.num_rows for name in facts} == facts
