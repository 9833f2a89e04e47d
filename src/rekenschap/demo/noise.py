# SPDX-License-Identifier: EUPL-1.2
"""Honest noise: what makes legitimate looks hard to explain, each with a rate and a switch of its own.

A rate without a source is an assumption about an ordinary town hall, made before anything was measured on it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How often each honest thing goes differently from the book; 0 switches it off."""

    wrong_name: float = 0.05
    """of looks by name: the wrong one of a list was opened first. Lists of namesakes are short."""
    mistyped_number: float = 0.001
    """of looks by number: the number of somebody else was typed or pasted first. A slip of the fingers opens
    nobody: the check digit of a BSN refuses every wrong digit and every swap of two neighbours."""
    before_registration: float = 0.10
    """of letters: looked at before the zaak was registered. The post room is a day behind at times."""
    after_closure: float = 0.05
    """of closed zaken: looked at again afterwards, because somebody asks about the decision."""
    helping_colleague: float = 0.012
    """of steps: a colleague helped and nobody wrote it down. About one a quarter each."""
    cover_unwritten: float = 0.15
    """of cover during leave: nobody wrote it down. Urgent work is taken over by word of mouth."""
    oversight_unwritten: float = 0.20
    """of oversight samples: nobody wrote it down. The share that the design of this project was given."""
    caller_unidentified: float = 0.025
    """of calls: the record of the call names no citizen. They hang up, or ask for somebody else."""
    phone_outage: float = 5.0
    """hours on one working day without any record of calls: one failure a quarter, mended the same day."""
    role_change: float = 0.03
    """of staff: another team during the period, with an overlap. A tenth a year moves inside."""
    new_colleague: float = 0.04
    """of staff: begins during the period and watches along at first. Turnover of 15 % a year."""
    clock_skew: float = 7.0
    """minutes that the telephone clock is ahead, for a fortnight. A clock nobody sets drifts so."""
    missed_badge: float = 0.03
    """of days in the office: the gate recorded nothing. People hold doors open for each other."""
    own_file: float = 0.0003
    """of looks: somebody opened their own file by accident. Once in three years each."""
    self_opened: float = 0.03
    """of zaken: the handler opened it without anything that came in. As in the design of detection."""
    hand_noted: float = 0.02
    """of calls: by mobile telephone, noted by hand. Nearly all calls go through the exchange."""
    other_device: float = 0.01
    """of days: the laptop is in repair or forgotten, so one of the pool is used. Two days a year."""
    unlocked_screen: float = 0.0004
    """of looks: under the account of a colleague whose screen stood open. Once in two years each."""
    merged_person: float = 0.002
    """of citizens: has an old number from before two files were merged; the register of persons keeps both.
    Registers mend some per thousand."""
    training: float = 0.02
    """of staff and month: a training, in a group, on files of real people. One afternoon in four years."""
    training_unplanned: float = 0.2
    """of those at a training: it is not in their roster. They came instead of somebody else."""
    project: float = 0.15
    """of teams and quarter: a project goes through a list of people. Half of the teams have one a year."""
    project_unwritten: float = 0.15
    """of the people on such a list: no task was made for them. Added by hand afterwards."""
    project_account: float = 0.3
    """of projects: works under one account that its people share. Old systems ask for one."""
    mass_letter: float = 1.0
    """letters to thousands a quarter, after which people call. The yearly assessment, and a reminder."""
    emergency_desk: float = 0.15
    """of evenings and weekend days: the duty officer looks into a household; the zaak follows next morning.
    For each 100 staff; twice a week in a town of 200."""
    integrity_inquiry: float = 1.0
    """inquiries a month for each 1,000 staff, by the integrity office; kept out of sight."""
    legal_hold: float = 0.5
    """for each 200 staff and quarter: a lawyer goes through the zaken behind a claim. Two a year."""
    queue_unsigned: float = 0.05
    """of steps taken from the queue of a team: no name stays behind, but that of the team or of a run at
    night. Workflow systems keep who finished a task nearly always."""

    @classmethod
    def none(cls) -> Noise:
        """Give a town where everything is written down and nobody errs."""
        return cls(**{each.name: 0.0 for each in fields(cls)})


NOISES = tuple(each.name for each in fields(Noise))
"""Every switch, in the order of its number in the truth."""
