# SPDX-License-Identifier: EUPL-1.2
"""Facts, kept so that nobody can quietly change them: append, read, prove, check.

Knows neither where a ledger is stored nor whose key signs it; both come in through `rekenschap.seams`.
"""

from rekenschap.ledger.facts import FactAt, Facts
from rekenschap.ledger.ledger import Ledger, Receipt

__all__ = ["FactAt", "Facts", "Ledger", "Receipt"]
