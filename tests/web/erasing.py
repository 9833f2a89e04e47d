# SPDX-License-Identifier: EUPL-1.2
"""Two invented officers who have something erased and something held in the house of the desk."""

from __future__ import annotations

from pathlib import Path

from rekenschap.adapters.keys.own_file import make_own_key
from rekenschap.house import ORIGIN, House, right_now
from rekenschap.ledger.custody.orders import OrderAction, Rule
from rekenschap.ledger.custody.publickeys import verifier_of
from rekenschap.ledger.custody.ranges import Ranges
from rekenschap.ledger.keeping import authority_of, put_statement
from rekenschap.ledger.keeping.ceremonies import begin_log_keys, draft_officers
from rekenschap.ledger.keeping.drafting import Wish, draft_orders
from rekenschap.ledger.keeping.erasing import erase
from tests.custody import signed


def erase_and_hold(home: Path, keys: Path) -> None:
    """Erase three looks and hold two others, by two officers whose keys are made in `keys`."""
    house, at = House.at(home), int(right_now().timestamp() * 1_000_000)
    ledger = house.ledger(origin=ORIGIN)
    officers = [make_own_key(keys / f"{name}.key", f"veldhaven.example/{name}") for name in ("anna", "bram")]
    begin_log_keys(ledger, house.keys, at=at)
    public = [verifier_of(each.key.to_text()) for each in officers]
    put_statement(ledger, signed(draft_officers(ledger, public, needed=2, at=at), officers), at=at)
    looks = ledger.facts("consultation").entries.to_pylist()

    def text(wish: Wish) -> str:
        return draft_orders(ledger, authority_of(ledger), [wish], at=at)[0]

    gone = Ranges.of((each, each + 1) for each in looks[:3])
    wish = Wish(
        action=OrderAction.ERASE, law="Rv art. 21", reason="vonnis 2026-17",
        entries=gone, rule=Rule.COURT,
    )  # fmt: skip
    erase(ledger, signed(text(wish), officers), at=at)
    held = Ranges.of((each, each + 1) for each in looks[-2:])
    hold = Wish(action=OrderAction.HOLD, law="AVG art. 17 lid 3", reason="onderzoek 2026-0004", entries=held)
    put_statement(ledger, signed(text(hold), officers), at=at)
