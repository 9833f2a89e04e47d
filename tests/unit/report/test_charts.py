# SPDX-License-Identifier: EUPL-1.2
"""Charts and their drawings: what must be told apart differs in colour and in shape; no foreign words."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from rekenschap.report.charts import (
    BLUE,
    GREY,
    NARROW,
    ORANGE,
    PURPLE,
    WIDE,
    coverage_chart,
    peers_chart,
    timeline_chart,
    week_chart,
)
from rekenschap.report.content import Look, Peer, SourceSystem, Work
from rekenschap.report.svg import cleaned, draw
from rekenschap.report.texts import words_of
from tests.unit.report.invented import content, finding
from tests.unit.report.test_page import needs_drawing

NL = words_of("nl")
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def looks(count: int) -> list[Look]:
    return [
        Look(entry=i, at=AT + timedelta(minutes=37 * i), explained=i % 9 > 0, weak=False)
        for i in range(count)
    ]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [BLUE, ORANGE, PURPLE, GREY])
def test_every_colour_stands_out_on_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_explained_unexplained_and_work_differ_in_colour_and_in_shape():
    spec = timeline_chart(looks(20), [Work(at=AT, ground="task")], NL, width=WIDE)
    marks = spec["layer"][-1]["encoding"]
    assert marks["color"]["scale"]["range"] == [ORANGE, BLUE, GREY]
    assert marks["shape"]["scale"]["range"] == ["diamond", "circle", "square"]


def test_the_two_lines_differ_in_colour_dash_and_shape():
    line, point = week_chart(content().weeks, NL, width=WIDE)["layer"]
    assert line["encoding"]["strokeDash"]["scale"]["range"] == [[1, 0], [5, 4]]
    assert point["encoding"]["shape"]["scale"]["range"] == ["circle", "triangle-up"]


def test_a_very_busy_timeline_is_thinned_and_keeps_its_ends():
    many = [Look(entry=i, at=AT + timedelta(minutes=i), explained=True, weak=False) for i in range(50_000)]
    values = timeline_chart(many, (), NL, width=WIDE)["data"]["values"]
    assert len(values) <= 402
    assert values[-1]["at"] == many[-1].at.strftime("%Y-%m-%dT%H:%MZ")


def test_the_given_hour_is_drawn_whatever_the_zone():
    here = datetime.fromisoformat("2026-03-29T03:30+02:00")
    spec = timeline_chart([Look(entry=1, at=here, explained=False, weak=False)], (), NL, width=WIDE)
    assert [x["at"] for x in spec["data"]["values"]] == ["2026-03-29T03:30Z"]


def test_peers_with_the_same_number_share_one_circle():
    peers = [
        *(Peer(name=None, unexplained=x) for x in (0, 0, 0, 2)),
        Peer(name="M-7K2QF", unexplained=9, highlighted=True),
    ]
    values = peers_chart(peers, NL, width=WIDE)["data"]["values"]
    assert [(x["count"], x["many"]) for x in values] == [(0, 3), (2, 1), (9, 1)]


def test_when_one_stands_far_off_the_peers_are_gathered():
    peers = [
        *(Peer(name=None, unexplained=x) for x in (0, 1, 2)),
        Peer(name="M-7K2QF", unexplained=300, highlighted=True),
    ]
    values = peers_chart(peers, NL, width=WIDE)["data"]["values"]
    assert [(x["count"], x["many"]) for x in values] == [(1, 3), (300, 1)]


def test_a_curtain_of_dotted_lines_is_left_out():
    few, many = (timeline_chart(looks(x), (), NL, width=WIDE)["layer"] for x in (90, 900))
    assert (len(few), len(many)) == (2, 1)


def test_a_system_that_sent_nothing_keeps_its_row():
    values = coverage_chart(content().coverage.systems, NL, width=WIDE)["data"]["values"]
    assert [x["name"] for x in values if x["silent"]] == ["Rooster"]


def test_a_system_without_a_span_does_not_stretch_the_marks():
    systems = [
        SourceSystem(
            name="a", facts=9, first=datetime(2026, 3, 2, tzinfo=UTC), last=datetime(2026, 5, 29, tzinfo=UTC)
        ),
        SourceSystem(name="b", facts=2, first=None, last=datetime(2024, 8, 18, tzinfo=UTC)),
    ]
    bar = coverage_chart(systems, NL, width=WIDE)["layer"][0]["encoding"]["x"]
    assert len(bar["axis"]["values"]) > 5


@needs_drawing
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_drawing_is_as_wide_as_asked(width):
    drawing = etree.fromstring(draw(timeline_chart(looks(30), (), NL, width=width), language="nl", label="x"))
    assert drawing.get("viewBox").split()[2] == str(width)


@needs_drawing
def test_a_dutch_drawing_speaks_dutch():
    drawing = draw(timeline_chart(looks(900), (), NL, width=WIDE), language="nl", label="Tijdlijn")
    assert " mrt" in drawing
    assert "Mar" not in drawing
    assert "axis" not in drawing
    assert drawing.count("aria-") == 1


@needs_drawing
def test_a_drawing_has_short_coordinates_and_nothing_remote():
    story = finding(1)
    drawing = draw(timeline_chart(story.looks, story.work, NL, width=WIDE), language="nl", label="x")
    assert re.findall(r"\d\.\d{3,}", drawing) == []
    assert "http" not in drawing
    assert "style=" not in drawing


@needs_drawing
def test_one_look_and_one_peer_can_be_drawn():
    assert draw(timeline_chart(looks(1), (), NL, width=NARROW), language="nl", label="x")
    assert draw(
        peers_chart([Peer(name="M", unexplained=0, highlighted=True)], NL, width=NARROW),
        language="nl",
        label="x",
    )


def test_cleaning_keeps_the_words_and_drops_what_is_hidden():
    raw = (
        '<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="3" height="4" viewBox="0 0 3 4">'
        '<g aria-label="X-axis titled" role="graphics-symbol" class="a"><text opacity="0">weg</text>'
        '<text transform="translate(1.23456789,-0.001)">1.200</text></g></svg>'
    )
    assert cleaned(raw, 'a "b" <c>') == (
        '<svg viewBox="0 0 3 4" role="img" aria-label="a &quot;b&quot; &lt;c&gt;">'
        '<g><text transform="translate(1.23,-0)">1.200</text></g></svg>'
    )
