# SPDX-License-Identifier: EUPL-1.2
"""What each weekly run would have put forward: one row per member of staff, subject or household and week.

A week is judged by what had happened by its end. Knows channels by name only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from rekenschap.detect.channels.catalogue import Channel, Channels
from rekenschap.detect.channels.counted import WEEK, Marks, Window
from rekenschap.detect.channels.reading import Seen
from rekenschap.detect.channels.surprise import FarEnd, Surprise, drawn, surprise
from rekenschap.detect.channels.tenure import Tenured
from rekenschap.detect.findings import Parameters
from rekenschap.detect.tail import Numbers, Places, log_q_values, smallest_per
from rekenschap.detect.words import Searched
from rekenschap.seams.engine import Engine

ALERTS = pa.schema(
    [
        ("week", pa.int64()),
        ("domain", pa.string()),
        ("about", pa.int64()),
        ("channel", pa.string()),
        ("window_days", pa.int64()),
        ("p", pa.float64()),
        ("score", pa.float64()),
        ("look", pa.list_(pa.int64())),
        ("q", pa.float64()),
        ("count", pa.int64()),
        ("usual", pa.float64()),
    ]
)
"""`week` is a local Monday as days since 1970. `p` is corrected for the windows and channels of one entity,
`score` is -ln(p x entities asked in the domain x domains), in nats, and `q` the false discovery rate of the
week. `look` holds at most 50, the most telling first."""

JOINED = 28
"""Days in which the same entity is not put forward again unless more stands out."""

_HISTORY = 182
_LOOKS = 50


def alerts(
    engine: Engine,
    *,
    grounds: Sequence[Searched] = (),
    parameters: Parameters | None = None,
    first_week: int,
    last_week: int,
) -> pa.Table:
    """Give what stood out at the end of each week, highest score first within a week; see `ALERTS`.

    Weeks are Mondays as day numbers. `look`, `verdict`, `explanation` and all facts must be bound; `visit`
    and `unexplained_look` are bound here. Raises EngineError.
    """
    asked = parameters or Parameters()
    seen = Seen.of(engine, asked.settings)
    if seen is None:
        return ALERTS.empty_table()
    board = _Board()
    for channel, week, judged in _judged(engine, seen, asked, range(first_week, last_week + 1, WEEK)):
        board.put(channel, week, judged)
    return _without_repeats(board.rows())


def p_values(
    engine: Engine,
    *,
    parameters: Parameters | None = None,
    first_week: int,
    last_week: int,
    seed: int,
) -> pa.Table:
    """Give a randomised p-value of every test of every week: uniform when nobody strays.

    Counts jump, so a plain p cannot be uniform: each is drawn evenly between P(more) and P(as many or more).
    """
    asked = parameters or Parameters()
    rng = np.random.default_rng(seed)
    schema = pa.schema([("channel", pa.string()), ("window_days", pa.int64()), ("p", pa.float64())])
    seen = Seen.of(engine, asked.settings)
    parts = [schema.empty_table()]
    weeks = range(first_week, last_week + 1, WEEK)
    for channel, _, judged in _judged(engine, seen, asked, weeks) if seen else ():
        for each in judged:
            p = np.exp(each.far_end.believed(drawn(each.surprise, rng), each.window.cells.owner))
            names, days = pa.repeat(channel.name, len(p)), pa.repeat(each.window.days, len(p))
            parts.append(pa.table([names, days, pa.array(p)], schema=schema))
    return pa.concat_tables(parts)


def within(found: pa.Table, *, per_week: float) -> pa.Table:
    """Give the alerts somebody would have been shown who looks into `per_week` a week, best first.

    Whoever was shown is not shown again for four weeks: what comes joins what is being looked into. Nor is
    anybody shown for looks that were all shown before. A fraction that is not used in one week is kept.
    """
    shown: dict[tuple[str, int], int] = {}
    chosen: list[int] = []
    columns = [found.column(name).to_pylist() for name in ("week", "domain", "about", "look")]
    left, now = 0.0, None
    known: dict[tuple[str, int], set[int]] = {}
    for row, (week, domain, about, looks) in enumerate(zip(*columns, strict=True)):
        if week != now:
            left = per_week + (left % 1.0 if now is not None else 0.0)
            now = week
        since = shown.get((domain, about), week - JOINED)
        old = known.setdefault((domain, about), set())
        if left < 1.0 or week - since < JOINED or (old and old.issuperset(looks)):
            continue
        old.update(looks)
        shown[domain, about] = week
        chosen.append(row)
        left -= 1.0
    return found.take(pa.array(chosen, pa.int64()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """One length of window in one week, judged; `log_p` is as believed, for each cell."""

    window: Window
    surprise: Surprise
    far_end: FarEnd
    log_p: Numbers


def _judged(
    engine: Engine, seen: Seen, asked: Parameters, weeks: range
) -> Iterator[tuple[Channel, int, list[_Judged]]]:
    """Judge every channel in every week in which it had anything to count; weeks rise within a channel."""
    if not len(weeks):
        return
    first, last = weeks[0] - seen.began - _HISTORY, weeks[-1] - seen.began + WEEK
    span = {"first": max(first, 0), "last": max(last, 0)}
    for channel in Channels(engine=engine, seen=seen, settings=asked.settings, **span):
        if not asked.asks(channel.name):
            continue
        far_ends: dict[int, FarEnd] = {}
        tenured: dict[int, Tenured] = {}
        for week in weeks:
            end = week + WEEK - 1 - seen.began
            if end < 0 or not channel.counts.heard_by(end):
                continue
            judged = [
                _judge(
                    window,
                    channel,
                    asked,
                    far_end=far_ends.setdefault(window.days, FarEnd(days=window.days)),
                    tenured=tenured.setdefault(window.days, Tenured()),
                )
                for window in channel.counts.windows(end)
                if len(window.cells.owner)
            ]
            if judged:
                yield channel, week, judged


def _judge(
    window: Window, channel: Channel, asked: Parameters, *, far_end: FarEnd, tenured: Tenured
) -> _Judged:
    owners = int(window.cells.owner.max(initial=-1)) + 1
    found = surprise(
        window, owners=owners, peers_at_least=asked.peers_at_least, bare_too=channel.bare_too,
        tenured=tenured,
    )  # fmt: skip
    far_end.take_in(found, window.cells.owner)
    return _Judged(
        window=window,
        surprise=found,
        far_end=far_end,
        log_p=far_end.believed(found.reached, window.cells.owner),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """The best window of each owner in one channel and week, with the price of the windows in `log_p`.

    `together` is ln of the mean of 1/p over all windows: what the harmonic mean of p is made of.
    """

    channel: int
    owner: Places
    log_p: Numbers
    together: Numbers
    days: Places
    newest: Places
    count: Numbers
    usual: Numbers


@dataclass(slots=True, kw_only=True)
class _Board:
    """Collects what each channel says in each week, and writes it down as rows."""

    channels: list[Channel] = field(default_factory=list)
    best: dict[tuple[int, str], list[_Best]] = field(default_factory=dict)
    asked: dict[tuple[int, str], int] = field(default_factory=dict)

    def put(self, channel: Channel, week: int, judged: list[_Judged]) -> None:
        if not self.channels or self.channels[-1] is not channel:
            self.channels.append(channel)
        at = week, channel.domain
        self.asked[at] = max(self.asked.get(at, 0), len(np.unique(judged[-1].window.cells.owner)))
        found = _best(judged, channel, len(self.channels) - 1)
        self.best.setdefault(at, []).append(found)

    def rows(self) -> pa.Table:
        """Give a row for everyone who stands out, by week and then by score."""
        weeks = sorted({week for week, _ in self.best})
        return pa.concat_tables([ALERTS.empty_table(), *(self._of_week(week) for week in weeks)])

    def _of_week(self, week: int) -> pa.Table:
        domains = [domain for at, domain in self.best if at == week]
        parts = [self._of_domain(week, domain, domains=len(domains)) for domain in domains]
        rows = pa.concat_tables([ALERTS.empty_table(), *parts])
        by_score = [("score", "descending"), ("domain", "ascending"), ("about", "ascending")]
        q = np.exp(log_q_values(-np.asarray(rows.column("score")), tests=np.ones(len(rows))))
        return rows.set_column(ALERTS.get_field_index("q"), "q", pa.array(q)).sort_by(by_score)

    def _of_domain(self, week: int, domain: str, *, domains: int) -> pa.Table:
        """Combine the channels of each owner (see `_together`); the best one gives the row its name."""
        found = self.best[week, domain]
        channel = np.concatenate([np.full(len(each.owner), each.channel) for each in found])
        every = {
            name: np.concatenate([getattr(each, name) for each in found])
            for name in ("owner", "log_p", "together", "days", "newest", "count", "usual")
        }
        owners = self.channels[found[0].channel].owners
        part = np.concatenate(
            [np.full(len(each.owner), self.channels[each.channel].part) for each in found]
        ) / sum(self.channels[each.channel].part for each in found)
        place = smallest_per(every["owner"], every["log_p"] - np.log(part), owners=len(owners))[1]
        lowest = _together(every["owner"], every["together"], part, owners=len(owners))
        out = np.flatnonzero((place >= 0) & (lowest < 0))
        at = place[out]
        asked = max(self.asked[week, domain], 1) / _part(domain, domains)
        looks = [
            self._looks(
                self.channels[channel[row]], int(owner), int(every["newest"][row]), int(every["days"][row])
            )
            for owner, row in zip(out, at, strict=True)
        ]
        names = np.array([each.name for each in self.channels], dtype=object)
        columns = [
            np.full(len(out), week), [domain] * len(out), owners.tokens[out], names[channel[at]],
            every["days"][at],
            np.exp(lowest[out]), -(lowest[out] + np.log(asked)), looks, np.ones(len(out)),
            every["count"][at].astype(np.int64), every["usual"][at],
        ]  # fmt: skip
        arrays = [pa.array(each, kind.type) for each, kind in zip(columns, ALERTS, strict=True)]
        return pa.Table.from_arrays(arrays, schema=ALERTS)

    def _looks(self, channel: Channel, owner: int, newest: int, days: int) -> Places:
        """Give the looks behind a row, most telling first."""
        marks: Marks = channel.marks
        low, high = np.searchsorted(marks.owner, [owner, owner + 1])
        day = marks.day[low:high]
        return marks.look[low:high][(day > newest - days) & (day <= newest)][:_LOOKS]


def _best(judged: list[_Judged], channel: Channel, number: int) -> _Best:
    """Choose the best window of each owner: every length has an equal part, and so has every window in it."""
    owner = np.concatenate([each.window.cells.owner for each in judged])
    owners = int(owner.max(initial=-1)) + 1
    price = np.concatenate([_price(each.window.cells.owner, len(judged)) for each in judged])
    count = np.concatenate([each.window.cells.count for each in judged])
    log_p = np.where(count >= channel.least, np.concatenate([each.log_p for each in judged]), 0.0)
    lowest, place = smallest_per(owner, log_p + price, owners=owners)
    together = _sums_of_logs(owner, -log_p - price, owners=owners)
    out = np.flatnonzero((place >= 0) & (together > 0))
    cell = place[out]
    return _Best(
        channel=number, owner=out, log_p=lowest[out], together=together[out],
        days=np.concatenate([np.full(len(each.log_p), each.window.days) for each in judged])[cell],
        newest=np.concatenate([each.window.newest for each in judged])[cell],
        count=count[cell], usual=np.concatenate([each.surprise.usual for each in judged])[cell],
    )  # fmt: skip


def _together(owner: Places, together: Numbers, part: Numbers, *, owners: int) -> Numbers:
    """Give ln of the weighted harmonic mean of the p-values of each owner; a channel not told of has p = 1.

    It holds for p-values that depend on each other, as those of channels do, where it is small (Wilson, PNAS
    116, 2019), is never above Bonferroni's, and counts it when several channels say the same.
    """
    told = np.bincount(owner, weights=part, minlength=owners)
    mean = _sums_of_logs(owner, together + np.log(part), owners=owners)
    with np.errstate(divide="ignore"):
        rest = np.log(np.maximum(1 - told, 0.0))
    return np.asarray(np.minimum(-np.logaddexp(mean, rest), 0.0))


def _sums_of_logs(owner: Places, logs: Numbers, *, owners: int) -> Numbers:
    """Give for each owner the ln of the sum of what these are logs of; minus infinity where it has none."""
    most = np.full(owners, -np.inf)
    np.maximum.at(most, owner, logs)
    base = np.where(np.isfinite(most), most, 0.0)
    sums = np.bincount(owner, weights=np.exp(logs - base[owner]), minlength=owners)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(sums) + base)


def _part(domain: str, domains: int) -> float:
    """Give the part of the error rate that a domain may spend; those of no person share a fifth."""
    return _STAFF_PART if domain == "staff" else (1 - _STAFF_PART) / max(domains - 1, 1)


_STAFF_PART = 0.8


def _price(owner: Places, lengths: int) -> Numbers:
    """Give for each cell the ln of what it costs: how many lengths, and how many windows of its owner."""
    return np.asarray(np.log(lengths * np.bincount(owner)[owner]))


def _without_repeats(rows: pa.Table) -> pa.Table:
    """Leave out who was put forward in the four weeks before with at least as high a score."""
    kept: dict[tuple[str, int], list[tuple[int, float]]] = {}
    keep = np.zeros(len(rows), dtype=bool)
    columns = [rows.column(name).to_pylist() for name in ("week", "domain", "about", "score")]
    for row, (week, domain, about, score) in enumerate(zip(*columns, strict=True)):
        told = [each for each in kept.get((domain, about), []) if week - each[0] < JOINED]
        keep[row] = all(score > before for _, before in told)
        kept[domain, about] = [*told, (week, score)] if keep[row] else told
    return rows.filter(pa.array(keep))
