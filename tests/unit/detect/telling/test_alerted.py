# SPDX-License-Identifier: EUPL-1.2
"""A weekly alert in words: every channel has its own, the terms are the score, and a device is nobody."""

from math import fsum
from pathlib import Path

import pytest

from rekenschap import detect
from rekenschap.detect.telling import told_of, words_of

CHANNELS = Path(detect.__file__).parent / "channels"
MARKS = sorted(each.name for each in (CHANNELS / "marks").iterdir() if each.is_dir())
WAYS = ("outside", "own", "abroad", "device", "many", "bulk")
OTHERS = (
    "returns_subject", "returns_household", "weighed", "staff_on_subject", "staff_on_household",
    "accounts_on_device", "many_sent_to", "machine_out_of_step", *(f"sent_{way}" for way in WAYS),
)  # fmt: skip


def row(**told: object) -> dict[str, object]:
    return {
        "week": 20_500, "domain": "staff", "about": 7, "channel": "unexplained_alone", "window_days": 42,
        "p": 1e-6, "score": 5.25, "look": [3, 1], "q": 0.01, "count": 12, "usual": 1.5,
    } | told  # fmt: skip


@pytest.mark.parametrize("name", [*MARKS, *OTHERS])
def test_every_channel_has_words_of_its_own(name: str):
    assert words_of(name).channel == name


def test_a_kind_of_a_channel_has_the_words_of_the_channel():
    assert words_of("weak_reason_assignment").channel == "weak_reason"
    assert words_of("unexplained_alone").channel == "unexplained_alone"


def test_a_channel_nobody_wrote_words_for_still_says_that_it_stands_out():
    told = told_of(row(channel="brand_new"))
    assert told is not None
    assert "opvalt" in told.line.nl


@pytest.mark.parametrize("p", [1e-6, 0.0])
def test_the_terms_are_the_score(p: float):
    told = told_of(row(p=p))
    assert told is not None
    assert fsum(each.value for each in told.terms) == pytest.approx(5.25, abs=1e-9)
    assert told.looks == (3, 1)


@pytest.mark.parametrize("name", [*MARKS, *OTHERS])
def test_the_line_says_who_how_often_and_what_is_usual_in_both_languages(name: str):
    told = told_of(row(channel=name))
    assert told is not None
    for line in (told.line.nl, told.line.en):
        assert "12" in line
        assert line.endswith(".")
        assert "{" not in line
    assert "1,5" in told.line.nl
    assert "in 6 weken" in told.line.nl


@pytest.mark.parametrize(
    ("domain", "about"),
    [("staff", "staff"), ("account", "staff"), ("subject", "subject"), ("household", "subject")],
)
def test_an_alert_is_about_a_person(domain: str, about: str):
    told = told_of(row(domain=domain))
    assert told is not None
    assert told.about.domain == about


@pytest.mark.parametrize("domain", ["device", "destination"])
def test_an_alert_about_a_thing_is_about_nobody(domain: str):
    assert told_of(row(domain=domain)) is None
