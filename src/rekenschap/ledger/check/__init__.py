# SPDX-License-Identifier: EUPL-1.2
"""The check of a ledger by somebody who believes nothing in it but a public key.

Knows no private key and writes nothing.
"""

from rekenschap.ledger.check.whole import CheckReport, Mode, check

__all__ = ["CheckReport", "Mode", "check"]
