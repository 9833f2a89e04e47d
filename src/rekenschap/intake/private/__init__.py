# SPDX-License-Identifier: EUPL-1.2
"""What is kept apart from the ledger, under keys: originals of pseudonyms, and rows that were refused."""
