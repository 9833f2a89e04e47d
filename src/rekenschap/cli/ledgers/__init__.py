# SPDX-License-Identifier: EUPL-1.2
"""What the commands on a ledger, its copies, its witnesses and the files it gave away do."""
