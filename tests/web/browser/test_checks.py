# SPDX-License-Identifier: EUPL-1.2
"""The checks themselves see what is wrong: each fault is told of, and a page without any is left in peace."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from tests.web.browser import Desk
from tests.web.browser.checks import axe_source, faults_of_axe, not_reached_by_keyboard, width_on_a_phone
from tests.web.browser.pictures import _pixels, small

SOUND = (
    "<!doctype html><html lang=nl><title>Klopt dit?</title><main><h1>Klopt dit?</h1>"
    "<a href='#x'>ergens</a> <button>druk</button></main>"
)


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def shown(page, html):
    page.set_content(html)
    return Desk(page, "", None)


def test_a_sound_page_has_no_faults(page):
    desk = shown(page, SOUND)
    assert not_reached_by_keyboard(desk) == []
    assert width_on_a_phone(desk) <= 320


@pytest.mark.skipif(axe_source() is None, reason="needs axe-core (npm, or REKENSCHAP_AXE naming axe.min.js)")
def test_axe_finds_what_cannot_be_read(page):
    assert faults_of_axe(shown(page, SOUND)) == []
    grey = SOUND.replace("</main>", "<p style='color:#bbb'>bijna niet te lezen</p><img src=x></main>")
    found = " ".join(faults_of_axe(shown(page, grey)))
    assert "color-contrast" in found and "image-alt" in found


def test_what_the_keyboard_cannot_reach_is_told(page):
    found = not_reached_by_keyboard(shown(page, SOUND.replace("<button>", "<button tabindex=-1>")))
    assert found == ["BUTTON druk"]


def test_a_ring_that_is_taken_away_is_told(page):
    html = SOUND.replace("<main>", "<style>a:focus-visible { outline: none }</style><main>")
    assert "no ring: ergens" in not_reached_by_keyboard(shown(page, html))


def test_a_page_that_is_too_wide_for_a_phone_is_told(page):
    assert width_on_a_phone(shown(page, SOUND.replace("<main>", "<main style='width:500px'>"))) >= 500


def test_a_small_picture_is_the_same_picture(page):
    desk = shown(page, SOUND)
    raw = desk.page.screenshot()
    made = small(raw)
    assert len(made) < len(raw)
    assert (made[24], made[25]) == (8, 3)
    before = _pixels(raw).astype(int)
    assert np.abs(_palette(made) - before).max() <= 48
    assert np.abs(_palette(made) - before).mean() < 2


def _palette(png):
    """Read a picture that `small` wrote: one palette, lines without filter."""
    parts, at = {}, 8
    while at < len(png):
        size, name = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        assert zlib.crc32(png[at + 4 : at + 8 + size]) == int.from_bytes(
            png[at + 8 + size : at + 12 + size], "big"
        )
        parts[name], at = png[at + 8 : at + 8 + size], at + size + 12
    width = int.from_bytes(parts[b"IHDR"][:4], "big")
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(-1, width + 1)[:, 1:]
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[lines].astype(int)
