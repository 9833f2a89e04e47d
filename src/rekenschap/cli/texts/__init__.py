# SPDX-License-Identifier: EUPL-1.2
"""What the commands say, per language, as files: Dutch first, English complete beside it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class Language(StrEnum):
    """The languages a command speaks."""

    NL = "nl"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one language; numbers are written in its manner."""

    language: Language
    sentences: dict[str, str]

    def __call__(self, key: str, **given: object) -> str:
        """Give a sentence with its gaps filled."""
        return self.sentences[key].format(**given)

    def number(self, count: int) -> str:
        """Write a whole number with its thousands set apart."""
        return f"{count:,}".replace(",", ".") if self.language is Language.NL else f"{count:,}"

    def share(self, share: float) -> str:
        """Write a share as a percentage with one decimal."""
        written = f"{100 * share:.1f} %"
        return written.replace(".", ",") if self.language is Language.NL else written

    def decimal(self, value: float, *, sign: bool = False) -> str:
        """Write a number with one decimal."""
        written = f"{value:+.1f}" if sign else f"{value:.1f}"
        return written.replace(".", ",") if self.language is Language.NL else written


def words_in(language: Language) -> Words:
    """Read the sentences of a language: those of `nl.toml` and of every `<room>.nl.toml`."""
    ending = f"{language.value}.toml"
    found = [
        each
        for each in files(__package__).iterdir()
        if each.name == ending or each.name.endswith(f".{ending}")
    ]
    sentences: dict[str, str] = {}
    for each in sorted(found, key=lambda entry: entry.name):
        sentences |= tomllib.loads(each.read_text(encoding="utf-8"))
    return Words(language=language, sentences=sentences)
