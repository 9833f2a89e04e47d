# SPDX-License-Identifier: EUPL-1.2
"""What time itself does here; the worker of the desk asks every hour: offer anew, take in, tell again."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from rekenschap_web.citizens.actions import take_in, tell_again
from rekenschap_web.citizens.withholding import carry_out_all
from rekenschap_web.evidence import citizens as page


def run_due() -> int:
    """Judge every look anew: what is no longer withheld appears now. Gives how many questions came."""
    carry_out_all()
    home = Path(settings.REKENSCHAP_HOME)
    page.offer(home, now=timezone.now())
    page.take_mandates(home, now=timezone.now())
    taken = take_in()
    tell_again()
    return taken
