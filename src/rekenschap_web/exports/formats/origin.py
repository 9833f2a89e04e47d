# SPDX-License-Identifier: EUPL-1.2
"""Where a file came from, printed in it: a list that goes round says who took it, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who took a list along, when, why, with which filters, and under which number it is written down."""

    organisation: str
    number: str
    person: str
    at: datetime
    because: str
    filters: str
    approved_by: str = ""

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Give it as names and values."""
        told = (
            (_("Organisatie"), self.organisation),
            (_("Uitgifte"), self.number),
            (_("Opgehaald door"), self.person),
            (_("Op"), self.at.strftime("%d-%m-%Y %H:%M")),
            (_("Reden"), self.because),
            (_("Filters"), self.filters or _("geen")),
            (_("Toegestaan door"), self.approved_by),
        )
        return tuple((name, value) for name, value in told if value)
