# SPDX-License-Identifier: EUPL-1.2
"""Papers that belong to questions and investigations: sealed, hashed into the ledger, scanned."""
