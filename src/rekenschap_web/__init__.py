# SPDX-License-Identifier: EUPL-1.2
"""The web: the desk, server-rendered. Holds casework only; evidence stays in the ledger."""
