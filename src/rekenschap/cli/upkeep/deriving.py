# SPDX-License-Identifier: EUPL-1.2
"""Derives from a terminal, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rekenschap.audit.refreshing import bring_up_to_date
from rekenschap.cli.speak import progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode
from rekenschap.house import House, right_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """With which seed, and whether everything must be explained anew."""

    seed: int
    whole: bool


def derive_home(home: Path, asked: Asked, *, language: Language, as_json: bool) -> int:
    """Derive a house, and say how and what it holds now."""
    words = words_in(language)
    with progress(words("derive_step"), quiet=as_json) as step:
        made = bring_up_to_date(
            House.at(home), seed=asked.seed, whole=asked.whole, now=right_now(),
            told=lambda what: step(0, 0, words(f"derive_{what}")),
        )  # fmt: skip
    told, derived = made.derived.manifest, made.derived
    if as_json:
        say_json({
            "size": told.size, "root": told.root, "seed": told.seed, "looks": told.looks,
            "findings": len(derived.findings), "causes": len(derived.causes),
            "whole": made.is_whole, "came": made.came, "anew": made.anew, "read_to": told.read_to,
        })  # fmt: skip
        return ExitCode.FINE
    say(words("derive_whole") if made.is_whole else _on_top(made.came, made.anew, words))
    say(
        words(
            "derive_done", size=words.number(told.size), looks=words.number(told.looks),
            findings=words.number(len(derived.findings)), causes=words.number(len(derived.causes)),
        )
    )  # fmt: skip
    say(words("derive_root", root=told.root, seed=told.seed))
    return ExitCode.FINE


def _on_top(came: int, anew: int, words: Words) -> str:
    if not came:
        return words("derive_nothing")
    return words("derive_hour", came=words.number(came), anew=words.number(anew))
