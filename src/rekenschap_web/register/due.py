# SPDX-License-Identifier: EUPL-1.2
"""What time itself does here: after a derivation, looks are held against the register anew.

And a derivation from before the last erasure goes, whoever finished that erasure. Casework goes when its term
ends, and the acts on it when officers had those erased.
"""

from __future__ import annotations

from django.utils import timezone

from rekenschap_web.acts.bringing.following import drop_erased_acts
from rekenschap_web.evidence.house import house
from rekenschap_web.evidence.reading.register import drop_erased, usage
from rekenschap_web.register.lapsing import wipe_due


def run_due() -> int:
    """Count, so that no page has to wait for it; gives how many old derivations, cases and acts went."""
    usage()
    return drop_erased() + wipe_due(now=timezone.now()) + drop_erased_acts(house())
