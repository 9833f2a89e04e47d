# SPDX-License-Identifier: EUPL-1.2
"""How much is missed, from what the FG found in looks that were drawn by lot out of all looks of a month."""

from __future__ import annotations

from dataclasses import dataclass

from rekenschap.detect import Lot, missed
from rekenschap_web.accountability.models import MonthRecord
from rekenschap_web.findings.models import FindingRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedView:
    """The estimate and its interval (95 %), in looks, over the months whose sample somebody looked through.

    `found` of the `drawn` looks had no reason, and stood in no finding.
    """

    estimate: int
    low: int
    high: int
    looks: int
    drawn: int
    found: int
    months: int


def missed_view() -> MissedView | None:
    """Estimate what is missed; None as long as nobody looked through a sample."""
    lots = [lot for row in MonthRecord.objects.prefetch_related("sample") if (lot := _lot(row)).drawn]
    if not lots:
        return None
    told = missed(lots)
    return MissedView(
        estimate=round(told.estimate), low=round(told.low), high=round(told.high), looks=told.looks,
        drawn=told.drawn, found=sum(each.missed for each in lots), months=len(lots),
    )  # fmt: skip


def _lot(row: MonthRecord) -> Lot:
    """Count what was judged of one month; a look nobody could judge was not drawn."""
    judged = [each for each in row.sample.all() if each.answer in ("right", "wrong")]
    wrong = {each.entry for each in judged if each.answer == "wrong"}
    shown = _shown(wrong) if wrong else set()
    return Lot(looks=int(row.figures["whole"]["looks"]), drawn=len(judged), missed=len(wrong - shown))


def _shown(entries: set[int]) -> set[int]:
    """Give which of these looks stand in a finding that people were shown."""
    every = FindingRecord.objects.values_list("looks", flat=True)
    return {entry for looks in every for entry in looks if entry in entries}
