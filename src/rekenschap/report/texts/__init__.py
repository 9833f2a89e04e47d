# SPDX-License-Identifier: EUPL-1.2
"""The lines of the report in each language, and how that language writes numbers and dates. Knows no page."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from rekenschap.errors import ConfigurationError

LANGUAGES = ("nl", "en")
_MINUS = "\N{MINUS SIGN}"
_SWAP = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The lines of one language by `section.name`."""

    language: str
    lines: dict[str, str]

    def say(self, key: str, **values: str) -> str:
        """Give a line with its blanks filled in."""
        return self.lines[key].format_map(values)

    def say_count(self, key: str, count: int) -> str:
        """Give the line for one, or the line for many with the count in it."""
        return self.say(f"{key}_one") if count == 1 else self.say(f"{key}_many", count=self.number(count))

    def named(self, section: str, name: str) -> str:
        """Give what the texts call a thing, or else its own name."""
        return self.lines.get(f"{section}.{name}", name)

    def number(self, value: int) -> str:
        """Write a whole number with its thousands apart."""
        return self._local(f"{value:,}")

    def decimal(self, value: float, places: int = 2) -> str:
        """Write a number with a fixed number of decimals and a true minus sign."""
        rounded = round(value, places) + 0.0  # + 0.0 makes minus zero plain zero
        return self._local(f"{rounded:,.{places}f}").replace("-", _MINUS)

    def share(self, value: float) -> str:
        """Write a share between 0 and 1 as a percentage with one decimal."""
        return f"{self.decimal(100 * value, 1)}%" if value == value else self.say("shares.not_measured")

    def day(self, day: date) -> str:
        """Write a date in full."""
        return f"{day.day} {self.lines['dates.months'].split()[day.month - 1]} {day.year}"

    def short_day(self, day: date) -> str:
        """Write a date with the month in three letters."""
        return f"{day.day} {self.lines['dates.short_months'].split()[day.month - 1]} {day.year}"

    def moment(self, at: datetime) -> str:
        """Write a date and a time to the minute, as they are given."""
        return f"{self.short_day(at)}, {at:%H:%M}"

    def _local(self, text: str) -> str:
        return text.translate(_SWAP) if self.language == "nl" else text


@cache
def words_of(language: str) -> Words:
    """Read the lines of a language; raise ConfigurationError on a language without texts."""
    if language not in LANGUAGES:
        raise ConfigurationError(
            expected=f"a language of {' or '.join(LANGUAGES)}", found="another", remedy="choose one of these"
        )
    text = (files(__name__) / f"{language}.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(text)
    lines = {f"{section}.{key}": line for section, pairs in sections.items() for key, line in pairs.items()}
    return Words(language=language, lines=lines)
