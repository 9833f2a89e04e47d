# SPDX-License-Identifier: EUPL-1.2
import pytest

from rekenschap.explain import grounds_of_the_house, narrate
from rekenschap.sql.query import Query

GROUNDS = grounds_of_the_house()


@pytest.mark.parametrize("ground", GROUNDS, ids=lambda each: each.id)
def test_every_ground_has_a_short_sentence_in_both_languages(ground: Query):
    for sentence in (ground.sentence.nl, ground.sentence.en):
        assert sentence.endswith(".")
        assert len(sentence.split()) <= 16


def test_work_that_was_recorded_later_says_how_much_later():
    (task,) = [each for each in GROUNDS if each.id == "task"]
    assert narrate(task, days_later=3).nl.endswith("Dit werk is pas 3 dagen na de raadpleging vastgelegd.")
    assert narrate(task, days_later=1).en.endswith("This work was recorded only 1 day after the look.")
    assert narrate(task, days_later=0) == task.sentence


def test_a_weak_ground_says_that_it_is_weak():
    weak = [narrate(each) for each in GROUNDS if each.weight == "weak"]
    assert weak
    assert all(each.nl.endswith("Dit is een zwakke verklaring.") for each in weak)
    assert all(each.en.endswith("This is a weak explanation.") for each in weak)


def test_a_full_ground_that_says_too_little_here_says_so_and_a_weak_one_is_weak_as_ever():
    grounds = {each.id: each for each in GROUNDS}
    queue, weak = grounds["team_queue"], grounds["alongside"]
    assert narrate(queue) == queue.sentence
    assert narrate(queue, kept_back=True).nl.endswith("zegt te weinig om de raadpleging te verklaren.")
    assert narrate(queue, kept_back=True).en.endswith("says too little to explain the look.")
    assert narrate(weak, kept_back=True) == narrate(weak)
