# SPDX-License-Identifier: EUPL-1.2
"""Findings for the worker that puts them on the work list: nobody looks, so there is no warrant to use."""

from __future__ import annotations

from collections.abc import Collection

from rekenschap_web.evidence.house import derived
from rekenschap_web.evidence.reading.shaping import day, finding_view
from rekenschap_web.evidence.views import FindingView, Week


def every_finding() -> tuple[FindingView, ...]:
    """Give all findings of the newest derivation, and what only a week may pick; no page may ask this."""
    told = derived()
    return tuple(finding_view(each) for each in (*told.findings, *told.candidates))


def last_week() -> Week:
    """Say which week was over last, and how many people look."""
    told = derived().manifest
    return Week(monday=None if told.last_week is None else day(told.last_week), people=told.people)


def explained_now(entries: Collection[int]) -> dict[int, bool]:
    """Tell of each of these looks that the newest derivation has whether work explains it now."""
    if not entries:
        return {}
    rows = derived().looks(sorted(entries)).select(["look", "explained"]).to_pylist()
    return {row["look"]: bool(row["explained"]) for row in rows}
