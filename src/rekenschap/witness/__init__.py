# SPDX-License-Identifier: EUPL-1.2
"""Our own witness (C2SP tlog-witness): a small service for somebody outside the organisation.

Sees checkpoints and proofs, remembers one line for each log, and cosigns what continues that line. Knows no
ledger, no rows and no people.
"""
