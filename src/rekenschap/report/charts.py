# SPDX-License-Identifier: EUPL-1.2
"""The charts as Vega-Lite specifications: what is drawn, never how it becomes a picture.

Colour and shape both differ: explained is a blue circle, unexplained an orange diamond, work a grey square.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import fmean

from rekenschap.model.explanation import GroundShare
from rekenschap.report.content import Look, Peer, SourceSystem, Strip, Week, Work
from rekenschap.report.texts import Words

Spec = dict[str, object]
Rows = list[dict[str, object]]

BLUE = "#2a5c9e"
ORANGE = "#b23a00"
PURPLE = "#6b3fa0"
GREY = "#5a6673"
INK = "#00183d"

NARROW = 326
WIDE = 900
_SLOTS = 400
"""A timeline shows at most one mark of a kind in each of this many parts of its length."""
MOST_LINES = 40
"""A timeline with more unexplained looks than this has no dotted lines: they would be a curtain."""
_BUSY = 200
_PLACES = 30


def coverage_chart(systems: Sequence[SourceSystem], words: Words, *, width: int) -> Spec:
    """Draw for each system a bar from its first to its last fact; a system that sent none says so."""
    rows: Rows = [
        {"name": x.name, "first": _stamp(x.first), "last": _stamp(x.last), "silent": x.first is None}
        for x in systems
    ]
    drawn = [x for x in systems if x.first is not None]
    ticks = _ticks([at for x in drawn for at in (x.first, x.last) if at is not None], width)
    sent: Spec = {"transform": [{"filter": "!datum.silent"}]}
    bar: Spec = {"x": _time("first", ticks), "x2": {"field": "last"}}
    layers: list[Spec] = [
        sent | {"mark": {"type": "rule", "strokeWidth": 6, "color": BLUE, "opacity": 0.45}, "encoding": bar}
    ]
    for field in ("first", "last"):
        end: Spec = {"x": _time(field, ticks)}
        layers.append(sent | {"mark": _point(60) | {"color": BLUE}, "encoding": end})
    silent: Spec = {"text": {"value": words.say("table.never")}, "x": {"value": 14 if width > NARROW else 0}}
    mark = {"type": "text", "align": "left", "color": ORANGE, "fontWeight": "bold"}
    layers.append({"transform": [{"filter": "datum.silent"}], "mark": mark, "encoding": silent})
    return _rowed(rows, [*layers, *_row_names(width)], width, order=[x.name for x in systems])


def arrivals_chart(strips: Sequence[Strip], words: Words, *, width: int) -> Spec:
    """Draw for each source the last days: a square when facts came in, darker for more; a dot when none did;
    and a dashed square for each day of a silence that its rhythm does not allow."""
    days = 14 if width <= NARROW else 28
    shown = [(strip, strip.days[-days:]) for strip in strips]
    rows: Rows = [
        {"name": strip.name, "at": _stamp(day.on), "kind": day.kind, "much": day.much, "lead": at == 0}
        for strip, listed in shown
        for at, day in enumerate(listed)
    ]
    dates = [day.on for _, listed in shown[:1] for day in listed]
    ticks = [_stamp(on) for on in dates if on.weekday() == 0]
    place: Spec = {"x": _time("at", ticks)}
    much: Spec = {"field": "much", "type": "quantitative", "legend": None}
    much["scale"] = {"domain": [0, 1], "range": [0.35, 1]}
    square = 210 if width <= NARROW else 330
    came: Spec = _point(square) | {"shape": "square", "color": BLUE}
    none: Spec = _point(14) | {"shape": "circle", "color": "#a9b4c2"}
    silent: Spec = _point(square) | {"shape": "square", "color": ORANGE, "filled": False}
    silent |= {"strokeWidth": 2, "strokeDash": [3, 2]}
    layers = [
        _of_kind("came", came, place | {"opacity": much}),
        _of_kind("none", none, place),
        _of_kind("silent", silent, place),
        *(layer | {"transform": [{"filter": "datum.lead"}]} for layer in _row_names(width, above=19)),
    ]
    return _rowed(rows, layers, width, order=[strip.name for strip in strips])


def _of_kind(kind: str, mark: Spec, encoding: Spec) -> Spec:
    return {"transform": [{"filter": f"datum.kind === '{kind}'"}], "mark": mark, "encoding": encoding}


def week_chart(weeks: Sequence[Week], words: Words, *, width: int) -> Spec:
    """Draw the explained share and its null as two lines over the weeks."""
    real, null = words.say("shares.real_series"), words.say("shares.null_series")
    rows: Rows = [
        {"week": _stamp(x.start), "share": share, "series": series}
        for x in weeks
        for series, share in ((real, x.explained), (null, x.null_explained))
        if share == share
    ]
    every = -(-len(weeks) // (4 if width <= NARROW else 13))
    axis: Spec = {"format": ".0%", "tickCount": 5, "title": None}
    place: Spec = {
        "x": _time("week", [_stamp(x.start) for x in weeks[::every]]),
        "y": _amount("share", axis, {"domain": [0, 1]}),
        "color": _series([real, null], [BLUE, ORANGE], width),
    }
    dash: Spec = {"strokeDash": _series([real, null], [[1, 0], [5, 4]], width) | {"legend": None}}
    shape: Spec = {"shape": _series([real, null], ["circle", "triangle-up"], width)}
    layers: list[Spec] = [
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": place | dash},
        {"mark": _point(60), "encoding": place | shape},
    ]
    return _framed(rows, layers, (width, 270))


def trend_chart(rows_by_week: Sequence[tuple[date, int, int]], words: Words, *, width: int) -> Spec:
    """Draw for each week how many looks nothing explains, and how many findings rest on that week."""
    names = [words.say("trend.unexplained"), words.say("trend.findings")]
    rows: Rows = [
        {"week": _stamp(week), "many": many, "series": series}
        for week, *counts in rows_by_week
        for series, many in zip(names, counts, strict=True)
    ]
    every = max(1, -(-len(rows_by_week) // (4 if width <= NARROW else 13)))
    axis: Spec = {"format": ",d", "tickCount": 5, "tickMinStep": 1, "title": None}
    place: Spec = {
        "x": _time("week", [_stamp(week) for week, *_ in rows_by_week[::every]]),
        "y": _amount("many", axis, {"zero": True}),
        "color": _series(names, [BLUE, ORANGE], width),
    }
    shape: Spec = {"shape": _series(names, ["square", "diamond"], width)}
    layers: list[Spec] = [
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": place},
        {"mark": _point(70), "encoding": place | shape},
    ]
    return _framed(rows, layers, (width, 240))


def days_chart(days: Sequence[tuple[date, Sequence[int]]], names: Sequence[str], *, width: int) -> Spec:
    """Draw a bar for each day, cut into explained, said and unexplained looks; `names` are those three."""
    rows: Rows = [
        {"day": _stamp(day), "many": many, "series": name, "place": place}
        for day, counts in days
        for place, (name, many) in enumerate(zip(names, counts, strict=True))
        if many
    ]
    moments = [datetime.combine(day, datetime.min.time()) for day, _ in days]
    axis: Spec = {"format": ",d", "tickCount": 5, "tickMinStep": 1, "title": None}
    place: Spec = {
        "x": _time("day", _ticks(moments, width)) | {"bandPosition": 0.5},
        "y": _amount("many", axis, {"zero": True}),
        "color": _series(list(names), [BLUE, PURPLE, ORANGE], width),
        "order": {"field": "place", "type": "quantitative"},
    }
    thick = max(2, min(18, (width - 60) // max(1, _span(moments)) - 1))
    return _framed(rows, [{"mark": {"type": "bar", "size": thick}, "encoding": place}], (width, 220))


def _span(moments: Sequence[datetime]) -> int:
    return (max(moments) - min(moments)).days + 1 if moments else 1


def ground_chart(grounds: Sequence[tuple[str, GroundShare]], words: Words, *, width: int) -> Spec:
    """Draw for each named ground its share, joined to what chance alone would give."""
    real, null = words.say("shares.real_series"), words.say("shares.null_series")
    rows: Rows = [{"name": name, "share": x.share, "null": x.null_share} for name, x in grounds]
    axis: Spec = {"format": ".0%", "tickCount": 5, "title": None, "grid": True}
    scale: Spec = {"nice": True, "zero": True}
    span: Spec = {"x": _amount("null", axis, scale), "x2": {"field": "share"}}
    layers: list[Spec] = [{"mark": {"type": "rule", "strokeWidth": 3, "color": "#a9b4c2"}, "encoding": span}]
    for field, series in (("null", null), ("share", real)):
        marks: Spec = {
            "x": _amount(field, axis, scale),
            "color": {"datum": series} | _keyed([real, null], [BLUE, ORANGE], width),
            "shape": {"datum": series} | _keyed([real, null], ["circle", "triangle-up"], width),
        }
        layers.append({"mark": _point(90), "encoding": marks})
    return _rowed(rows, [*layers, *_row_names(width)], width, order=[name for name, _ in grounds])


def timeline_chart(looks: Sequence[Look], work: Sequence[Work], words: Words, *, width: int) -> Spec:
    """Draw looks above work on one time axis, with a dotted line through each unexplained look."""
    kinds = {
        "unexplained": ([x.at for x in looks if not x.explained and not x.weak], ORANGE, "diamond"),
        "weak": ([x.at for x in looks if x.weak], PURPLE, "triangle-up"),
        "explained": ([x.at for x in looks if x.explained and not x.weak], BLUE, "circle"),
        "work": ([x.at for x in work], GREY, "square"),
    }
    shown = {kind: parts for kind, parts in kinds.items() if parts[0] or kind != "weak"}
    names = [words.say(f"findings.row_{kind}") for kind in shown]
    rows: Rows = [
        {"name": name, "series": name, "at": _stamp(at), "line": kind == "unexplained"}
        for name, (kind, (moments, _, _)) in zip(names, shown.items(), strict=True)
        for at in _thinned(moments)
    ]
    ticks = _ticks([x.at for x in looks] + [x.at for x in work], width)
    marks: Spec = {
        "x": _time("at", ticks),
        "color": _series(names, [colour for _, colour, _ in shown.values()], width) | {"legend": None},
        "shape": _series(names, [shape for _, _, shape in shown.values()], width) | {"legend": None},
    }
    mark = _point(45) | {"opacity": 0.4} if len(rows) > _BUSY else _point(110) | {"opacity": 0.8}
    layers: list[Spec] = [{"mark": mark, "encoding": marks}]
    if len(shown["unexplained"][0]) <= MOST_LINES:
        layers.insert(0, _lines(ticks))
    return _rowed(rows, layers, width, order=names, named=True)


def peers_chart(peers: Sequence[Peer], words: Words, *, width: int) -> Spec:
    """Draw the comparison group by number of unexplained looks; a circle grows with its number of people."""
    group, own = words.say("findings.peer_series"), words.say("findings.own_series")
    top = max([2, *(x.unexplained for x in peers)])
    counts = _gathered([x.unexplained for x in peers if not x.highlighted], -(-top // _PLACES))
    rows: Rows = [
        {"count": count, "many": many, "label": f"{many}×", "series": group} for count, many in counts.items()
    ]
    rows += [{"count": x.unexplained, "many": 1, "label": "", "series": own} for x in peers if x.highlighted]
    axis: Spec = {"tickMinStep": 1, "format": ",d", "title": words.say("findings.peers_axis"), "grid": True}
    scale = {"domain": [min(-0.5, -top / 40), top + top / 20], "nice": False}
    place: Spec = {"x": _amount("count", axis, scale)}
    place["y"] = {"value": 44}
    size: Spec = {"field": "many", "type": "quantitative", "legend": None}
    size["scale"] = {"domain": [1, max([2, *counts.values()])], "range": [130, 700]}
    marks = place | {
        "color": _series([group, own], [GREY, ORANGE], width),
        "shape": _series([group, own], ["circle", "diamond"], width),
        "size": size,
    }
    above: Spec = {"text": {"field": "label"}, "y": {"value": 14}}
    layers: list[Spec] = [
        {"mark": _point(130), "encoding": marks},
        {"mark": {"type": "text", "color": INK}, "encoding": place | above},
    ]
    return _framed(rows, layers, (width, 172))


def _lines(ticks: list[str]) -> Spec:
    rule: Spec = {"type": "rule", "color": ORANGE, "strokeDash": [2, 3], "opacity": 0.7}
    encoding: Spec = {"x": _time("at", ticks), "y": {"value": 0}, "y2": {"value": {"expr": "height"}}}
    return {"mark": rule, "encoding": encoding, "transform": [{"filter": "datum.line"}]}


def _row_names(width: int, *, above: int = 15) -> list[Spec]:
    """On a narrow picture the name stands above its row, so that the whole width is left for the marks."""
    if width > NARROW:
        return []
    mark = {"type": "text", "align": "left", "dy": -above, "color": INK, "limit": width - 20}
    return [{"mark": mark, "encoding": {"x": {"value": 0}, "text": {"field": "name"}}}]


def _framed(rows: Rows, layers: list[Spec], size: tuple[int, int]) -> Spec:
    """Put layers in one frame of exactly this width and height, names and axes included."""
    width, height = size
    fit: Spec = {"type": "fit", "contains": "padding"}
    frame: Spec = {"data": {"values": rows}, "width": width, "height": height, "autosize": fit}
    return frame | {"layer": layers, "config": _CONFIG}


def _rowed(rows: Rows, layers: list[Spec], width: int, *, order: list[str], named: bool = False) -> Spec:
    """Put layers in a frame with one row for each name; a narrow one leaves the names out unless told."""
    named = named or width > NARROW
    axis: Spec = {"title": None, "grid": True, "ticks": False, "domain": False, "labelPadding": 10}
    y: Spec = {"field": "name", "type": "nominal", "sort": order, "scale": {"domain": order}}
    y["axis"] = axis | {"labelLimit": 300} if named else None
    height = 44 + len(order) * (34 if named else 46)
    return _framed(rows, layers, (width, height)) | {"encoding": {"y": y}}


def _series(names: list[str], looks_like: Sequence[object], width: int) -> Spec:
    return {"field": "series", "type": "nominal"} | _keyed(names, looks_like, width)


def _keyed(names: list[str], looks_like: Sequence[object], width: int) -> Spec:
    """Give each series its own colour, shape or dash, with one legend above the chart."""
    legend = {"title": None, "orient": "top", "direction": "vertical" if width <= NARROW else "horizontal"}
    scale = {"domain": names, "range": list(looks_like)}
    return {"legend": legend, "scale": scale}


def _point(size: int) -> Spec:
    return {"type": "point", "filled": True, "size": size, "opacity": 1}


def _time(field: str, ticks: list[str]) -> Spec:
    axis: Spec = {"format": "%-d %b", "title": None, "grid": True}
    if ticks:
        axis["values"] = ticks
    else:
        axis |= {"format": "%-d %b %H:%M", "tickCount": 3}
    return {"field": field, "type": "temporal", "scale": {"type": "utc", "padding": 12}, "axis": axis}


def _ticks(moments: Sequence[datetime], width: int) -> list[str]:
    """Put marks on Mondays, or on days when it is a matter of days; none when it is less than two days."""
    if not moments:
        return []
    first, last = min(moments).date(), max(moments).date()
    days = (last - first).days
    most = 4 if width <= NARROW else 14
    step = next((x for x in (1, 2, 7, 14, 28, 56, 112) if days / x <= most), 364)
    begin = first - timedelta(days=first.weekday()) if step >= 7 else first
    marks = [begin + timedelta(days=x) for x in range(0, (last - begin).days + 1, step)]
    return [_stamp(x) for x in marks if x >= first] if days >= 2 else []


def _amount(field: str, axis: Spec, scale: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}


def _stamp(at: date | None) -> str:
    """Write a time as if it were UTC, so that the picture shows the hour that was given."""
    if isinstance(at, datetime):
        return at.replace(tzinfo=None).isoformat(timespec="minutes") + "Z"
    return "" if at is None else f"{at.isoformat()}T00:00Z"


def _gathered(counts: Sequence[int], step: int) -> dict[float, int]:
    """Count how many lie in each step of the axis, and give them the place of their mean."""
    places: dict[int, list[int]] = {}
    for count in sorted(counts):
        places.setdefault(count // step, []).append(count)
    return {round(fmean(group), 2): len(group) for group in places.values()}


def _thinned(moments: Iterable[datetime]) -> list[datetime]:
    """Keep one moment for each slot of the whole length; a mark on top of a mark shows nothing."""
    ordered = sorted(moments)
    if len(ordered) <= _SLOTS:
        return ordered
    step = max((ordered[-1] - ordered[0]) / _SLOTS, timedelta(minutes=1))
    return list({(at - ordered[0]) // step: at for at in ordered}.values())


_AXIS: Spec = {
    "labelColor": INK,
    "titleColor": INK,
    "titleFontWeight": "bold",
    "gridColor": "#dfe4ea",
    "domainColor": GREY,
    "tickColor": GREY,
    "labelFontSize": 13,
    "titleFontSize": 13,
    "labelOverlap": True,
}
_CONFIG: Spec = {
    "background": None,
    "view": {"stroke": None},
    "font": "Noto Sans, sans-serif",
    "axis": _AXIS,
    "legend": {
        "labelFontSize": 13,
        "labelColor": INK,
        "labelLimit": 320,
        "symbolSize": 90,
        "symbolStrokeWidth": 0,
    },
    "text": {"fontSize": 13},
}
