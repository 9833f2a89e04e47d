# SPDX-License-Identifier: EUPL-1.2
"""Published contracts of others: their records to rows of ours, and back. Knows no ledger and no network."""
