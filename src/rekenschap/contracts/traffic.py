# SPDX-License-Identifier: EUPL-1.2
"""Signs in a source's own records that it sends only some of them, or less than it had.

Nobody can see what never came. But a sender tells: a sampler writes its share into the trace state
(`ot=th:`), an SDK counts the attributes it dropped, and where every single trace carries the sampled flag it
may well be that the others are left out: LDV and ADL forbid that, and the default sampler of OpenTelemetry
does it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.tables import one_chunk

MANY = 1_000
"""Records with a flag before it says anything that all of them are sampled."""

COUNTED = ("sampled", "trace_state", "dropped")
"""The columns, besides that of the source, that are counted."""

_THINNED = r"(^|[,;])ot=([^,]*;)?th:[0-9a-f]*[1-9a-f]"
"""A threshold above zero in the OpenTelemetry part of a trace state: some traces were left out."""


class Sign(StrEnum):
    """What the records of a source show."""

    SAMPLES = "samples"  # the sampler says so
    DROPS = "drops"  # the SDK left attributes out
    MAY_SAMPLE = "may_sample"  # only sampled traces come in: the others may be left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Counts over the records of one source."""

    source: str
    records: int = 0
    flagged: int = 0
    """records that say whether their trace was sampled"""
    sampled: int = 0
    thinned: int = 0
    """records of a trace that survived a sampler"""
    dropped: int = 0
    """records that lost attributes on the way"""

    def __add__(self, other: Traffic) -> Traffic:
        numbers = {each.name for each in fields(self)} - {"source"}
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in numbers})

    @property
    def signs(self) -> tuple[Sign, ...]:
        """What is to be warned of."""
        found = {
            Sign.SAMPLES: self.thinned > 0,
            Sign.DROPS: self.dropped > 0,
            Sign.MAY_SAMPLE: self.flagged >= MANY and self.sampled == self.flagged,
        }
        return tuple(sign for sign, holds in found.items() if holds)


def traffic_of(rows: pa.Table) -> tuple[Traffic, ...]:
    """Count the rows of `rekenschap.contracts.otlp.rows_of` per source (`service.name`), in order of name."""
    if not rows.num_rows:
        return ()
    names = one_chunk(rows.column("service.name").fill_null("")).dictionary_encode()
    which = np.asarray(names.indices)
    seen = {
        "records": np.ones(rows.num_rows, dtype=bool),
        "flagged": _mask(rows.column("sampled").is_valid()),
        "sampled": _mask(rows.column("sampled")),
        "thinned": _mask(pc.match_substring_regex(rows.column("trace_state"), _THINNED)),
        "dropped": _mask(pc.greater(rows.column("dropped"), 0)),
    }
    counts = {
        name: np.bincount(which, weights=mask, minlength=len(names.dictionary)) for name, mask in seen.items()
    }
    found = [
        Traffic(source=source, **{name: int(count[at]) for name, count in counts.items()})
        for at, source in enumerate(names.dictionary.to_pylist())
    ]
    return tuple(sorted(found, key=lambda each: each.source))


def together(traffic: Iterable[Traffic]) -> tuple[Traffic, ...]:
    """Add up what was counted of each source."""
    sums: dict[str, Traffic] = {}
    for each in traffic:
        sums[each.source] = sums[each.source] + each if each.source in sums else each
    return tuple(sums[name] for name in sorted(sums))


def _mask(flags: pa.ChunkedArray) -> np.typing.NDArray[np.bool_]:
    return np.asarray(flags.fill_null(False))
