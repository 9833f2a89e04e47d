# SPDX-License-Identifier: EUPL-1.2
"""Which entries have been kept for as long as the law of their kind says, and may go.

A term counts from the day an entry was recorded, because that is what a ledger can prove: times do not run
back over its entries, and checkpoints are timestamped. Terms are configuration, never code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rekenschap.errors import ConfigurationError
from rekenschap.ledger.custody import Authority, Ranges
from rekenschap.ledger.keeping.rewriting import entries_in, recorded_since
from rekenschap.ledger.ledger import Ledger
from rekenschap.model.relations import RELATIONS
from rekenschap.tlog.text import is_plain

_DAY = 86_400_000_000
_LONGEST = 36_525


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long entries of a relation are kept, and the law that says so."""

    relation: str
    days: int
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The entries of one relation whose term has ended and that nobody holds; held ones are only counted."""

    term: Term
    entries: Ranges
    held: int
    whole_runs: int
    """Runs of entries that are due whole, of which nothing but commitments will stay."""


def terms_in(path: Path) -> tuple[Term, ...]:
    """Read terms from a TOML file with a table `[terms.<relation>]` each; raises ConfigurationError."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("terms", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unreadable("a file that is no TOML, or no file") from error
    if not isinstance(found, dict) or not found:
        raise _unreadable("no table [terms.<relation>]")
    return tuple(_term(name, given) for name, given in found.items())


def due(ledger: Ledger, authority: Authority, term: Term, *, at: int) -> Due:
    """Give the entries of a relation that were recorded longer ago than its term, as of `at` (µs UTC)."""
    before = at // _DAY * _DAY - term.days * _DAY
    found, whole = Ranges(), 0
    for segment in ledger.manifest.of(term.relation, ledger.size):
        ripe = entries_in(ledger, segment) - recorded_since(ledger, segment, before)
        found |= ripe
        whole += len(ripe) == segment.rows
    open_yet = found - authority.erased
    held = open_yet & authority.held
    return Due(term=term, entries=open_yet - held, held=len(held), whole_runs=whole)


def _term(name: str, given: object) -> Term:
    days = given.get("days") if isinstance(given, Mapping) else None
    law = given.get("law") if isinstance(given, Mapping) else None
    if name not in RELATIONS:
        raise _unreadable("a table that is named after no relation")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _LONGEST:
        raise _unreadable(f"no number of days from 1 to {_LONGEST} for {name}")
    if not isinstance(law, str) or not is_plain(law):
        raise _unreadable(f"no law for {name}")
    return Term(relation=name, days=days, law=law)


def _unreadable(found: str) -> ConfigurationError:
    return ConfigurationError(
        expected='terms as [terms.consultation] with days = 1825 and law = "..."',
        found=found,
        remedy="correct the file of --terms",
    )
