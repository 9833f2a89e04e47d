# SPDX-License-Identifier: EUPL-1.2
"""Honest noise: what makes legitimate looks hard to explain, each with a rate and a switch of its own."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How often each honest thing goes differently from the book; 0 switches it off."""

    wrong_name: float = 0.05  # of looks by name: the wrong one of a list was opened first
    mistyped_number: float = 0.008  # of looks by number: another number was typed first
    before_registration: float = 0.10  # of letters: looked at before the zaak was registered
    after_closure: float = 0.05  # of closed zaken: looked at again afterwards
    helping_colleague: float = 0.012  # of steps: a colleague helped and nobody wrote it down
    cover_unwritten: float = 0.15  # of cover during leave: nobody wrote it down
    oversight_unwritten: float = 0.20  # of oversight samples: nobody wrote it down
    caller_unidentified: float = 0.025  # of calls: the record of the call names no citizen
    phone_outage: float = 5.0  # hours on one working day without any record of calls
    role_change: float = 0.03  # of staff: another team during the period, with an overlap
    new_colleague: float = 0.04  # of staff: begins during the period and watches along at first
    clock_skew: float = 7.0  # minutes that the telephone clock is ahead, for a fortnight
    missed_badge: float = 0.03  # of days in the office: the gate recorded nothing
    own_file: float = 0.0003  # of looks: somebody opened their own file by accident

    @classmethod
    def none(cls) -> Noise:
        """Give a town where everything is written down and nobody errs."""
        return cls(**{each.name: 0.0 for each in fields(cls)})
