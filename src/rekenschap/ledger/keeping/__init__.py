# SPDX-License-Identifier: EUPL-1.2
"""What custody does to a ledger: statements put in, keys changed, rows erased, what is due listed.

The rules stand in `rekenschap.ledger.custody`; here they meet a store.
"""

from rekenschap.ledger.keeping.recorded import authority_of, custody_facts, put_statement

__all__ = ["authority_of", "custody_facts", "put_statement"]
