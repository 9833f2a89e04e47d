# SPDX-License-Identifier: EUPL-1.2
"""What is found, what is not, and what a finding says, in an invented town."""

import re
from dataclasses import replace
from math import fsum

import numpy as np
import pytest

from rekenschap.detect import queries
from rekenschap.model.ids import Pseudonym
from rekenschap.sql.derived import DERIVED, derived_schema
from tests.unit.detect.little_town import findings_of, token, town

NEW = 50_000
"""Subjects nobody in the town works for."""

WEEKDAYS = np.arange(60) // 5 * 7 + np.arange(60) % 5


def staff_name(number: int) -> str:
    return Pseudonym(domain="staff", hi=int(token([number])[0])).short


@pytest.fixture(scope="module")
def honest():
    return town(1)


@pytest.fixture(scope="module")
def with_seller(honest):
    """Thirty looks among peers with about three."""
    return honest.plus(
        staff=np.zeros(30), subject=np.arange(30) + NEW, day=WEEKDAYS[::2], minute=1290, key="name"
    )


def test_a_town_without_planted_looks_has_findings_in_few_seeds():
    found = [bool(town(seed, looks=6_000, staff=60).findings()) for seed in range(30)]
    assert sum(found) <= 1


@pytest.mark.parametrize("noise", [0.01, 0.15])
def test_much_or_little_honest_noise_gives_no_findings(noise):
    assert sum(bool(town(seed, noise=noise).findings()) for seed in range(5)) == 0


def test_zaken_that_are_in_no_source_do_not_flood_the_list():
    flooded = 0
    for seed in range(6):
        there = town(seed, subjects=1_800)
        lost = np.random.default_rng(seed).choice(np.unique(there.subject), 18, replace=False)
        flooded += len(replace(there, explained=there.explained & ~np.isin(there.subject, lost)).findings())
    assert flooded <= 2


def test_thirty_unexplained_looks_among_peers_with_few_come_first(with_seller):
    first = with_seller.findings()[0]
    assert (first.rule, first.about.short) == ("unexplained_by_staff", staff_name(0))
    assert set(range(12_000, 12_030)) <= set(first.looks)


def test_two_dozen_members_of_staff_on_one_subject_are_found(honest):
    busy = honest.plus(staff=np.arange(24), subject=np.full(24, NEW), day=60 + np.arange(24) % 6)
    (finding,) = busy.findings()
    assert finding.rule == "unexplained_by_subject"
    assert finding.about.domain == "subject"
    assert len(finding.looks) == 24
    assert finding.sentences.nl[0].startswith(f"24 medewerkers bekeken {finding.about.short} in 2 weken ")


def test_coming_back_to_one_subject_is_found(honest):
    again = honest.plus(staff=np.full(8, 5), subject=np.full(8, NEW), day=np.arange(8) * 9)
    (finding,) = again.findings()
    assert (finding.rule, finding.about.short, len(finding.looks)) == (
        "unexplained_repeats",
        staff_name(5),
        8,
    )
    assert "op 8 verschillende dagen" in finding.sentences.nl[0]


def test_repeats_join_the_finding_about_the_same_member_of_staff(with_seller):
    both = with_seller.plus(staff=np.zeros(7), subject=np.full(7, NEW + 500), day=np.arange(7) * 6)
    (finding,) = both.findings()
    assert finding.rule == "unexplained_by_staff"
    assert [term.name for term in finding.terms].count("repeats") == 1
    assert "op 7 dagen" in finding.sentences.nl[0]
    assert set(range(12_030, 12_037)) <= set(finding.looks)


def test_several_repeats_of_one_member_of_staff_are_one_finding(honest):
    again = honest.plus(staff=np.zeros(12), subject=np.arange(12) % 3 + NEW, day=np.arange(12) * 7)
    (finding,) = again.findings()
    assert len(finding.looks) == 12
    assert "ook 2 personen op meer dagen" in finding.sentences.nl[0]


def test_a_burst_in_one_day_is_said_to_be_of_one_day(honest):
    bulk = honest.plus(staff=np.zeros(15), subject=np.arange(15) + NEW, day=np.full(15, 70))
    (finding,) = bulk.findings()
    assert "bekeek op één dag 15 personen" in finding.sentences.nl[0]
    assert "looked on one day at 15 people" in finding.sentences.en[0]


def test_looking_ten_times_at_one_subject_on_one_day_is_one_visit(honest):
    stuck = honest.plus(staff=np.zeros(40), subject=np.full(40, NEW), day=np.full(40, 70))
    assert stuck.findings() == ()


def test_shared_accounts_give_no_finding(with_seller):
    nobody = np.where(with_seller.staff == token([0])[0], "shared", "employee")
    assert replace(with_seller, employment=nobody).findings() == ()


