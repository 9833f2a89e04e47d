# SPDX-License-Identifier: EUPL-1.2
"""How a checkpoint becomes public: asked of the witnesses, published when the policy has enough of them.

And how an older checkpoint that somebody kept elsewhere is held against the ledger.
"""

from rekenschap.ledger.publishing.against import Against, check_against, read_kept
from rekenschap.ledger.publishing.publisher import Publication, Publisher, is_anchored, stored_tree
from rekenschap.ledger.publishing.questions import Silence
from rekenschap.ledger.publishing.stamping import (
    check_timestamps,
    keep_timestamp,
    size_stamped,
    timestamps_of,
)

__all__ = [
    "Against",
    "Publication",
    "Publisher",
    "Silence",
    "check_against",
    "check_timestamps",
    "is_anchored",
    "keep_timestamp",
    "read_kept",
    "size_stamped",
    "stored_tree",
    "timestamps_of",
]
