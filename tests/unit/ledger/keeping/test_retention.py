# SPDX-License-Identifier: EUPL-1.2
"""What is due, per relation, and the orders that would erase it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from rekenschap.errors import ConfigurationError, RefusedError
from rekenschap.ledger import Ledger
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.custody.orders import Order, OrderAction, Rule
from rekenschap.ledger.custody.statements import digest_of
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.drafting import Wish, draft_orders, fitting
from rekenschap.ledger.keeping.erasing import erase
from rekenschap.ledger.keeping.retention import Term, due, terms_in
from rekenschap.model.relations import CONSULTATION, ZAAK
from tests.custody import ANNA, BRAM, DAY, NOW, TODAY, order, public, signed
from tests.ledgers import KEYS, content, memory_ledger, with_identity

TERM = Term(relation="consultation", days=30, law="Archiefwet")


def recorded(count: int, days_ago: int, seed: int) -> pa.Table:
    return with_identity(content(CONSULTATION, count, seed), CONSULTATION, recorded_at=NOW - days_ago * DAY)


@pytest.fixture
def ledger() -> Ledger:
    """Looks of 40, 31 and 5 days ago in entries 1-10, 11-20 and 21-30; then two officers."""
    made, _, _ = memory_ledger()
    for seed, days in enumerate((40, 31, 5)):
        made.append([(CONSULTATION, recorded(10, days, seed))])
    begin_log_keys(made, KEYS, at=NOW)
    text = draft_officers(made, public(ANNA, BRAM), needed=2, at=NOW)
    put_statement(made, signed(text, (ANNA, BRAM)), at=NOW)
    return made


def test_what_was_recorded_longer_ago_than_its_term_is_due(ledger: Ledger):
    found = due(ledger, authority_of(ledger), TERM, at=NOW)
    assert found.entries == Ranges.of([(1, 21)])
    assert (found.held, found.whole_runs) == (0, 2)


def test_the_last_day_of_a_term_is_not_over_yet(ledger: Ledger):
    at_the_day = Term(relation="consultation", days=31, law="Archiefwet")
    assert due(ledger, authority_of(ledger), at_the_day, at=NOW).entries == Ranges.of([(1, 11)])


def test_another_kind_of_fact_is_not_due(ledger: Ledger):
    term = Term(relation="zaak", days=1, law="Archiefwet")
    assert not due(ledger, authority_of(ledger), term, at=NOW).entries


def test_what_is_held_is_counted_apart(ledger: Ledger):
    head = authority_of(ledger).next_head(size=ledger.size, written=TODAY)
    put_statement(
        ledger, signed(order(head, OrderAction.HOLD, Ranges.of([(5, 8)])).to_text(), (ANNA, BRAM)), at=NOW
    )
    found = due(ledger, authority_of(ledger), TERM, at=NOW)
    assert found.entries == Ranges.of([(1, 5), (8, 21)])
    assert found.held == 3


def test_what_was_erased_is_not_due_again(ledger: Ledger):
    found = due(ledger, authority_of(ledger), TERM, at=NOW)
    [text] = draft_orders(ledger, authority_of(ledger), [_wish(found.entries)], at=NOW)
    assert erase(ledger, signed(text, (ANNA, BRAM)), at=NOW)[1].rows == 20
    assert not due(ledger, authority_of(ledger), TERM, at=NOW).entries
    assert ledger.facts("consultation").table.num_rows == 10


def test_orders_that_are_drafted_together_are_carried_out_one_after_another(ledger: Ledger):
    wishes = [_wish(Ranges.of([(1, 3)])), _wish(Ranges.of([(4, 6)])), _wish(Ranges.of([(7, 9)]))]
    texts = draft_orders(ledger, authority_of(ledger), wishes, at=NOW)
    assert Order.from_text(texts[1]).head.previous == digest_of(texts[0])
    for text in texts:
        assert erase(ledger, signed(text, (ANNA, BRAM)), at=NOW)[1].rows == 2


def test_a_wish_that_is_no_order_is_refused(ledger: Ledger):
    wish = Wish(action=OrderAction.ERASE, law="AVG", reason="x", entries=Ranges.of([(1, 2)]))
    with pytest.raises(RefusedError, match="a rule to erase"):
        draft_orders(ledger, authority_of(ledger), [wish], at=NOW)


def test_very_many_ranges_are_spread_over_orders():
    scattered = Ranges.of((entry, entry + 1) for entry in range(0, 200_000, 2))
    first = fitting(scattered)
    assert 0 < len(first) < len(scattered)
    assert len(first.to_text()) <= 400_000
    assert fitting(scattered - first)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "terms = 3",
        "[terms.looks]\ndays = 3\nlaw = 'x'",
        "[terms.consultation]\ndays = 0\nlaw = 'x'",
        "[terms.consultation]\ndays = true\nlaw = 'x'",
        "[terms.consultation]\ndays = 3",
        "[terms.consultation]\ndays = 3\nlaw = ''",
        "[terms.erasure]\ndays = 3\nlaw = 'x'",
        "terms.consultation = 3",
        "not toml",
    ],
)
def test_terms_that_cannot_be_read_are_refused(tmp_path: Path, text: str):
    (tmp_path / "terms.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"\[terms.consultation\]"):
        terms_in(tmp_path / "terms.toml")


def test_terms_are_read_from_a_file(tmp_path: Path):
    (tmp_path / "terms.toml").write_text("[terms.consultation]\ndays = 30\nlaw = 'Archiefwet'\n")
    assert terms_in(tmp_path / "terms.toml") == (TERM,)
    with pytest.raises(ConfigurationError):
        terms_in(tmp_path / "absent.toml")


def test_the_law_of_another_kind_does_not_touch_this_one(ledger: Ledger):
    ledger.append([(ZAAK, with_identity(content(ZAAK, 5, 1), ZAAK, recorded_at=NOW))])
    assert due(ledger, authority_of(ledger), TERM, at=NOW).entries == Ranges.of([(1, 21)])


def _wish(entries: Ranges) -> Wish:
    return Wish(
        action=OrderAction.ERASE, law="Archiefwet", reason="term", entries=entries, rule=Rule.TERM, term=30
    )
