# SPDX-License-Identifier: EUPL-1.2
"""From a leaked list as somebody pastes it to the staff who have it in common: tokens at once, nothing kept.

The list is read in memory, turned into pseudonyms with the key of the house, and forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from rekenschap.audit.answer import answer
from rekenschap.detect.leak import LeakAnswer, Leaked, LeakParameters, Window, find_source
from rekenschap.errors import ConfigurationError
from rekenschap.intake import token_of
from rekenschap.intake.identifiers import normal_form
from rekenschap.ledger import Ledger
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query
from rekenschap.tables import TOKEN_WIDTH, ZONE, halves

LONGEST_LINE = 2_000
_BETWEEN = re.compile(r"[;\t|]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
"""What no list that somebody typed or saved holds: control characters, or bytes that are no letter."""
_HEADING = re.compile(r"(?i)^\W*(bsn|burgerservicenummer|klantnummer|nummer|persoon|personen|adres)\b")


def read_list(text: str, key: bytes) -> Leaked:
    """Read one person on each line, or all persons of one address with `;` between them; gives tokens.

    A first line that is a heading is left out. Raises ConfigurationError without a line, with one that is
    too long, or for what is no text at all.
    """
    if _NO_TEXT.search(text):
        raise ConfigurationError(
            expected="a list in plain text, one person or address on each line",
            found="a file that is no text",
            remedy="save the list as text (UTF-8) and give that",
        )
    lines = [line.strip() for line in text.replace("\ufeff", "").splitlines() if line.strip()]
    if lines and _HEADING.match(lines[0]):
        lines = lines[1:]
    if any(len(line) > LONGEST_LINE for line in lines):
        raise ConfigurationError(
            expected=f"lines of at most {LONGEST_LINE} letters",
            found="a longer one",
            remedy="give one person or address on each line",
        )
    parts = [[each for each in _BETWEEN.split(line) if each.strip()] for line in lines]
    every = [normal_form(each, "subject") for line in parts for each in line]
    tokens = pa.array([token_of(key, "subject", each) for each in every], pa.binary(TOKEN_WIDTH))
    numbers = iter(halves(tokens)[0].to_pylist())
    return Leaked.of([next(numbers) for _ in line] for line in parts)


def window_of(first: date | None, last: date | None) -> Window:
    """Give the window of whole days in the time zone of the house, both included; none is all there is."""
    zone = ZoneInfo(ZONE)
    begins = datetime.combine(first or date(1970, 1, 2), time(), tzinfo=zone)
    ends = datetime.combine((last or date(2099, 12, 31)) + timedelta(days=1), time(), tzinfo=zone)
    return Window(begins=begins, ends=ends)


def source_of(
    ledger: Ledger, engine: Engine, leaked: Leaked, *, window: Window, seed: int,
    parameters: LeakParameters | None = None, grounds: tuple[Query, ...] | None = None,
) -> LeakAnswer:  # fmt: skip
    """Explain every look of the latest checkpoint, and rank who met the list in the window."""
    answer(ledger, engine, seed=seed, grounds=grounds)
    return find_source(engine, leaked, window=window, parameters=parameters or LeakParameters(seed=seed))


def as_json_of(found: LeakAnswer) -> Mapping[str, object]:
    """Give everything for a machine; people by their pseudonyms."""
    likeness = found.likeness
    return {
        "lines": found.lines,
        "together": found.together,
        "never_seen": found.never_seen,
        "no_reason": found.no_reason,
        "with_right": found.with_right,
        "shared": found.shared,
        "standing": found.standing.value,
        "equal": found.equal,
        "ranking": [
            {
                "staff": each.staff.short,
                "unexplained": each.unexplained,
                "explained": each.explained,
                "expected": each.expected,
                "ln_chance": each.log_chance,
                "ln_corrected": each.log_corrected,
                "own_work": each.own_work,
                "stands_out": each.stands_out,
            }
            for each in found.ranking
        ],
        "permuted": None
        if likeness is None
        else {
            "rounds": likeness.rounds,
            "as_strong": likeness.as_strong,
            "as_strong_upper": likeness.upper,
            "stood_out": likeness.stood_out,
        },
        "sentences": {"nl": found.sentences.nl, "en": found.sentences.en},
    }
