# SPDX-License-Identifier: EUPL-1.2
"""The page on care systems, as written: its messages, its commands."""

import re
from pathlib import Path

from rekenschap.house import House
from tests.journeys.commands import rekenschap

PAGE = (Path(__file__).parents[2] / "docs/how-to/connect-care-systems.md").read_text(encoding="utf-8")


def shown(language: str) -> str:
    return re.findall(rf"```{language}\n\s*(.*?)\n\s*```", PAGE, re.DOTALL)[0]


def test_the_page_works_as_written(tmp_path: Path):
    (tmp_path / "atna.log").write_text(shown("xml"), encoding="utf-8")
    (tmp_path / "audit.ndjson").write_text(shown("json"), encoding="utf-8")
    commands = [
        line.split()[1:] for line in PAGE.splitlines() if line.strip().startswith("rekenschap intake")
    ]
    assert len(commands) == 2
    for command in commands:
        ran = rekenschap(*command, "--home", "house", cwd=tmp_path)
        assert ran.code == 0, ran.err
    ledger = House.at(tmp_path / "house").ledger(origin="x.example/l")
    looks = ledger.facts("consultation").table.to_pylist()
    assert len(looks) == 2
    assert len({look["subject"] for look in looks}) == len({look["staff"] for look in looks}) == 1
    assert ledger.facts("processing").table.num_rows == 2
