# SPDX-License-Identifier: EUPL-1.2
"""Who may do what to a ledger besides adding to it: its keys by size, its officers, their orders, its holds.

Pure: statements and entry numbers in, rules out; raises on any doubt. Knows no store, no file and no clock.
"""

from rekenschap.ledger.custody.authority import Authority, CustodyFact
from rekenschap.ledger.custody.keyring import Keyring
from rekenschap.ledger.custody.ranges import Ranges

__all__ = ["Authority", "CustodyFact", "Keyring", "Ranges"]
