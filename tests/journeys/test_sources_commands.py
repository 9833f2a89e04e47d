# SPDX-License-Identifier: EUPL-1.2
"""What we see and what not: the page as written, and a source that falls silent while somebody watches."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.commands import rekenschap

PAGE = (Path(__file__).parents[2] / "docs/how-to/see-what-you-do-not-see.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)
(DECLARED,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def look(minute: int, **other: str) -> str:
    told = {
        "relation": "consultation",
        "source": "desk",
        "looked_at": f"2026-03-02T08:{minute:02}:00Z",
        "staff": "m.devries",
        "subject": "999990019",
        "register": "BRP",
    }
    return json.dumps(told | other) + "\n"


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "looks.jsonl").write_text(look(0) + look(5), encoding="utf-8")
    assert rekenschap("intake", "looks.jsonl", "--profile", "native-jsonl", cwd=tmp_path).code == 0
    return tmp_path


def fits(shown: str, said: str) -> bool:
    """Whether every line of the page was said, whatever stands at the dots."""
    lines = said.splitlines()
    patterns = [re.escape(line).replace("…", ".+") for line in shown.splitlines()]
    return all(any(re.fullmatch(pattern, line) for line in lines) for pattern in patterns)


def test_the_page_runs_as_written(desk):
    (first, shown), (second, later) = CONSOLE
    ran = rekenschap(*first.split()[1:], cwd=desk)
    assert (ran.code, fits(shown, ran.out)) == (0, True), ran
    every_day = DECLARED.replace(" on working days from 07:00 to 19:00", "")
    assert every_day != DECLARED, "at night this page would be wrong"
    (desk / "rekenschap-home" / "sources.toml").write_text(every_day, encoding="utf-8")
    ran = rekenschap(*second.split()[1:], cwd=desk)
    assert (ran.code, fits(later, ran.out)) == (6, True), ran


def test_the_page_as_declared_can_be_read(desk):
    (desk / "rekenschap-home" / "sources.toml").write_text(DECLARED, encoding="utf-8")
    told = rekenschap("sources", "--json", cwd=desk).told
    assert [each["name"] for each in told["sources"] if each["declared"]] == ["badges", "desk"]
    assert told["silent"] == ["badges"]
    assert "nobody connected" in told["not_shown"]


def test_a_rhythm_in_other_words_is_refused(desk):
    (desk / "rekenschap-home" / "sources.toml").write_text(
        DECLARED.replace("every day", "now and then"), encoding="utf-8"
    )
    ran = rekenschap("sources", cwd=desk)
    assert (ran.code, "a rhythm such as" in ran.err) == (4, True)


def test_what_waits_in_quarantine_is_told_of_its_source(desk):
    (desk / "bad.jsonl").write_text(look(7, looked_at="later"), encoding="utf-8")
    rekenschap("intake", "bad.jsonl", "--profile", "native-jsonl", cwd=desk)
    told = rekenschap("sources", "--json", cwd=desk).told
    assert [each["quarantine"] for each in told["sources"] if each["quarantine"]] == [{"time-unreadable": 1}]


def test_the_page_is_written(desk):
    ran = rekenschap("sources", "--report", "coverage.html", cwd=desk)
    assert ran.code == 0
    page = (desk / "coverage.html").read_text(encoding="utf-8")
    assert "Wat zien wij, en wat niet?" in page
    assert "desk" in page


def test_who_watches_hears_of_a_silent_source_and_that_it_is_back(desk):
    (desk / "rekenschap-home" / "sources.toml").write_text(DECLARED, encoding="utf-8")
    command = [sys.executable, "-m", "rekenschap", "sources", "--watch", "--every", "1", "--language", "en"]
    with subprocess.Popen(command, cwd=desk, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert "badges: never received anything" in watching.stdout.readline()
        (desk / "badges.jsonl").write_text(look(9, source="badges"), encoding="utf-8")
        assert rekenschap("intake", "badges.jsonl", "--profile", "native-jsonl", cwd=desk).code == 0
        assert "badges: we hear this source again" in watching.stdout.readline()
        watching.send_signal(signal.SIGTERM)
        assert watching.wait(timeout=60) == 0
