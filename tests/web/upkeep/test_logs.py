# SPDX-License-Identifier: EUPL-1.2
"""No log line holds a personal value, whichever page is visited by whomever, and whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from django.test import Client
from django.urls import reverse

from rekenschap.casework.roles import Role
from rekenschap_web.evidence import house as opened
from rekenschap_web.people import matrix
from rekenschap_web.tryout.cast import CAST
from rekenschap_web.upkeep.logs import set_up

_NINE = re.compile(r"(?<![0-9.])[0-9]{9}(?![0-9])")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged at any level while a test runs."""
    stream = io.StringIO()
    set_up(logging.DEBUG, stream=stream)
    yield stream
    set_up()


def _check_without_people(text: str) -> None:
    assert text
    for player in CAST:
        for value in (player.name, player.email, player.staff_id, player.name.split()[-1]):
            assert not value or value not in text, "a personal value in a log line"
    assert not _NINE.search(text), "nine digits in a log line"
    for line in text.splitlines():
        assert json.loads(line)["event"]


def test_no_page_leaves_a_personal_value_in_a_log(
    town_house: Path, client_as: Callable[[Role], Client], lines: io.StringIO
) -> None:
    opened.forget()
    for role in Role:
        client = client_as(role)
        client.raise_request_exception = False
        for name, line in sorted(matrix.lines().items()):
            if line.has("GET"):
                client.get(
                    reverse(name, kwargs=dict(line.example)), {"zoek": "Ruud Hoekstra", "bsn": "999990019"}
                )
    text = lines.getvalue()
    assert '"page": "findings:list"' in text
    _check_without_people(text)


def test_an_error_is_told_by_its_kind_and_place_alone(lines: io.StringIO) -> None:
    try:
        raise ValueError("Ruud Hoekstra, 999990019")
    except ValueError:
        logging.getLogger("django.request").exception("broken at %s", "/x/?zoek=Ruud+Hoekstra")
        structlog.get_logger("rekenschap.desk").exception("broken")
    text = lines.getvalue()
    _check_without_people(text)
    told = [json.loads(line) for line in text.splitlines()]
    assert {each["error"] for each in told} == {"ValueError"}
    assert all(each["place"].startswith("test_logs.py:") for each in told)


def test_a_line_that_was_filled_in_by_its_writer_is_not_kept(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning(f"no such person: {CAST[0].name}")
    _check_without_people(lines.getvalue())


def test_a_number_or_an_address_is_taken_out_of_our_own_lines(lines: io.StringIO) -> None:
    structlog.get_logger("rekenschap.desk").info(
        "answered ９９９９９００１９",
        about="999.990.019",
        under="999/990/019",
        which=999990019,
        to=CAST[0].email,
    )
    assert lines.getvalue().count("(taken out)") == 5
