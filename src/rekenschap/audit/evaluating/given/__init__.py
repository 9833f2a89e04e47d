# SPDX-License-Identifier: EUPL-1.2
"""What somebody gives to be evaluated: files that each ask for a profile, and a truth. Knows no look yet."""

from rekenschap.audit.evaluating.given.choice import Choice
from rekenschap.audit.evaluating.given.choosing import Choosing, Chosen, choose
from rekenschap.audit.evaluating.given.truths import Truth, Wording, read_truth

__all__ = ["Choice", "Choosing", "Chosen", "Truth", "Wording", "choose", "read_truth"]
