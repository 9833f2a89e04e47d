# SPDX-License-Identifier: EUPL-1.2
"""Charts of the desk only: who met which line of a list, shares per system, a figure month by month.

Same colours and shapes as in `charts`; knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rekenschap.report.charts import (
    BLUE,
    GREY,
    INK,
    NARROW,
    ORANGE,
    Rows,
    Spec,
    _amount,
    _framed,
    _keyed,
    _point,
    _row_names,
    _rowed,
    _series,
)

MOST_PLACES = 60
"""Lines of a list that are drawn one by one; of a longer list only the counts are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetRow:
    """One row: a name, and for each line of the list `unexplained`, `explained` or nothing."""

    name: str
    met: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A share of a whole (0 to 1) with a name, of so many."""

    name: str
    share: float
    null: float | None = None


def met_chart(rows: Sequence[MetRow], said: tuple[str, str], *, width: int) -> Spec:
    """Draw for each row on which lines of the list it met; `said` names looks without and with a reason."""
    marks: Rows = [
        {"name": row.name, "line": at, "series": said[kind == "explained"]}
        for row in rows
        for at, kind in enumerate(row.met, start=1)
        if kind
    ]
    last = max((len(row.met) for row in rows), default=1)
    step = max(1, -(-last // (8 if width <= NARROW else 20)))
    axis: Spec = {"values": [1, *range(1 + step, last + 1, step)], "title": None, "grid": True, "format": "d"}
    place: Spec = {
        "x": _amount("line", axis, {"domain": [0.5, last + 0.5], "nice": False, "zero": False}),
        "color": _series(list(said), [ORANGE, BLUE], width),
        "shape": _series(list(said), ["diamond", "circle"], width),
    }
    layers: list[Spec] = [{"mark": _point(150 if last <= 20 else 60), "encoding": place}, *_row_names(width)]
    return _rowed(marks, layers, width, order=[row.name for row in rows])


def counts_chart(rows: Sequence[MetRow], said: tuple[str, str], *, width: int) -> Spec:
    """Draw for each row how many lines it met without and with a reason."""
    bars: Rows = [
        {"name": row.name, "many": sum(each == kind for each in row.met), "series": name, "at": at}
        for row in rows
        for at, (kind, name) in enumerate(zip(("unexplained", "explained"), said, strict=True))
    ]
    place: Spec = {
        "x": _amount("many", {"title": None, "grid": True, "tickMinStep": 1}, {"zero": True})
        | {"stack": True},
        "color": _series(list(said), [ORANGE, BLUE], width),
        "order": {"field": "at"},
    }
    layers: list[Spec] = [{"mark": {"type": "bar", "height": 14}, "encoding": place}, *_row_names(width)]
    return _rowed(bars, layers, width, order=[row.name for row in rows])


def shares_chart(bars: Sequence[Bar], said: tuple[str, ...], *, width: int) -> Spec:
    """Draw for each name its share, and where it is known what chance alone would give."""
    rows: Rows = [{"name": bar.name, "zero": 0, "share": bar.share, "null": bar.null} for bar in bars]
    axis: Spec = {"format": ".0%", "tickCount": 5, "title": None, "grid": True}
    scale: Spec = {"domain": [0, 1]}
    said = said if any(bar.null is not None for bar in bars) else (said[0],)
    line: Spec = {"x": _amount("zero", axis, scale), "x2": {"field": "share"}}
    real, chance = (
        {
            "x": _amount(field, axis, scale),
            "color": {"datum": name} | _keyed(list(said), [BLUE, ORANGE][: len(said)], width),
            "shape": {"datum": name} | _keyed(list(said), ["circle", "triangle-up"][: len(said)], width),
        }
        for field, name in zip(("share", "null"), (said[0], said[-1]), strict=True)
    )
    layers: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 3, "color": "#a9b4c2"}, "encoding": line},
        {"mark": _point(110), "encoding": real},
    ]
    if any(bar.null is not None for bar in bars):
        layers.append(
            {"mark": _point(90), "encoding": chance, "transform": [{"filter": "isValid(datum.null)"}]}
        )
    return _rowed(rows, [*layers, *_row_names(width)], width, order=[bar.name for bar in bars])


def months_chart(months: Sequence[tuple[str, float]], *, form: str, width: int) -> Spec:
    """Draw a figure month by month; the last one stands out. `form` is a number format."""
    names = [name for name, _ in months]
    rows: Rows = [
        {"month": name, "value": value, "last": at == len(months) - 1}
        for at, (name, value) in enumerate(months)
    ]
    x: Spec = {"field": "month", "type": "nominal", "sort": names, "axis": {"title": None, "labelAngle": 0}}
    y = _amount("value", {"title": None, "tickCount": 4, "format": form}, {"zero": True})
    colour: Spec = {"condition": {"test": "datum.last", "value": ORANGE}, "value": GREY}
    shown: Spec = {"field": "value", "type": "quantitative", "format": form}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "width": {"band": 0.6}}, "encoding": {"x": x, "y": y, "color": colour}},
        {"mark": {"type": "text", "dy": -8, "color": INK}, "encoding": {"x": x, "y": y, "text": shown}},
    ]
    return _framed(rows, layers, (width, 190))
