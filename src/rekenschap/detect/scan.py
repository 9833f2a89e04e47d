# SPDX-License-Identifier: EUPL-1.2
"""From counts in windows to what stands out: one test per member of staff, subject or pair.

Knows the shapes the rules answer with; not what their words are, nor which looks lie behind a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from rekenschap.detect.peers import Cells, prior_of_counts, prior_of_peers
from rekenschap.detect.tail import Numbers, Places, log_q_values, log_tail, smallest_per


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One test that stands out: what was counted, in which window, and how surprising it is.

    `other` is the subject of a pair, else 0. `log_tail` is of the best window alone; `windows` is what that
    choice costs, `tests` what asking everybody costs, `rules` what several questions cost: all factors.
    """

    rule: str
    about: int
    other: int
    count: int
    exposure: float
    expected: float
    window_days: int
    newest: int
    log_tail: float
    windows: float
    tests: float
    borrowed: bool
    rules: int = 3

    @property
    def oldest(self) -> int:
        """Give the first day of the window, in days before the last day of the ledger."""
        return self.newest + self.window_days - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one rule found: the tests with p < 1, and among how many tests each of them stands."""

    standing: tuple[Standing, ...]
    log_p: Numbers
    tests: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """How a rule compares: its name, the smallest count worth a finding, and how many peers make a group.

    `bare_too` asks that the bare count stands out as well, not only the count for its exposure.
    """

    rule: str
    at_least: int
    peers_at_least: int
    bare_too: bool = False


def column(rows: pa.Table, name: str) -> Places:
    """Give a column of whole numbers; null is 0."""
    return np.asarray(rows.column(name).cast(pa.int64()).combine_chunks().fill_null(0))


def _counts(rows: pa.Table, name: str) -> Numbers:
    return column(rows, name).astype(np.float64)


def scan_windows(rows: pa.Table, groups: Places, yardstick: Yardstick, *, about: str) -> Scan:
    """Test each owner by its most surprising window, at the price of every window it was seen in.

    `rows` have columns `about`, window_days, days_ago, exposed and unexplained; `groups` is a group per row.
    Every length of window gets an equal part, and inside it every window of the owner (Bonferroni).
    """
    names, owner = np.unique(column(rows, about), return_inverse=True)
    lengths = _lengths(rows)
    table = _Table(
        owner=owner, group=groups, days=column(rows, "window_days"), newest=column(rows, "days_ago"),
        count=_counts(rows, "unexplained"), exposure=_counts(rows, "exposed"),
    )  # fmt: skip
    best = _Best.empty(len(names))
    for days in lengths:
        _one_length(table.of(days), best, yardstick, price=float(len(lengths)))
    return _scan(best, names, yardstick, tests=_tests(table, yardstick.at_least, owners=len(names)))


def scan_pairs(rows: pa.Table, groups: Places, yardstick: Yardstick, *, days: int) -> Scan:
    """Test each pair by its surplus: days without a reason beyond the days with one, less the first.

    A pair stands among the pairs of others with a surplus and all its own that were seen often enough, so
    that a reason for one of its looks does not make the others weigh more.
    """
    pairs = _Pairs.of(rows)
    here = np.flatnonzero(pairs.surplus > 0)
    cells = Cells(
        owner=pairs.owner[here],
        group=groups[here],
        count=np.asarray(pairs.surplus[here] - 1, dtype=np.float64),
        exposure=np.ones(len(here)),
    )
    prior, borrowed = prior_of_peers(cells, owners=pairs.owners, at_least=yardstick.peers_at_least)
    logs = log_tail(cells.count, cells.exposure, prior)
    tests = pairs.tests(yardstick.at_least)[here]
    out = np.flatnonzero((pairs.unexplained[here] >= yardstick.at_least) & (logs < 0))
    standing = tuple(
        Standing(
            rule=yardstick.rule, about=int(pairs.staff[k]), other=int(pairs.subject[k]),
            count=int(pairs.unexplained[k]), exposure=float(pairs.seen[k]), expected=float(1 + prior.rate[i]),
            window_days=days, newest=0, log_tail=float(logs[i]), windows=1.0, tests=float(tests[i]),
            borrowed=bool(borrowed[i]),
        )
        for i, k in zip(out, here[out], strict=True)
    )  # fmt: skip
    return Scan(standing=standing, log_p=logs[out], tests=tests[out])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """Members of staff with the subjects they came back to; `surplus` may be below zero."""

    owner: Places
    owners: int
    staff: Places
    subject: Places
    seen: Places
    unexplained: Places

    @classmethod
    def of(cls, rows: pa.Table) -> _Pairs:
        staff = column(rows, "staff")
        names, owner = np.unique(staff, return_inverse=True)
        return cls(
            owner=owner, owners=len(names), staff=staff, subject=column(rows, "subject"),
            seen=column(rows, "days_seen"), unexplained=column(rows, "days_unexplained"),
        )  # fmt: skip

    @property
    def surplus(self) -> Places:
        return 2 * self.unexplained - self.seen

    def tests(self, at_least: int) -> Numbers:
        """Give for each pair the number of tests it stands among."""
        with_surplus = np.bincount(self.owner[self.surplus > 0], minlength=self.owners)
        possible = np.bincount(self.owner[self.seen >= at_least], minlength=self.owners)
        return np.asarray((with_surplus.sum() - with_surplus + possible)[self.owner], dtype=np.float64)


def discoveries(scans: Sequence[Scan], *, q: float) -> list[Standing]:
    """Keep what is found at false discovery rate `q` over all tests; each rule has an equal part of it."""
    rules = float(len(scans))
    logs = np.concatenate([scan.log_p for scan in scans])
    tests = rules * np.concatenate([np.maximum(scan.tests, 1.0) for scan in scans])
    kept = log_q_values(logs, tests=tests) <= np.log(q)
    every = [standing for scan in scans for standing in scan.standing]
    return [replace(standing, rules=len(scans)) for standing, keep in zip(every, kept, strict=True) if keep]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    owner: Places
    group: Places
    days: Places
    newest: Places
    count: Numbers
    exposure: Numbers

    def of(self, days: int) -> _Table:
        """Give the rows of one length, the newest windows of each owner first, so that ties fall to them."""
        here = np.flatnonzero(self.days == days)
        here = here[np.lexsort((self.newest[here], self.owner[here]))]
        return _Table(
            owner=self.owner[here], group=self.group[here], days=self.days[here], newest=self.newest[here],
            count=self.count[here], exposure=self.exposure[here],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """The best window of each owner so far; log_p is 0 where nothing stands out."""

    log_p: Numbers
    log_tail: Numbers
    windows: Numbers
    days: Places
    newest: Places
    count: Numbers
    exposure: Numbers
    expected: Numbers
    borrowed: Places

    @classmethod
    def empty(cls, owners: int) -> _Best:
        zero, place = np.zeros((5, owners)), np.zeros((3, owners), dtype=np.int64)
        return cls(
            log_p=zero[0], log_tail=zero[1], count=zero[2], exposure=zero[3], expected=zero[4],
            windows=np.ones(owners), days=place[0], newest=place[1], borrowed=place[2],
        )  # fmt: skip


def _one_length(table: _Table, best: _Best, yardstick: Yardstick, *, price: float) -> None:
    """Put the best window of this length in `best` wherever it beats what is there."""
    owners = len(best.log_p)
    cells = Cells(owner=table.owner, group=table.group, count=table.count, exposure=table.exposure)
    prior, borrowed = prior_of_peers(cells, owners=owners, at_least=yardstick.peers_at_least)
    worth = np.flatnonzero(table.count >= yardstick.at_least)
    logs = log_tail(table.count[worth], table.exposure[worth], prior.at(worth))
    if yardstick.bare_too:
        bare = prior_of_counts(cells, owners=owners).at(worth)
        logs = np.maximum(logs, log_tail(table.count[worth], np.ones(len(worth)), bare))
    lowest, place = smallest_per(table.owner[worth], logs, owners=owners)
    windows = price * np.maximum(np.bincount(table.owner, minlength=owners), 1)
    log_p = lowest + np.log(windows)
    better = np.flatnonzero((place >= 0) & (log_p < best.log_p))
    cell = worth[place[better]]
    best.log_p[better], best.log_tail[better] = log_p[better], lowest[better]
    best.windows[better], best.days[better] = windows[better], table.days[cell]
    best.newest[better], best.count[better] = table.newest[cell], table.count[cell]
    best.expected[better] = prior.rate[cell] * table.exposure[cell]
    best.borrowed[better], best.exposure[better] = borrowed[cell], table.exposure[cell]


def _scan(best: _Best, names: Places, yardstick: Yardstick, *, tests: int) -> Scan:
    out = np.flatnonzero(best.log_p < 0)
    standing = tuple(
        Standing(
            rule=yardstick.rule, about=int(names[i]), other=0, count=int(best.count[i]),
            exposure=float(best.exposure[i]),
            expected=float(best.expected[i]), window_days=int(best.days[i]), newest=int(best.newest[i]),
            log_tail=float(best.log_tail[i]), windows=float(best.windows[i]), tests=float(tests),
            borrowed=bool(best.borrowed[i]),
        )
        for i in out
    )  # fmt: skip
    return Scan(standing=standing, log_p=best.log_p[out], tests=np.full(len(out), float(tests)))


def _lengths(rows: pa.Table) -> list[int]:
    """Give the lengths of window there are, without those longer than another that holds the same days."""
    days, newest = column(rows, "window_days"), column(rows, "days_ago")
    span = int(newest.max()) + 1 if len(newest) else 0
    lengths = sorted({int(each) for each in days})
    covering = [each for each in lengths if each >= span]
    return [each for each in lengths if each < span] + covering[:1]


def _tests(table: _Table, at_least: int, *, owners: int) -> int:
    """Count the owners that could stand out at all: seen often enough, explained or not."""
    seen = np.zeros(owners)
    np.maximum.at(seen, table.owner, table.exposure)
    return int((seen >= at_least).sum())
