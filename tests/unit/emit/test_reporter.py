# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rekenschap.emit import Reporter
from rekenschap.errors import RefusedError
from tests.unit.emit.receiving import FrontDoor

MORNING = datetime(2026, 3, 2, 9, 15, tzinfo=ZoneInfo("Europe/Amsterdam"))


def test_facts_are_told_by_the_names_of_their_columns(tmp_path: Path):
    with FrontDoor().open() as door:
        reporter = Reporter(door.url, spool=tmp_path, source="zaaksysteem")
        reporter.tell("task", {"task": "T-1", "staff": "m.devries", "done_at": MORNING, "team": None})
        reporter.tell("disclosure", {"kind": "export", "subjects": 12, "source": "rapportage"})
        assert reporter.drain(10)
        reporter.close()
    assert door.taken["/v1/facts"] == [
        {
            "relation": "task",
            "source": "zaaksysteem",
            "task": "T-1",
            "staff": "m.devries",
            "done_at": "2026-03-02T09:15:00+01:00",
        },
        {"relation": "disclosure", "source": "rapportage", "kind": "export", "subjects": 12},
    ]


def test_of_facts_told_together_all_wait_or_none(tmp_path: Path):
    reporter = Reporter("http://127.0.0.1:9", spool=tmp_path, source="zaaksysteem")
    with pytest.raises(RefusedError, match="expected a moment with its zone"):
        reporter.tell("task", {"task": "T-1"}, {"task": "T-2", "done_at": MORNING.replace(tzinfo=None)})
    assert reporter.health().waiting_bytes == 0
    reporter.tell("task", {"task": "T-1"}, {"task": "T-2"})
    assert reporter.health().waiting_bytes > 0
    reporter.close()
    with FrontDoor().open() as door:
        later = Reporter(door.url, spool=tmp_path, source="zaaksysteem")
        assert later.drain(10)
        later.close()
    assert [each["task"] for each in door.taken["/v1/facts"]] == ["T-1", "T-2"]
