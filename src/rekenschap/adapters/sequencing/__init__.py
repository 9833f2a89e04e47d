# SPDX-License-Identifier: EUPL-1.2
"""A socket to a sequencer for other programs on the same machine."""

from rekenschap.adapters.sequencing.client import DistantSequencer
from rekenschap.adapters.sequencing.ledger import DistantLedger
from rekenschap.adapters.sequencing.server import SequencerSocket

__all__ = ["DistantLedger", "DistantSequencer", "SequencerSocket"]
