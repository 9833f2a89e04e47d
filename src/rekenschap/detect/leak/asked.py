# SPDX-License-Identifier: EUPL-1.2
"""What is asked: which subjects are on the leaked list, in which window, and how strict to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rekenschap.errors import ConfigurationError

MOST = 20_000
"""A longer list says less: somebody who looked at many meets many of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when to when looks count: whole moments with a zone; `ends` is the first that does not."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.begins.tzinfo is None or self.ends.tzinfo is None or self.begins >= self.ends:
            raise ConfigurationError(
                expected="a window with a time zone that begins before it ends",
                found="another",
                remedy="give the first day and the last day on which somebody may have looked",
            )

    @property
    def settings(self) -> dict[str, int]:
        """Give the window as queries take it: microseconds UTC."""
        return {"begins": _microseconds(self.begins), "ends": _microseconds(self.ends)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaked:
    """The leaked list: each line is one person, or one address with everybody who lives there, as tokens.

    A token is the signed 64-bit half that SQL sees. Lines keep their order; a line may be empty of tokens
    when nobody of it is known.
    """

    lines: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, lines: Iterable[Sequence[int]]) -> Leaked:
        """Take lines of tokens; raises ConfigurationError when there are none or too many."""
        taken = tuple(tuple(dict.fromkeys(line)) for line in lines)
        if not 1 <= len(taken) <= MOST:
            raise ConfigurationError(
                expected=f"1 to {MOST} leaked persons or addresses",
                found=f"{len(taken)}",
                remedy="give one on each line",
            )
        return cls(lines=taken)

    @property
    def subjects(self) -> tuple[int, ...]:
        """Every subject of the list once, in order."""
        return tuple(dict.fromkeys(subject for line in self.lines for subject in line))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakParameters:
    """How strict the answer is.

    alpha     the chance that anybody at all is singled out when no looker is behind the list (family-wise)
    in_common the fewest persons or addresses somebody must have met without a reason to be singled out
    alike     evidence up to so many times weaker counts as equal
    rounds    how often the same question is asked of permuted citizens; 0 leaves it out
    shown     how many of the ranking are given; never fewer than two
    seed      what is drawn by lot follows from it
    """

    alpha: float = 0.01
    in_common: int = 2
    alike: float = 10.0
    rounds: int = 500
    shown: int = 10
    seed: int = 1


def _microseconds(at: datetime) -> int:
    whole = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds
