# SPDX-License-Identifier: EUPL-1.2
"""What the commands say: complete in both languages, with the same gaps, numbers in the manner of each."""

import string

import pytest

from rekenschap.cli.texts import Language, words_in

NL, EN = words_in(Language.NL), words_in(Language.EN)


def gaps(sentence):
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def test_both_languages_say_the_same_things():
    assert set(NL.sentences) == set(EN.sentences)


@pytest.mark.parametrize("key", sorted(NL.sentences))
def test_both_languages_fill_the_same_gaps(key):
    assert gaps(NL.sentences[key]) == gaps(EN.sentences[key])


def test_dutch_numbers_have_points_between_thousands_and_a_comma_before_tenths():
    assert (NL.number(1234567), NL.share(0.9605), NL.decimal(2.25, sign=True)) == (
        "1.234.567",
        "96,0 %",
        "+2,2",
    )
    assert (EN.number(1234567), EN.share(0.9605), EN.decimal(-2.25)) == ("1,234,567", "96.0 %", "-2.2")


@pytest.mark.parametrize("key", sorted(NL.sentences))
def test_dutch_sentences_are_short(key):
    for sentence in NL.sentences[key].replace(":", ".").split("."):
        assert len(sentence.split()) <= 20