def test_terms_sum_exactly_to_the_score_and_the_score_orders_the_list(honest):
    stories = honest.plus(staff=np.repeat([0, 3, 7], 25), subject=np.arange(75) + NEW, day=np.arange(75) % 80)
    stories = stories.plus(staff=np.arange(30, 42), subject=np.full(12, NEW + 900), day=np.full(12, 40))
    findings = stories.findings()
    assert len(findings) >= 4
    for finding in findings:
        assert finding.score == fsum(term.value for term in finding.terms)
        assert {"against_peers", "tests_done"} <= {term.name for term in finding.terms}
        assert all(term.nl and term.en for term in finding.terms)
    assert [each.score for each in findings] == sorted((each.score for each in findings), reverse=True)


def test_odd_hours_and_odd_keys_add_and_say_so(honest):
    def terms(**marks):
        planted = honest.plus(staff=np.zeros(30), subject=np.arange(30) + NEW, day=WEEKDAYS[::2], **marks)
        (finding,) = planted.findings()
        return {term.name: term for term in finding.terms}

    plain, odd = terms(), terms(minute=1320, key="plate")
    assert {"outside_hours", "search_key"} <= set(odd) - set(plain)
    assert "30 in de avond, nacht of het weekend" in odd["outside_hours"].nl


def test_what_is_searched_is_said_and_weak_indications_apart(honest):
    strong = honest.plus(staff=np.zeros(28), subject=np.arange(28) + NEW, day=np.arange(28) * 2)
    mixed = strong.plus(staff=np.zeros(2), subject=np.arange(2) + NEW + 70, day=np.array([3, 9]), weak=True)
    own = mixed.staff != token([0])[0]
    (finding,) = replace(mixed, weak=mixed.weak & (own | (np.arange(len(own)) >= 12_000))).findings()
    assert finding.searched == ("registered_handler", "task", "contact")
    assert finding.sentences.nl[1] == (
        "Wij zochten naar: zaak, taak en contact, en vonden niets dat genoeg zegt; "
        "bij 2 raadplegingen vonden wij alleen een zwakke aanwijzing."
    )
    assert "for 2 looks we found only a weak indication" in finding.sentences.en[1]


def test_the_most_telling_look_stands_first(honest):
    planted = honest.plus(
        staff=np.zeros(30), subject=np.arange(30) + NEW, day=np.arange(30) * 2, score=np.arange(30) + 10.0
    )
    assert planted.findings()[0].looks[:3] == (12_029, 12_028, 12_027)


def test_sentences_hold_short_names_only(with_seller):
    for finding in with_seller.findings():
        for sentence in (*finding.sentences.nl, *finding.sentences.en):
            assert not re.search(r"\d{6}", sentence)


def test_a_member_of_a_small_role_is_held_against_everybody(with_seller):
    busy = with_seller.plus(staff=np.zeros(40), subject=np.arange(40) + NEW + 90, day=WEEKDAYS[:40])
    small = np.where(np.isin(busy.staff, token([0, 3, 6])), "archive", busy.role)
    (finding,) = replace(busy, role=small).findings()
    assert "; collega's deden dat" in finding.sentences.nl[0]
    (usual,) = busy.findings()
    assert finding.score < usual.score
    assert "; collega's met dezelfde functie deden dat" in usual.sentences.nl[0]


def test_a_weekly_budget_cuts_the_list_from_below(honest):
    stories = honest.plus(staff=np.repeat([0, 3, 7], 25), subject=np.arange(75) + NEW, day=np.arange(75) % 80)
    every = stories.findings()
    assert len(every) > 1
    assert stories.findings(weekly_budget=0.05) == every[:1]


def test_office_hours_are_a_setting(with_seller):
    (finding,) = with_seller.findings(settings={"office_opens": 0, "office_closes": 1440})
    assert "outside_hours" not in {term.name for term in finding.terms}


@pytest.mark.parametrize("rows", [0, 1])
def test_no_looks_or_no_verdicts_give_no_findings(rows):
    look, verdict = (derived_schema(DERIVED[name]).empty_table() for name in ("look", "verdict"))
    if rows:
        look = town(1, looks=1).tables()[0]
    assert findings_of(look, verdict) == ()


def test_one_look_is_no_finding():
    assert town(1, looks=1, noise=1.0).findings() == ()


def test_every_query_of_the_room_is_loaded():
    assert {query.writes for query in queries()} == {
        "visit", "habit", "unexplained_look", "staff_window", "subject_window", "repeat",
        "number_gap", "silence", "shift_edit", "uncounted", "conflict", "unjoined", "lost_step",
        "arrival", "source_hour", "source_delay", "source_blank", "source_last",
        "leak_crowd", "leak_hit", "leak_home", "leak_pair", "leak_right", "leak_staff", "leak_subject",
        "month_figure", "month_person", "month_subject",
        "look_day", "home_tie", "beginning", "sending", "device_day", "machine_look", "shared_subject",
        "just_before",
        *(each.writes for each in queries() if each.writes.startswith(("mark_", "urgent_"))),
    }  # fmt: skip
