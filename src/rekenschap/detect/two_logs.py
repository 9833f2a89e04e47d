# SPDX-License-Identifier: EUPL-1.2
"""The words for what two logs say of one step: told twice with other content, or in one of them only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pyarrow as pa

from rekenschap.detect.amounts import in_dutch
from rekenschap.model.completeness import Missed, NotReceived

_TOLD = 8
_NAMES = {
    "processing": ("verwerking", "verwerkingen", "processing entry", "processing entries"),
    "decision": ("besluit", "besluiten", "decision", "decisions"),
    "consultation": ("raadpleging", "raadplegingen", "look", "looks"),
}
_ALONE = {
    "line": (
        "Van {told} verwerkingen uit {source} hebben er {alone} geen raadpleging.",
        "Of {told} processing entries from {source}, {alone} have no look.",
    ),
    "look": (
        "Van {told} raadplegingen uit {source} hebben er {alone} geen verwerking.",
        "Of {told} looks from {source}, {alone} have no processing entry.",
    ),
    "decision": (
        "Van {told} stappen in {source} waarvoor iemand toestemming kreeg of vroeg, hebben er {alone} geen "
        "raadpleging.",
        "Of {told} steps in {source} that somebody was let through to, or refused, {alone} have no look.",
    ),
}


def conflicts(found: pa.Table) -> Iterator[NotReceived]:
    """Give one line per source and kind of record of which steps were told twice."""
    ordered = found.sort_by(
        [(name, "ascending") for name in ("source", "kind", "first_entry", "later_entry")]
    ).to_pylist()
    for (source, kind), rows in groupby(ordered, key=lambda row: (str(row["source"]), str(row["kind"]))):
        pairs = tuple((row["first_entry"], row["later_entry"]) for row in rows)
        one_nl, many_nl, one_en, many_en = _NAMES[kind]
        one = len(pairs) == 1
        which_nl = "; ".join(f"regel {in_dutch(a)} en {in_dutch(b)}" for a, b in pairs[:_TOLD])
        which_en = "; ".join(f"entries {a:,} and {b:,}" for a, b in pairs[:_TOLD])
        yield NotReceived(
            missed=Missed.CONFLICTING,
            source=source,
            stream="",
            nl=f"Uit {source} {'is' if one else 'zijn'} {'1' if one else in_dutch(len(pairs))} "
            f"{one_nl if one else many_nl} nog eens verteld, met andere inhoud ({which_nl}). "
            "Alles blijft staan.",
            en=f"From {source} {'1' if one else f'{len(pairs):,}'} {one_en if one else many_en} "
            f"{'was' if one else 'were'} told again, with other content ({which_en}). All stay.",
            entries=pairs,
        )


def unjoined(row: dict[str, str | int]) -> NotReceived:
    """Give the line for what stands in one of the logs of a source only."""
    source, alone, told = str(row["source"]), int(row["alone"]), int(row["told"])
    nl, en = _ALONE[str(row["kind"])]
    return NotReceived(
        missed=Missed.UNJOINED,
        source=source,
        stream="",
        nl=nl.format(source=source, alone=in_dutch(alone), told=in_dutch(told)),
        en=en.format(source=source, alone=f"{alone:,}", told=f"{told:,}"),
        more=alone,
    )


def lost_steps(row: dict[str, str | int]) -> NotReceived:
    """Give the line for steps that follow one that never came in."""
    source, lost, told = str(row["source"]), int(row["lost"]), int(row["told"])
    return NotReceived(
        missed=Missed.LOST,
        source=source,
        stream="",
        nl=f"Van {in_dutch(told)} vervolgstappen uit {source} horen er {in_dutch(lost)} bij een stap die "
        "nooit binnenkwam.",
        en=f"Of {told:,} steps from {source} that follow another, {lost:,} follow one that never came in.",
        more=lost,
    )
