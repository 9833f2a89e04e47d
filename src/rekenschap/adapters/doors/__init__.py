# SPDX-License-Identifier: EUPL-1.2
"""A door to a sequencer for other programs on the same machine."""

from rekenschap.adapters.doors.client import DistantSequencer
from rekenschap.adapters.doors.server import Door

__all__ = ["DistantSequencer", "Door"]
