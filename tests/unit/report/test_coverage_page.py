# SPDX-License-Identifier: EUPL-1.2
import re
from dataclasses import replace

import pytest

from rekenschap.model.coverage import Hears
from rekenschap.report.coverage import render_coverage, strips_of
from rekenschap.report.texts import words_of
from tests.architecture.test_glossary import GUILT
from tests.unit.report.standing import standing


def plain(language: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render_coverage(standing(), language=language)))


def test_it_asks_one_question_and_answers_in_one_sentence():
    page = plain("nl")
    assert "Wat zien wij, en wat niet?" in page
    assert "Wij horen 1 van de 4 bronnen die wij kennen. Van 1 bron kennen wij het ritme nog niet" in page
    assert "Een systeem dat niemand aansloot, staat hier niet." in page


def test_the_silent_sources_are_named_first():
    page = plain("en")
    assert "Badgesysteem: declared, but nothing ever came in." in page
    assert "Zaaksysteem: nothing for 4 days. By its rhythm 35 minutes is the longest" in page


def test_it_says_what_it_cannot_show():
    for language, unknown in (("nl", "niemand opgaf"), ("en", "nobody declared")):
        assert unknown in plain(language)


def test_delays_clocks_blanks_and_quarantine_are_told():
    page = plain("nl")
    for told in ("loopt voor: 14 keer, hooguit 4 minuten", "100,0%", "time-unreadable", "401 tot en met 412"):
        assert told in page


def test_no_word_of_guilt_and_no_nine_digits():
    for language in ("nl", "en"):
        page = plain(language)
        assert not GUILT.search(page)
        assert not re.search(r"(?<!\d)\d{9}(?!\d)", page)


def test_both_languages_have_the_same_lines():
    dutch, english = (words_of(language).lines for language in ("nl", "en"))
    assert {key for key in dutch if key.startswith("coverage.")} == {
        key for key in english if key.startswith("coverage.")
    }


def test_a_strip_is_silent_only_after_its_last_arrival():
    strips = {strip.name: [day.kind for day in strip.days] for strip in strips_of(standing())}
    assert set(strips["Badgesysteem"]) == {"silent"}
    assert strips["Zaaksysteem"][-5:] == ["came", *["silent"] * 4]
    assert "silent" not in strips["BRP-balie"]
    assert strips["Postfilter"][-3:] == ["none", "came", "came"]


def test_a_house_without_a_source_says_so():
    assert "Wij kennen nog geen enkele bron." in render_coverage(
        replace(standing(), sources=()), language="nl"
    )


def test_a_name_of_a_source_cannot_write_the_page():
    strange = replace(standing().sources[0], name="<script>x</script>")
    page = render_coverage(replace(standing(), sources=(strange,)), language="nl")
    assert "<script>" not in page


@pytest.mark.parametrize("hears", Hears)
def test_every_way_to_hear_a_source_has_words(hears):
    assert words_of("nl").say(f"coverage.hears_{hears.value}")
