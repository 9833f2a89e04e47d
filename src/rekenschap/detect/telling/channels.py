# SPDX-License-Identifier: EUPL-1.2
"""The words of a channel: of a query folder its own, of the others those in `channels.toml` beside this.

A kind of a channel (`weak_reason_assignment`) has the words of the channel. Knows no alert.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rekenschap.sql.query import InTwo, load_queries

_HERE = Path(__file__).parent
_MARKS = _HERE.parent / "channels" / "marks"
OTHER = "other"
"""The entry for a channel that has no words yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A channel as people read it: its name, and what was done, after "looked 5 times"; Dutch and English.

    `counts` says what its numbers count: looks, sent, staff or accounts.
    """

    channel: str
    title: InTwo
    sentence: InTwo
    counts: str


def words_of(channel: str) -> Words:
    """Give the words of a channel; of the longest known name it begins with, else plain ones."""
    known = _every()
    names = [name for name in known if channel == name or channel.startswith(f"{name}_")]
    return known[max(names, key=len, default=OTHER)]


@cache
def _every() -> Mapping[str, Words]:
    marks = {
        each.id: Words(channel=each.id, title=each.title, sentence=each.sentence, counts="looks")
        for each in load_queries(_MARKS)
    }
    told = tomllib.loads((_HERE / "channels.toml").read_text(encoding="utf-8"))
    return marks | {
        name: Words(
            channel=name, title=InTwo(**each["title"]), sentence=InTwo(**each["sentence"]),
            counts=each.get("counts", "looks"),
        )
        for name, each in told.items()
    }  # fmt: skip
