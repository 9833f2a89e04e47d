# SPDX-License-Identifier: EUPL-1.2
"""Intake: files of a source become facts in the ledger, nobody's name in them, and no bad row is lost."""

from rekenschap.intake.door import Door, Locks, open_door
from rekenschap.intake.example import check_example
from rekenschap.intake.identifiers import Pseudonyms, normal_form, token_of
from rekenschap.intake.offered import Offered, OfferedBodies, OfferedFile
from rekenschap.intake.private.quarantine import BODY, ROW, TEXT, BadRow, Pile, Quarantine, Waiting, Which
from rekenschap.intake.private.sealing import SealedOriginals
from rekenschap.intake.profile import Profile
from rekenschap.intake.profiles import load_profile, parse_profile, profile_names, profile_text
from rekenschap.intake.profiles.lines import ProfileLines, lines_of
from rekenschap.intake.report import FactCount, IntakeReport, Progress
from rekenschap.intake.storing import FactLedger
from rekenschap.intake.taking import Passed, as_text, passing, take_in, take_in_offered
from rekenschap.intake.waiting import NO_FACT, Again, OfferedAgain, judge_again, masked

__all__ = [
    "BODY",
    "NO_FACT",
    "ROW",
    "TEXT",
    "Again",
    "BadRow",
    "Door",
    "FactCount",
    "FactLedger",
    "IntakeReport",
    "Locks",
    "Offered",
    "OfferedAgain",
    "OfferedBodies",
    "OfferedFile",
    "Passed",
    "Pile",
    "Profile",
    "ProfileLines",
    "Progress",
    "Pseudonyms",
    "Quarantine",
    "SealedOriginals",
    "Waiting",
    "Which",
    "as_text",
    "check_example",
    "judge_again",
    "lines_of",
    "load_profile",
    "masked",
    "normal_form",
    "open_door",
    "parse_profile",
    "passing",
    "profile_names",
    "profile_text",
    "take_in",
    "take_in_offered",
    "token_of",
]
