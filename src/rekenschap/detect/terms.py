# SPDX-License-Identifier: EUPL-1.2
"""The terms of a finding, in nats: the count against peers, the price of asking often, what the looks add.

Every addition is zero or more, has a ceiling, and can only fall when a look gets a reason: explaining never
harms. None rests on who somebody is: only on counts, hours, search keys and the evidence of the looks.
"""

from __future__ import annotations

from math import fsum, log

import numpy as np

from rekenschap.detect.behind import Habits, Looks, visits_of
from rekenschap.detect.scan import Standing
from rekenschap.detect.words import number_en, number_nl, people_en, people_nl, span_en, span_nl
from rekenschap.model.finding import Term

CEILING = 2.0
"""The most, in nats, that one addition may weigh: the counting against peers stays what decides."""

_PSEUDO = 3.0
_MOST_TELLING = 5


def terms_of_count(standing: Standing, *, days: int) -> list[Term]:
    """Give against_peers (how unlikely), and the price of looking often: windows_tried and tests_done."""
    count, usual = standing.count, standing.expected
    found = [
        Term(
            name="against_peers",
            value=-standing.log_tail,
            nl=f"{count} zonder gevonden werk {span_nl(days)}; gewoonlijk {number_nl(usual)}",
            en=f"{count} without known work {span_en(days)}; usually {number_en(usual)}",
        )
    ]
    if standing.windows > 1:
        found.append(
            Term(
                name="windows_tried",
                value=-log(standing.windows),
                nl=f"wij bekeken veel perioden (weging {standing.windows:.0f}), dan valt eerder iets op",
                en=f"we looked at many periods (weight {standing.windows:.0f}), so chance has a hand",
            )
        )
    tests = max(standing.tests, 1.0) * standing.rules
    found.append(
        Term(
            name="tests_done",
            value=-log(tests),
            nl=f"wij stelden deze vraag {standing.tests:.0f} keer, als een van {standing.rules} vragen",
            en=f"we asked this question {standing.tests:.0f} times, as one of {standing.rules} questions",
        )
    )
    return found


def term_of_repeats(worth: float, *, beyond: float, subjects: int) -> Term:
    """Give what it adds that the same member of staff came back to (other) subjects without a reason.

    `worth` is the score of the strongest repeat, `beyond` how far the repeats alone would score above the
    finding they join: joined, they never weigh less, or a reason for one look could raise what is left.
    """
    return Term(
        name="repeats",
        value=max(float(np.clip(worth, 0.0, CEILING)), beyond),
        nl=f"kwam zonder gevonden werk ook vaker terug bij {people_nl(subjects)}",
        en=f"also came back to {people_en(subjects)} without known work",
    )


def score_of(terms: tuple[Term, ...]) -> float:
    """Sum terms as a finding does."""
    return fsum(term.value for term in terms)


def terms_behind(standing: Standing, looks: Looks, *, habits: Habits, usual_score: float) -> list[Term]:
    """Give the additions that are not zero: outside_hours and search_key (of staff only) and evidence."""
    found: list[Term] = []
    if standing.rule == "unexplained_by_staff":
        found += _outside_hours(standing, looks, habits)
        found += _search_key(standing, looks, habits)
    return found + _evidence(looks, usual_score)


def _excess(count: int, usual: float) -> float:
    """Give ln of a count over what is usual, shrunk by three of each, between 0 and the ceiling."""
    return float(np.clip(np.log((count + _PSEUDO) / (usual + _PSEUDO)), 0.0, CEILING))


def _outside_hours(standing: Standing, looks: Looks, habits: Habits) -> list[Term]:
    count = visits_of(looks, looks.outside_hours)
    usual = habits.usual_share(habits.outside_hours, standing) * standing.exposure
    nl = f"{count} in de avond, nacht of het weekend; collega's {number_nl(usual)}, verklaarde meegeteld"
    en = f"{count} at night or in the weekend; colleagues {number_en(usual)}, explained ones counted too"
    return _term("outside_hours", _excess(count, usual), nl, en)


def _search_key(standing: Standing, looks: Looks, habits: Habits) -> list[Term]:
    count = visits_of(looks, looks.by_other_key)
    usual = habits.usual_share(habits.by_other_key, standing) * standing.exposure
    nl = f"{count} op naam, adres of kenteken gezocht; collega's {number_nl(usual)}, verklaarde meegeteld"
    en = f"{count} found by name, address or plate; colleagues {number_en(usual)}, explained ones counted too"
    return _term("search_key", _excess(count, usual), nl, en)


def _evidence(looks: Looks, usual_score: float) -> list[Term]:
    """Weigh the five most telling looks; fewer than five count as if the rest said nothing."""
    beyond = np.clip(looks.score[:_MOST_TELLING] - usual_score, 0.0, CEILING)
    value = float(beyond.sum() / _MOST_TELLING)
    nl = "de vijf meest sprekende raadplegingen staan verder van bekend werk dan onverklaarde van anderen"
    en = "the five most telling looks are further from known work than the unexplained looks of others"
    return _term("evidence", value, nl, en)


def _term(name: str, value: float, nl: str, en: str) -> list[Term]:
    return [Term(name=name, value=value, nl=nl, en=en)] if value > 0 else []
