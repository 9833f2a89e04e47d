# SPDX-License-Identifier: EUPL-1.2
"""A finding on the page: its terms add up, its looks are named, its peers are summed up."""

from dataclasses import replace

import pytest

from rekenschap.report.content import Look, Peer
from rekenschap.report.story import finding_part, steps_of
from rekenschap.report.texts import words_of
from tests.unit.report.invented import content, finding

NL = words_of("nl")


def part(story):
    return finding_part(1, replace(content(findings=0), findings=(story,)), NL)


def test_the_bars_of_the_terms_join_up_to_the_bar_of_the_sum():
    steps = steps_of(finding(3).finding, NL)
    *terms, total = steps
    ends = [x.left if x.lowers else x.left + x.width for x in terms]
    begins = [x.left + x.width if x.lowers else x.left for x in terms]
    assert begins[1:] == pytest.approx(ends[:-1], abs=0.02)
    assert (total.left, total.is_sum) == (0, True)
    assert total.left + total.width == pytest.approx(ends[-1], abs=0.02)


def test_a_finding_without_terms_has_only_a_sum():
    steps = steps_of(replace(finding(1).finding, terms=()), NL)
    assert [(x.line, x.points) for x in steps] == [("Samen", "0,00")]


def test_every_look_it_rests_on_is_in_the_table_even_when_there_are_many():
    story = finding(1, unexplained=50, explained=900)
    rows = part(story).looks.rows
    assert len(rows) == 60
    counted = {row[0] for row in rows if row[3] == "ja"}
    assert counted == {NL.number(x) for x in story.finding.looks}
    assert part(story).more_looks == "De tabel toont 60 van de 950 raadplegingen."


def test_a_look_says_what_explains_it():
    story = finding(1)
    at = story.looks[0].at
    looks = (
        Look(entry=1, at=at, explained=False, weak=False),
        Look(entry=2, at=at, explained=True, weak=False, ground="task_window"),
        Look(entry=3, at=at, explained=True, weak=True, ground="own_file"),
        Look(entry=4, at=at, explained=True, weak=False),
        Look(entry=5, at=at, explained=True, weak=False, ground="not_named"),
    )
    assert [row[2] for row in part(replace(story, looks=looks)).looks.rows] == [
        "niet verklaard",
        "verklaard: Taak voor deze persoon",
        "zwak verklaard: Eigen dossier",
        "verklaard: werk",
        "verklaard: not_named",
    ]


def test_more_looks_than_rows_still_shows_all_it_rests_on():
    story = finding(1, unexplained=70, explained=30)
    assert {row[0] for row in part(story).looks.rows} == {NL.number(x) for x in story.finding.looks}


def test_whom_a_look_was_about_gets_a_column_when_it_is_given():
    story = finding(1)
    looks = (replace(story.looks[0], subject="P-7K2QF"), *story.looks[1:])
    table = part(replace(story, looks=looks)).looks
    assert table.heads == ("Nummer in logboek", "Wanneer", "Burger", "Uitkomst", "Telt mee")
    assert table.rows[0][2] == "P-7K2QF"


def test_looks_on_one_day_are_told_as_one_day():
    story = finding(1)
    assert part(replace(story, looks=story.looks[:1])).timeline_answer.endswith(", op 5 januari 2026.")


def test_peers_are_summed_up_in_one_sentence():
    peers = (
        *(Peer(name=None, unexplained=x) for x in (0, 1, 3)),
        Peer(name="M", unexplained=9, highlighted=True),
    )
    assert part(replace(finding(1), peers=peers)).peers_answer == (
        "Vergeleken met 3 anderen: midden 1, hoogste 3, hier 9."
    )


def test_without_anyone_to_compare_with_nothing_is_claimed():
    assert (
        part(replace(finding(1), peers=(Peer(name="M", unexplained=9, highlighted=True),))).peers_answer == ""
    )


def test_a_finding_about_a_citizen_is_not_compared_within_a_role():
    assert part(finding(2)).about.startswith("burger P-")
    assert part(finding(2)).peers_title == "Is dit normaal voor deze groep?"
