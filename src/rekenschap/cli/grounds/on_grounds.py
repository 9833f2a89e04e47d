# SPDX-License-Identifier: EUPL-1.2
"""What the commands on mined grounds do and say."""

from __future__ import annotations

from pathlib import Path

from rekenschap.audit.packs.mined import Approval, candidates_in
from rekenschap.audit.packs.mined import approve as take
from rekenschap.cli.packing.on_packs import Decided, check_words, founded
from rekenschap.cli.speak import progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode
from rekenschap.explain.mining import Candidate
from rekenschap.house import right_now
from rekenschap.model.explanation import Weight

__all__ = ["Decided", "approve", "mine"]


def mine(home: Path, *, seed: int, most: int, language: Language, as_json: bool) -> int:
    """Show the candidates, those that explain most new looks first."""
    words, house = words_in(language), founded(home)
    with progress(words("grounds_step"), quiet=as_json):
        found = candidates_in(house, seed=seed)
    if as_json:
        say_json({"candidates": [_as_json(each) for each in found[:most]], "found": len(found)})
        return ExitCode.FINE
    if not found:
        say(words("grounds_none"))
        return ExitCode.FINE
    say(words("grounds_head", count=len(found)), *(_line(each, words) for each in found[:most]))
    say(words("grounds_next"))
    return ExitCode.FINE


def approve(
    candidate: str, decided: Decided, *, weight: Weight, seed: int, language: Language, as_json: bool
) -> int:
    """Take a candidate into the pack `mined` of the house."""
    check_words(decided)
    words, house = words_in(language), founded(decided.home)
    approval = Approval(id=candidate, weight=weight, by=decided.by, because=decided.because, at=right_now())
    with progress(words("grounds_step"), quiet=as_json):
        pack = take(house, approval, seed=seed)
    if as_json:
        say_json({"approved": candidate, "pack": pack.name, "version": pack.version, "weight": weight.value})
    else:
        say(words("grounds_approved", name=candidate, version=pack.version))
    return ExitCode.FINE


def _line(candidate: Candidate, words: Words) -> str:
    return words(
        "grounds_line", name=candidate.id, told=candidate.told, days=candidate.days,
        team=candidate.team or words("grounds_every_team"), newly=words.number(candidate.newly),
        support=words.share(candidate.support), null=words.share(candidate.null),
        lift=words.decimal(candidate.lift),
        may=words("grounds_may_be_full") if candidate.may_be_full else words("grounds_only_weak"),
    )  # fmt: skip


def _as_json(candidate: Candidate) -> dict[str, object]:
    return {
        "id": candidate.id,
        "path": candidate.path,
        "told": candidate.told,
        "team": candidate.team,
        "days": candidate.days,
        "looks": candidate.looks,
        "support": candidate.support,
        "null_share": candidate.null,
        "lift": candidate.lift,
        "newly_explained": candidate.newly,
        "may_be_full": candidate.may_be_full,
    }
