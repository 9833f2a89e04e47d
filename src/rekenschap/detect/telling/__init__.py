# SPDX-License-Identifier: EUPL-1.2
"""What a weekly alert says to people: its channel in words, its terms, and whom it is about."""

from rekenschap.detect.telling.alerted import Told, told_of
from rekenschap.detect.telling.channels import Words, words_of

__all__ = ["Told", "Words", "told_of", "words_of"]
