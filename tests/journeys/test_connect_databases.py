# SPDX-License-Identifier: EUPL-1.2
"""The page on Oracle and SQL Server, as written: its exports, its commands."""

import csv
import io
import json
import re
import textwrap
from pathlib import Path

import pytest

from rekenschap.house import House
from tests.journeys.commands import rekenschap

PAGE = (Path(__file__).parents[2] / "docs/how-to/connect-oracle-and-sql-server.md").read_text(
    encoding="utf-8"
)
EXPORTS = [textwrap.dedent(text) for text in re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)]
COMMANDS = [line.split()[1:] for line in PAGE.splitlines() if line.strip().startswith("rekenschap intake")]


@pytest.mark.parametrize(
    ("text", "command"), list(zip(EXPORTS, COMMANDS, strict=True)), ids=["oracle", "sqlserver"]
)
def test_the_page_works_as_written_and_json_says_the_same(text: str, command: list[str], tmp_path: Path):
    (tmp_path / command[1]).write_text(text, encoding="utf-8")
    as_json = tmp_path / command[1].replace(".csv", ".json")
    as_json.write_text(json.dumps(list(csv.DictReader(io.StringIO(text)))), encoding="utf-8")
    looks = []
    for name in (command[1], as_json.name):
        home = f"house-{name}"
        ran = rekenschap(command[0], name, *command[2:], "--home", home, cwd=tmp_path)
        assert ran.code == 0, ran.err
        found = House.at(tmp_path / home).ledger(origin="x.example/l").facts("consultation").table.to_pylist()
        looks.append(
            [(look["looked_at"], look["fields"], look["register"], look["operation_id"]) for look in found]
        )
    assert len(looks[0]) == 1
    assert looks[0] == looks[1]
