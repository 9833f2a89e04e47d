# SPDX-License-Identifier: EUPL-1.2
"""What the search for a common factor gives: a ranking with odds, and all that is needed to doubt it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp

from rekenschap.model.ids import Pseudonym
from rekenschap.sql.query import InTwo


class Standing(StrEnum):
    """How the ranking ends: nobody stands out, one does, or several do and cannot be told apart."""

    NOBODY = "nobody"
    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A member of staff in the ranking. `met` says of each line: `unexplained`, `explained` or "".

    `unexplained` and `explained` count persons or addresses (people of one home once). `expected` is how many
    chance alone gives. `log_chance` is ln of the exact tail, `log_corrected` ln of Holm's p over all staff.
    `own_work` says that somebody of the list is work of this member of staff: the list may come from it.
    """

    staff: Pseudonym
    unexplained: int
    explained: int
    expected: float
    log_chance: float
    log_corrected: float
    own_work: bool
    stands_out: bool
    met: tuple[str, ...]

    @property
    def chance(self) -> float:
        """The tail as a number; 0 when it is too small for one."""
        return exp(self.log_chance)

    @property
    def one_in(self) -> int:
        """Once in how many times the best of all staff would come so far by chance."""
        return round(min(exp(min(-self.log_corrected, 40.0)), 1e9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The same question about permuted citizens, each looked at by as many as the one it stands for.

    `as_strong` is the share of rounds in which the best of all staff came at least as far; `stood_out` the
    share in which somebody would have been singled out. `upper` is the 95 % upper bound of `as_strong`.
    """

    rounds: int
    as_strong: float
    upper: float
    stood_out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakAnswer:
    """The ranking, strongest first; never one name alone unless nobody else met the list at all.

    lines         lines of the list
    together      persons or addresses, people of one home taken together: what is counted
    never_seen    of those, how many nobody looked at in the window
    no_reason     of those, how many somebody looked at without a reason
    with_right    members of staff who could look: what the odds are corrected for
    equal         others whose evidence is as strong as the first, or nearly (see LeakParameters.alike)
    shared        persons or addresses looked at through accounts behind which stands no one person
    """

    lines: int
    together: int
    never_seen: int
    no_reason: int
    with_right: int
    equal: int
    shared: int
    standing: Standing
    ranking: tuple[Candidate, ...]
    likeness: Likeness | None
    sentences: InTwo
