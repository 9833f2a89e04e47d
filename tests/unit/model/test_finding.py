# SPDX-License-Identifier: EUPL-1.2
"""A finding is the sum of its terms."""

from rekenschap.model.finding import Finding, Sentences, Term
from rekenschap.model.ids import Pseudonym


def _term(value):
    return Term(name="against_peers", value=value, nl="meer dan collega's", en="more than peers")


def test_the_score_is_the_exact_sum_of_the_terms():
    finding = Finding(
        rule="unexplained_by_staff",
        about=Pseudonym(domain="staff", hi=7),
        terms=tuple(_term(value) for value in (1e16, 1.0, -1e16)),
        sentences=Sentences(nl=("a", "b"), en=("a", "b")),
        looks=(1,),
        searched=(),
    )
    assert finding.score == 1.0
