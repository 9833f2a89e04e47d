# SPDX-License-Identifier: EUPL-1.2
"""The one that adds to a ledger: acknowledges when rows are durable, signs every second, seals later."""

from rekenschap.ledger.sequencer.growing import UnanchoredError
from rekenschap.ledger.sequencer.recovering import Recovered
from rekenschap.ledger.sequencer.sequencer import Pace, Sequencer

__all__ = ["Pace", "Recovered", "Sequencer", "UnanchoredError"]
