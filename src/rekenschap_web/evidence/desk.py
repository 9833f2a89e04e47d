# SPDX-License-Identifier: EUPL-1.2
"""What the desk may ask of the evidence. Every question takes a warrant, is checked, and leaves an act.

Only what names nobody (checkpoint, shares, systems, rules, causes) is given without one. `named` is what
acts call the thing on the page, where that is not its key: `finding:2026-0001`.
"""

from __future__ import annotations

from rekenschap_web.evidence.reading.causes import (
    candidates_by_cause,
    cause,
    entries_of_cause,
    looks_of_cause,
    preview,
)
from rekenschap_web.evidence.reading.findings import finding, findings, peers, relations, sent, timeline
from rekenschap_web.evidence.reading.looks import looks, looks_at, looks_of, own_looks, sample, team_of
from rekenschap_web.evidence.reading.names import name_of, proof, pseudonyms_for
from rekenschap_web.evidence.reading.rules import explains_here, grounds, rule, rules
from rekenschap_web.evidence.reading.standing import checkpoint, sealed, shares, systems

__all__ = [
    "candidates_by_cause", "cause", "checkpoint", "entries_of_cause", "explains_here", "finding",
    "findings", "grounds", "looks", "looks_at", "looks_of", "looks_of_cause", "name_of", "own_looks",
    "peers", "preview", "proof", "pseudonyms_for", "relations", "rule", "rules", "sample", "sealed", "sent",
    "shares", "systems", "team_of", "timeline",
]  # fmt: skip
