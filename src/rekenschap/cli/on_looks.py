# SPDX-License-Identifier: EUPL-1.2
"""The commands on looks: demo, intake, audit, profiles."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rekenschap.audit.answer import Answer, answer, grounds_in
from rekenschap.audit.content import Occasion, content_of
from rekenschap.audit.demo import Demo, run_demo
from rekenschap.audit.intake import TakenIn, check_files, take_in_files, waiting_in
from rekenschap.audit.spread import spark_at
from rekenschap.cli import answers
from rekenschap.cli.speak import Step, check_can_write, progress, say, say_json
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ConfigurationError, ExitCode, RefusedError
from rekenschap.explain import Planting
from rekenschap.house import ORIGIN, House, LedgerPlace, check_house, right_now
from rekenschap.intake import Profile, Progress, load_profile, profile_names
from rekenschap.ledger import Ledger
from rekenschap.model.planting import Among
from rekenschap.report import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants of an audit besides the answer."""

    plant: int
    among: Among
    seed: int
    home: Path | None
    report: Path | None
    spark: str = ""

    @property
    def planting(self) -> Planting | None:
        """The looks to plant, if any."""
        return Planting(count=self.plant, seed=self.seed, among=self.among) if self.plant else None


def demo(into: Path, *, seed: int, language: Language, as_json: bool) -> int:
    """Run the demo, write its report, and say what it showed."""
    began, words = perf_counter(), words_in(language)
    with progress(answers.title(words), quiet=as_json) as step:
        shown = run_demo(
            into, seed=seed, told=lambda what, done, all_: step(done, all_, words(f"step_{what}"))
        )
        step(0, 1, words("step_report"))
        written = {each: _report_of_demo(shown, each, seed) for each in Language}
    shown.report_path(language).write_text(written[language], encoding="utf-8")
    other = Language.EN if language is Language.NL else Language.NL
    shown.report_path(other).write_text(written[other], encoding="utf-8")
    seconds = perf_counter() - began
    say(*answers.of_demo(shown, words, seconds=seconds))
    if as_json:
        say_json(answers.demo_as_json(shown, language, seconds=seconds))
    return ExitCode.FINE if shown.altered.caught else ExitCode.ALARM


def intake(
    files: Sequence[Path], profile: str, *, home: Path, origin: str, language: Language, as_json: bool
) -> int:
    """Take files in and end with a count; raises when rows wait in quarantine."""
    words, asked = words_in(language), load_profile(profile)
    check_files(files)
    house = House.at(home)
    ledger = house.appending(origin=origin)
    with progress(words("step_intake"), quiet=as_json) as step:
        taken = take_in_files(
            house, files, asked, ledger=ledger, now=right_now(), told=_bytes_told(files, step)
        )
    if as_json:
        say_json(answers.intake_as_json(taken, size=ledger.size))
    else:
        say(*answers.of_intake(taken, words))
        keys = house.public_keys_path
        say(words("intake_house", path=house.ledger_path, size=words.number(ledger.size), keys=keys))
    taken.check_complete()
    return ExitCode.FINE


def audit(files: Sequence[Path], profile: str, *, wish: Wish, language: Language, as_json: bool) -> int:
    """Run the whole chain, the check of the ledger too, and say what came out: on files, or on what the house
    holds when there are none.
    """
    began, words = perf_counter(), words_in(language)
    asked = _asked(files, profile, wish)
    if wish.report is not None:
        check_can_write(wish.report, "--report")
    with _house(wish.home) as house, progress(words("step_intake"), quiet=as_json) as step:
        if asked is None:
            ledger, taken = _reading(house), waiting_in(house)
        else:
            ledger = house.ledger(origin=ORIGIN)
            taken = take_in_files(
                house, files, asked, ledger=ledger, now=right_now(), told=_bytes_told(files, step)
            )
        step(0, 1, words("step_check"))
        check_house(house, progress=step)
        step(0, 1, words("step_explain"))
        held = grounds_in(house.root, ledger)
        engine, binds = spark_at(wish.spark, house) if wish.spark else (house.engine(), None)
        answered = answer(ledger, engine, seed=wish.seed, planting=wish.planting, grounds=held, binds=binds)
        engine.close()
    if wish.report is not None:
        wish.report.write_text(_report_of_audit(answered, taken, language, wish.seed), encoding="utf-8")
    seconds = perf_counter() - began
    if as_json:
        say_json(answers.audit_as_json(answered, taken, language, seconds=seconds))
    else:
        say(*answers.of_audit(answered, taken, words, seconds=seconds))
        if wish.report is not None:
            say(words("report", path=wish.report))
    if asked is not None:
        taken.check_complete()
    return ExitCode.FINE


def _asked(files: Sequence[Path], profile: str, wish: Wish) -> Profile | None:
    """Give the profile of the files; None when there are none and a house holds what is asked about."""
    if files:
        if not profile:
            raise ConfigurationError(
                expected="a profile that reads the files",
                found="none",
                remedy="name it with --profile; `rekenschap profiles` lists those that come along",
            )
        found = load_profile(profile)
        check_files(files)
        return found
    if wish.home is None or not House.at(wish.home).is_founded:
        raise RefusedError(
            expected="files to take in, or a house with a ledger",
            found="neither",
            remedy="name files, or the house with --home",
            rule="home",
        )
    return None


def _reading(house: House) -> Ledger:
    """Open the ledger of a house to read it, also while a service appends to it."""
    place = LedgerPlace.of(house.root)
    place.check_anchored()
    return place.ledger()


def list_profiles(*, language: Language) -> int:
    """Name every profile that comes with the package."""
    words = words_in(language)
    for name in profile_names():
        title = load_profile(name).title
        say(words("profile", name=name.ljust(18), title=title[language.value]))
    return ExitCode.FINE


@contextmanager
def _house(home: Path | None) -> Iterator[House]:
    """Enter the house that was asked for, or one that is gone afterwards."""
    if home is not None:
        yield House.at(home)
        return
    with tempfile.TemporaryDirectory(prefix="rekenschap-") as passing:
        yield House.at(Path(passing))


def _bytes_told(files: Sequence[Path], step: Step) -> Callable[[Path, Progress], None]:
    """Count bytes over all files, so that one bar shows the whole."""
    sizes = {path: path.stat().st_size for path in files}
    before = {path: sum(sizes[each] for each in files[:place]) for place, path in enumerate(files)}
    total = sum(sizes.values())
    return lambda path, told: step(before[path] + min(told.bytes_read, sizes[path]), total)


def _report_of_demo(shown: Demo, language: Language, seed: int) -> str:
    occasion = answers.occasion_of_demo(shown, seed=seed)
    return render(content_of(shown.answered, occasion), language=language.value)


def _report_of_audit(answered: Answer, taken: TakenIn, language: Language, seed: int) -> str:
    occasion = Occasion(
        organisation="",
        made_at=right_now(),
        taken=taken,
        not_covered=(),
        proof=None,
        checked=True,
        parameters=(("seed", str(seed)),),
    )
    return render(content_of(answered, occasion), language=language.value)
