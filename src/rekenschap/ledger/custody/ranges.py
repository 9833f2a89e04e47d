# SPDX-License-Identifier: EUPL-1.2
"""Sets of entries as ranges: sorted, apart from each other, with one spelling (`12-40,77-77`)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from rekenschap.tlog.text import MAX_NUMBER, from_decimal

Span = tuple[int, int]
"""The first entry of a range and the one after its last."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of entries; the spans are in order and never touch."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Self:
        """Join spans in any order, overlapping or not."""
        joined: list[Span] = []
        for first, end in sorted(span for span in spans if span[0] < span[1]):
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((first, end))
        return cls(tuple(joined))

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """Read the one spelling of a set that is not empty; None for every other text."""
        spans = [_span(part) for part in text.split(",")]
        if any(span is None for span in spans):
            return None
        found = cls.of(span for span in spans if span is not None)
        return found if found.to_text() == text else None

    def to_text(self) -> str:
        """Write first and last entry of each range; a set that is empty has no spelling."""
        return ",".join(f"{first}-{end - 1}" for first, end in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __len__(self) -> int:
        return sum(end - first for first, end in self.spans)

    def __contains__(self, entry: int) -> bool:
        at = bisect_right(self.spans, entry, key=lambda span: span[0]) - 1
        return at >= 0 and entry < self.spans[at][1]

    def within(self, first: int, end: int) -> Ranges:
        """Give what lies from `first` up to `end`, without looking at the rest."""
        low = bisect_right(self.spans, first, key=lambda span: span[1])
        high = bisect_left(self.spans, end, key=lambda span: span[0])
        return Ranges(tuple((max(a, first), min(b, end)) for a, b in self.spans[low:high]))

    def __or__(self, other: Ranges) -> Ranges:
        return Ranges.of((*self.spans, *other.spans))

    def __and__(self, other: Ranges) -> Ranges:
        return Ranges(tuple(_shared(self.spans, other.spans)))

    def __sub__(self, other: Ranges) -> Ranges:
        """Take away what `other` holds: what lies between its spans is what stays."""
        edges = [0, *(edge for span in other.spans for edge in span), MAX_NUMBER]
        return self & Ranges.of(zip(edges[::2], edges[1::2], strict=True))

    @property
    def first(self) -> int:
        """The first entry; IndexError when there is none."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """The entry after the last; 0 when there is none."""
        return self.spans[-1][1] if self.spans else 0


def _span(part: str) -> Span | None:
    low, dash, high = part.partition("-")
    first, last = from_decimal(low) if low else None, from_decimal(high) if high else None
    if not dash or first is None or last is None or not first <= last < MAX_NUMBER:
        return None
    return first, last + 1


def _shared(left: tuple[Span, ...], right: tuple[Span, ...]) -> Iterator[Span]:
    here = there = 0
    while here < len(left) and there < len(right):
        first, end = max(left[here][0], right[there][0]), min(left[here][1], right[there][1])
        if first < end:
            yield first, end
        if left[here][1] < right[there][1]:
            here += 1
        else:
            there += 1
