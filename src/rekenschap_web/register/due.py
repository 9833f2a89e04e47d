# SPDX-License-Identifier: EUPL-1.2
"""What time itself does here: after a derivation, looks are held against the register anew.

And a derivation from before the last erasure goes, whoever finished that erasure.
"""

from __future__ import annotations

from rekenschap_web.evidence.reading.register import drop_erased, usage


def run_due() -> int:
    """Count, so that no page has to wait for it; gives how many old derivations went."""
    usage()
    return drop_erased()
