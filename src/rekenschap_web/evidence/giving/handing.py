# SPDX-License-Identifier: EUPL-1.2
"""Findings for the worker that puts them on the work list: nobody looks, so there is no warrant to use."""

from __future__ import annotations

from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.reading.shaping import finding_view
from rekenschap_web.evidence.views import FindingView


def every_finding() -> tuple[FindingView, ...]:
    """Give all findings of the newest derivation; no page may ask this."""
    return tuple(finding_view(each) for each in derived().findings)
