# SPDX-License-Identifier: EUPL-1.2
"""What stands around a ledger: whether its first files are there, and what lies beside its blobs."""
