# SPDX-License-Identifier: EUPL-1.2
"""Derives from a terminal, step by step."""

from __future__ import annotations

from pathlib import Path

from rekenschap.audit.deriving import derive
from rekenschap.cli.speak import progress, say, say_json
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ExitCode
from rekenschap.house import House, right_now


def derive_home(home: Path, *, seed: int, language: Language, as_json: bool) -> int:
    """Derive a house and say what it holds now."""
    words = words_in(language)
    with progress(words("derive_step"), quiet=as_json) as step:
        made = derive(
            House.at(home), seed=seed, now=right_now(), told=lambda what: step(0, 0, words(f"derive_{what}"))
        )
    told = made.manifest
    if as_json:
        say_json({
            "size": told.size, "root": told.root, "seed": told.seed, "looks": told.looks,
            "findings": len(made.findings), "causes": len(made.causes),
        })  # fmt: skip
        return ExitCode.FINE
    say(
        words(
            "derive_done", size=words.number(told.size), looks=words.number(told.looks),
            findings=words.number(len(made.findings)), causes=words.number(len(made.causes)),
        )
    )  # fmt: skip
    say(words("derive_root", root=told.root, seed=told.seed))
    return ExitCode.FINE
