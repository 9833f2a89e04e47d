# SPDX-License-Identifier: EUPL-1.2
"""Reading as little of a ledger as a question needs: one row, or only the files of a time. Checks nothing."""
