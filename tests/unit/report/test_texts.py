# SPDX-License-Identifier: EUPL-1.2
"""The texts: complete in both languages, short in Dutch, and without a word of guilt."""

import math
import re
import string
from datetime import UTC, date, datetime

import pytest

from rekenschap.errors import ConfigurationError
from rekenschap.model.relations import RELATIONS
from rekenschap.report.texts import words_of
from tests.architecture.test_glossary import GUILT

NL, EN = words_of("nl"), words_of("en")
FORMAL = re.compile(r"(?i)\b(je|jij|jouw|betrokkenen?|teneinde|middels|dient te|alert|incident)\b")


def blanks(line: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(line) if name}


def test_both_languages_have_the_same_lines():
    assert list(NL.lines) == list(EN.lines)


def test_both_languages_have_the_same_blanks():
    assert [key for key in NL.lines if blanks(NL.lines[key]) != blanks(EN.lines[key])] == []


def test_no_dutch_sentence_is_longer_than_20_words():
    lines = [line for key, line in NL.lines.items() if not key.startswith("dates.")]
    sentences = [sentence for line in lines for sentence in re.split(r"(?<=[.?!:])\s+", line)]
    assert [x for x in sentences if len(x.split()) > 20] == []


def test_no_line_has_a_word_of_guilt():
    assert [line for words in (NL, EN) for line in words.lines.values() if GUILT.search(line)] == []


def test_no_dutch_line_has_an_official_or_a_familiar_word():
    assert [line for line in NL.lines.values() if FORMAL.search(line)] == []


def test_every_kind_of_fact_has_a_name():
    assert {f"relations.{name}" for name in RELATIONS} <= set(NL.lines)


def test_numbers_are_written_as_the_language_does():
    assert (NL.number(1_234_567), EN.number(1_234_567)) == ("1.234.567", "1,234,567")
    assert (NL.decimal(-1234.5), EN.decimal(-1234.5)) == ("−1.234,50", "−1,234.50")
    assert (NL.share(0.9412), EN.share(0.9412)) == ("94,1%", "94.1%")
    assert NL.decimal(-0.001) == "0,00"


def test_a_share_that_was_not_measured_is_said_and_not_printed_as_a_number():
    assert NL.share(math.nan) == "niet gemeten"


def test_dates_are_written_as_the_language_does():
    assert (NL.day(date(2026, 3, 17)), EN.day(date(2026, 3, 17))) == ("17 maart 2026", "17 March 2026")
    assert NL.moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)) == "1 mrt 2026, 09:05"


def test_one_and_many_are_told_apart():
    assert (NL.say_count("intake.systems", 1), NL.say_count("intake.systems", 4)) == (
        "1 systeem",
        "4 systemen",
    )


def test_a_name_without_a_text_is_shown_as_it_is():
    assert NL.named("relations", "something_new") == "something_new"


def test_another_language_is_refused():
    with pytest.raises(ConfigurationError):
        words_of("../nl")
