# SPDX-License-Identifier: EUPL-1.2
"""What the worker does with acts: bring them to the ledger, and what follows; and the check of both."""
