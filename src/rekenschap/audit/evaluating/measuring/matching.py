# SPDX-License-Identifier: EUPL-1.2
"""Which alert finds which episode. The only place where alerts and truth meet.

An alert about somebody finds an episode of whoever took part in it, or whose account was used, and one about
a destination an episode whose data went there, when the days it counts reach into the episode. Any other
alert finds one when a look of it is among the first it shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from rekenschap.audit.evaluating.measuring.measures import Flags, Whole

PEOPLE = ("staff", "account")
"""Domains in which an alert is about somebody; the others are about where they looked or what they used."""

READ_FIRST = 10
"""So many looks of an alert are read by whoever gets it before it is laid aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episodes:
    """What really happened, a row per episode; days are local day numbers.

    `look` and `look_episode` say of each look of an episode (rising) which row it belongs to, `look_day` when
    it was and `look_staff` under whose name. `destination` and `destination_episode` say where data of an
    episode went.
    """

    number: Whole
    scenario: tuple[str, ...]
    hiding: Flags
    staff: Whole
    account: Whole
    first_day: Whole
    last_day: Whole
    look: Whole
    look_episode: Whole
    look_day: Whole
    look_staff: Whole
    destination: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    destination_episode: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.number)

    def people_of(self, row: int) -> Whole:
        """Give whoever acted, whose account was used, and under whose names the looks of an episode stand."""
        named = np.array([self.staff[row], self.account[row]])
        everybody = np.concatenate([named[named != 0], self.look_staff[self.look_episode == row]])
        return np.unique(everybody)

    def episode_of(self, looks: Whole) -> Whole:
        """Give the row of the episode of each look, -1 for a look of none."""
        if not len(self.look):
            return np.full(len(looks), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.look, looks), len(self.look) - 1)
        return np.where(self.look[at] == looks, self.look_episode[at], -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Pairs of an alert (row) and an episode (row); `shown` says that a look of the episode is read first."""

    alert: Whole
    episode: Whole
    shown: Flags

    def true_of(self, alerts: int) -> Flags:
        """Say of each alert whether it finds an episode."""
        flags = np.zeros(alerts, dtype=np.bool_)
        flags[self.alert] = True
        return flags


def match(alerts: pa.Table, episodes: Episodes) -> Matches:
    """Match alerts (columns week, domain, about, window_days, look) with episodes."""
    shown = _shown(alerts, episodes)
    owned = _owned(alerts, episodes)
    pairs = np.unique(np.concatenate([shown, owned]), axis=0)
    keys = pairs[:, 0] * (len(episodes) + 1) + pairs[:, 1]
    of_shown = shown[:, 0] * (len(episodes) + 1) + shown[:, 1]
    return Matches(alert=pairs[:, 0], episode=pairs[:, 1], shown=np.isin(keys, of_shown))


def _shown(alerts: pa.Table, episodes: Episodes) -> Whole:
    """Give the pairs of which a look is read first."""
    looks = alerts.column("look").combine_chunks()
    flat = np.asarray(looks.flatten(), dtype=np.int64)
    sizes = np.asarray(pa.compute.list_value_length(looks).fill_null(0), dtype=np.int64)
    row = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    episode = episodes.episode_of(flat)
    kept = (episode >= 0) & (place < READ_FIRST)
    return np.unique(np.column_stack([row[kept], episode[kept]]).astype(np.int64), axis=0)


def _owned(alerts: pa.Table, episodes: Episodes) -> Whole:
    """Give the pairs of an alert about somebody or a destination with an episode in the days it counts."""
    domain = np.asarray(alerts.column("domain").to_pylist(), dtype=object)
    of_people, of_places = np.isin(domain, PEOPLE), domain == "destination"
    about, week = (np.asarray(alerts.column(name), dtype=np.int64) for name in ("about", "week"))
    window = np.asarray(alerts.column("window_days"), dtype=np.int64)
    ends = week + 6
    begins = ends - np.maximum(window, 7) + 1
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for row in range(len(episodes)):  # a loop over episodes: some hundreds at the most
        places = episodes.destination[episodes.destination_episode == row]
        ours = (of_people & np.isin(about, episodes.people_of(row))) | (of_places & np.isin(about, places))
        meets = (begins <= episodes.last_day[row]) & (ends >= episodes.first_day[row])
        found = np.flatnonzero(ours & meets)
        pairs.append(np.column_stack([found, np.full(len(found), row)]))
    return np.concatenate(pairs)
