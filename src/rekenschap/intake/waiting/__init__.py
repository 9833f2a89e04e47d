# SPDX-License-Identifier: EUPL-1.2
"""What waits in quarantine, worked through: shown without its values, and judged again after a fix."""

from rekenschap.intake.waiting.again import Again, judge_again
from rekenschap.intake.waiting.masking import masked
from rekenschap.intake.waiting.offered import NO_FACT, OfferedAgain

__all__ = ["NO_FACT", "Again", "OfferedAgain", "judge_again", "masked"]
