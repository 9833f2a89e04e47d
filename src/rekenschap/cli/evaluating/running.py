# SPDX-License-Identifier: EUPL-1.2
"""Runs an evaluation from a terminal: progress on standard error, tables or one object on standard output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rekenschap.audit.evaluating.from_files import Given, material_of_files
from rekenschap.audit.evaluating.given import Choice, Choosing, Wording
from rekenschap.audit.evaluating.logs import OfLogs, of_logs
from rekenschap.audit.evaluating.noises import alone
from rekenschap.audit.evaluating.summary import figures
from rekenschap.audit.evaluating.telling import Evaluation, as_json
from rekenschap.audit.evaluating.towns import Wish, of_towns
from rekenschap.audit.evaluating.trial import hold
from rekenschap.cli.evaluating.lines import lines_of
from rekenschap.cli.evaluating.page import page_of
from rekenschap.cli.speak import Step, check_can_write, progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ConfigurationError, ExitCode
from rekenschap.house import right_now
from rekenschap.model.planting import KINDS

_FULL = Wish()
_QUICK = Wish(seeds=2, staff=300, days=63, quiet=1, ablated=0)
_LOG_SEEDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, as it was said; None is left to `quick` or to the full size."""

    quick: bool
    seeds: int | None
    staff: int | None
    days: int | None
    quiet: int | None
    towns: bool
    logs: bool
    noises: bool
    facts: Path | None
    truth: Path | None
    profiles: Sequence[str]
    columns: Sequence[str]
    honest: Sequence[str]
    packs: Sequence[Path]
    without: Sequence[str]
    settings: Sequence[str]
    folder: Path
    page: Path | None

    @property
    def wish(self) -> Wish:
        """Give how many towns there are and how large."""
        usual = _QUICK if self.quick else _FULL
        seeds = self.seeds or usual.seeds
        unsaid = usual.quiet if self.quick or self.seeds is None else 2 * seeds
        return Wish(
            seeds=seeds,
            staff=self.staff or usual.staff,
            days=self.days or usual.days,
            quiet=unsaid if self.quiet is None else self.quiet,
            ablated=usual.ablated,
            choice=self.choice,
        )

    @property
    def choice(self) -> Choice:
        """Give which grounds, channels and settings are evaluated; raises ConfigurationError."""
        return Choice.of(self.packs, self.without, self.settings)

    @property
    def given(self) -> Given | None:
        """Give the files that are evaluated instead of towns; raises ConfigurationError."""
        if self.facts is None or self.truth is None:
            return None
        return Given(
            facts=self.facts,
            truth=self.truth,
            choosing=Choosing.of(self.profiles),
            wording=Wording.of(self.columns, self.honest),
        )


def run(asked: Asked, *, language: Language, as_json: bool) -> int:
    """Evaluate what was asked, say it, and write the page when one is wanted."""
    began, words = perf_counter(), words_in(language)
    _check(asked)
    with progress(words("evaluate_begin"), quiet=as_json) as step:
        evaluation = _evaluated(asked, step, words)
    seconds = perf_counter() - began
    if asked.page is not None:
        asked.page.write_text(page_of(evaluation, seconds=seconds, quick=asked.quick), encoding="utf-8")
    if as_json:
        _say_json(evaluation, seconds)
    else:
        say(*lines_of(evaluation, words, seconds=seconds))
        if asked.page is not None:
            say(words("evaluate_page", path=asked.page))
    return ExitCode.FINE


def _say_json(evaluation: Evaluation, seconds: float) -> None:
    say_json(as_json(evaluation, seconds=seconds))


def _check(asked: Asked) -> None:
    """Refuse before the work what cannot be done: half a set of facts, or a page that cannot be written."""
    if asked.page is not None:
        check_can_write(asked.page, "--write")
    if (asked.facts is None) != (asked.truth is None):
        raise ConfigurationError(
            expected="facts with their truth",
            found="one of the two",
            remedy="name both --facts and --truth, or neither",
        )
    if asked.facts is None and (asked.profiles or asked.columns or asked.honest):
        raise ConfigurationError(
            expected="--facts and --truth with --profile, --truth-column and --honest",
            found="neither of the two",
            remedy="name both",
        )


def _evaluated(asked: Asked, step: Step, words: Words) -> Evaluation:
    if (given := asked.given) is not None:
        return _of_facts(given, asked.choice, step, words)
    logs: OfLogs | None = None
    if asked.logs:
        logs = of_logs(
            asked.folder, KINDS, seeds=1 if asked.quick else _LOG_SEEDS, now=right_now(),
            only_aims=asked.quick,
            told=_told(step, words),
        )  # fmt: skip
    if not asked.towns:
        return Evaluation(figures=None, towns=None, logs=logs)
    towns = of_towns(asked.wish, _told(step, words))
    told = _told(step, words)
    noises = tuple(alone(asked.wish, told)) if asked.noises else ()
    return Evaluation(figures=towns.figures, towns=towns, logs=logs, noises=noises)


def _told(step: Step, words: Words) -> Callable[[int, int, str], None]:
    return lambda done, total, what: step(done, total, words(f"evaluate_{what}"))


def _of_facts(given: Given, choice: Choice, step: Step, words: Words) -> Evaluation:
    material = material_of_files(
        given, now=right_now(), told=lambda _path, _progress: step(0, 3, words("evaluate_intake"))
    )
    stages = {"explain": 1, "detect": 2, "beside": 3}
    trial = hold(
        material,
        seed=1,
        told=lambda what: step(stages.get(what, 0), 3, words(f"evaluate_{what}")),
        choice=choice,
    )
    return Evaluation(
        figures=figures([trial]), towns=None, logs=None,
        strayed=material.strayed, waiting=material.waiting, unread=material.unread,
    )  # fmt: skip
