# SPDX-License-Identifier: EUPL-1.2
"""Files that grow and rotate, taken in as they do: whole rows, each once, however often we are stopped."""

from rekenschap.intake.following.cursors import Cursor, Cursors
from rekenschap.intake.following.following import Followed, Following
from rekenschap.intake.following.slices import Growing, growing

__all__ = ["Cursor", "Cursors", "Followed", "Following", "Growing", "growing"]
