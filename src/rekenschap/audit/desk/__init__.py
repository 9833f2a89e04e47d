# SPDX-License-Identifier: EUPL-1.2
"""What the desk asks of a house beside derivations: its facts, names, leaks, replays, evidence files."""

from rekenschap.audit.desk.facts import (
    SOURCE,
    ActsInLedger,
    DeskFact,
    Who,
    acts_in_ledger,
    append_desk_facts,
    not_in_ledger,
)

__all__ = [
    "SOURCE",
    "ActsInLedger",
    "DeskFact",
    "Who",
    "acts_in_ledger",
    "append_desk_facts",
    "not_in_ledger",
]
