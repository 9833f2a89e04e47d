# SPDX-License-Identifier: EUPL-1.2
"""How long the demo takes, step by step, against its limit of a minute. Usage: ./run bench demo [--quick]"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from invented import SEED, somewhere
from measure import Sheet, asked, in_turn, ready

LIMIT = 60.0
ONCE = "--once"


def steps_of_one(place: Path) -> dict[str, float]:
    """Go through the demo in this process, as the command does, and give the seconds of each step."""
    began = perf_counter()
    from rekenschap.audit.content import content_of
    from rekenschap.audit.demo import run_demo
    from rekenschap.cli import answers
    from rekenschap.report import render

    at = {"start": began, "town": perf_counter()}

    def told(step: str, _done: int, _total: int) -> None:
        if step != "town":  # told when it stands; the others are told when they begin
            at.setdefault(step, perf_counter())

    shown = run_demo(place, seed=SEED, told=told)
    at["report"] = perf_counter()
    for language in ("nl", "en"):
        render(content_of(shown.answered, answers.occasion_of_demo(shown, seed=SEED)), language=language)
    return spans_of(at, end=perf_counter())


def spans_of(at: dict[str, float], *, end: float) -> dict[str, float]:
    """Turn the moments at which steps began into seconds for each step."""
    ends = [*list(at.values())[1:], end]
    return {step: stop - start for (step, start), stop in zip(at.items(), ends, strict=True)}


def once(place: Path, found: list[dict[str, float]]) -> None:
    """Run the demo in a process of its own, with its start, and keep what it says of its steps."""
    command = [sys.executable, __file__, ONCE, str(place)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found.append(json.loads(ran.stdout.splitlines()[-1]))


def main(*, quick: bool) -> None:
    """Run the whole demo, once when it must be quick, and compare it with its limit."""
    sheet, found = Sheet(name="demo", quick=quick), list[dict[str, float]]()
    with somewhere() as home:
        seconds = in_turn({"demo": ready(lambda: once(home / "demo", found))}, times=1 if quick else 3)
    sheet.measured(seconds)
    sheet.measured({step: [each[step] for each in found] for step in found[0]})
    sheet.ratios["demo_limit_60s"] = LIMIT / median(seconds["demo"])
    sheet.end()


def run(arguments: Sequence[str]) -> None:
    """Measure, or be the process that is measured."""
    if arguments[:1] == [ONCE]:
        print(json.dumps(steps_of_one(Path(arguments[1]))))
    else:
        main(quick=asked(__doc__ or ""))


if __name__ == "__main__":
    run(sys.argv[1:])
