# SPDX-License-Identifier: EUPL-1.2
"""Which looks recorded work explains at all, over any number: ground after ground, each over what is left.

Knows no files, and says neither by which work nor how much: that is asked of what is left, or when shown.
"""

from rekenschap.explain.sifting.bare import Bare, bare
from rekenschap.explain.sifting.sifting import Step, sift, steps_of

__all__ = ["Bare", "Step", "bare", "sift", "steps_of"]
