# SPDX-License-Identifier: EUPL-1.2
"""The bars of a year, as numbers for an SVG: upright where there is room, lying down on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rekenschap.citizen.answer import Month
from rekenschap.citizen.telling import Telling

WIDE, HIGH, LEFT, TOP = 900, 260, 44, 16
_FOOT = 34
_ROW = 30
_LIES_FROM, _LIES_TO = 60, 300
_STEPS: tuple[int, ...] = tuple(first * 10**zeros for zeros in range(6) for first in (1, 2, 5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month: upright (x, y, width, height) and lying down (row, length)."""

    label: str
    short: str
    count: int
    x: float
    y: float
    width: float
    height: float
    middle: float
    row: int
    text_row: int
    length: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the axis."""

    y: float
    label: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything the two pictures need."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    bottom: float
    lying_high: int


def chart_of(months: Sequence[Month], say: Telling) -> Chart:
    """Draw the months."""
    top = max((each.count for each in months), default=0)
    step = _step(top)
    most = max(step, -(-top // step) * step)
    bottom = HIGH - _FOOT
    scale, place = (bottom - TOP) / most, (WIDE - LEFT) / max(1, len(months))
    bars = tuple(
        Bar(
            label=say.month(each.first),
            short=say.month(each.first, short=True),
            count=each.count,
            x=round(LEFT + at * place + 0.1 * place, 1),
            y=round(bottom - each.count * scale, 1),
            width=round(0.8 * place, 1),
            height=round(each.count * scale, 1),
            middle=round(LEFT + (at + 0.5) * place, 1),
            row=at * _ROW + 4,
            text_row=at * _ROW + 21,
            length=(length := round((_LIES_TO - _LIES_FROM - 30) * each.count / most, 1)),
            after=_LIES_FROM + length + 6,
        )
        for at, each in enumerate(months)
    )
    lines = tuple(Line(y=round(bottom - value * scale, 1), label=value) for value in range(0, most + 1, step))
    return Chart(bars=bars, lines=lines, bottom=bottom, lying_high=len(months) * _ROW)


def _step(top: int) -> int:
    """Give a round distance between at most six lines."""
    return next(each for each in _STEPS if top <= 5 * each or each == _STEPS[-1])
