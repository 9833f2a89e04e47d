# SPDX-License-Identifier: EUPL-1.2
"""Take each guard against an insider away, one by one, and see that its test turns red.

Works in copies of the tree; nothing here is touched. `guards.toml` beside this file holds the guards: which
trick each is against, its exact text, what stands there instead, and the tests that must fail without it.
Usage: python tools/mutate_guards.py [--only PATTERN] [--workers N] [--check]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
GUARDS = Path(__file__).with_name("guards.toml")
NEEDED = ("src", "tests", "vectors", "docs", "pyproject.toml", "GLOSSARY.md")
CAUGHT, ALIVE, BROKEN = "caught", "ALIVE", "BROKEN"


@dataclass(frozen=True)
class Cut:
    """One text that is replaced in one file."""

    file: str
    text: str
    instead: str

    @property
    def place(self) -> str:
        first = self.text.strip().splitlines()[0].strip()
        return f"{self.file.removeprefix('src/rekenschap/')}: {first[:70]}"

    def made_in(self, tree: Path) -> str:
        """Make the cut; say why it cannot be made, or nothing."""
        path = tree / self.file
        source = path.read_text(encoding="utf-8") if path.is_file() else ""
        count = source.count(self.text)
        if count != 1:
            return f"{self.place} stands there {count} times"
        changed = source.replace(self.text, self.instead)
        try:
            if path.suffix == ".py":
                compile(changed, self.file, "exec")
        except SyntaxError as error:
            return f"without it {self.file} is no Python (line {error.lineno})"
        path.write_text(changed, encoding="utf-8")
        return ""


@dataclass(frozen=True)
class Guard:
    """One guard: the trick it is against, and the tests that need it.

    More than one cut where another guard stands behind the first and would see the trick all the same.
    """

    trick: str
    cuts: tuple[Cut, ...]
    tests: tuple[str, ...]

    @property
    def place(self) -> str:
        return self.cuts[0].place + "".join(f" + {each.place}" for each in self.cuts[1:])


def guards() -> list[Guard]:
    told = tomllib.loads(GUARDS.read_text(encoding="utf-8"))["guard"]
    return [
        Guard(
            trick=each["trick"],
            cuts=tuple(
                Cut(file=cut["file"], text=cut["text"], instead=cut["instead"])
                for cut in (each, *each.get("and", []))
            ),
            tests=tuple(each["tests"]),
        )
        for each in told
    ]


def pytest(tree: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    ours = {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(  # noqa: S603
        command, cwd=tree, env=os.environ | ours, capture_output=True, text=True, check=False, timeout=300
    )


@contextmanager
def trees(count: int) -> Iterator[Queue[Path]]:
    """Make copies of the tree, each for one worker at a time."""
    with tempfile.TemporaryDirectory(prefix="rekenschap-guards-") as folder:
        free: Queue[Path] = Queue()
        for number in range(count):
            tree = Path(folder) / str(number)
            tree.mkdir()
            for name in NEEDED:
                source = ROOT / name
                if source.is_dir():
                    shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(source, tree / name)
            free.put(tree)
        yield free


def tried(guard: Guard, free: Queue[Path]) -> tuple[str, str]:
    """Take one guard away and run its tests; only a test that fails counts as caught."""
    tree = free.get()
    files = [tree / each.file for each in guard.cuts if (tree / each.file).is_file()]
    sources = {path: path.read_text(encoding="utf-8") for path in files}
    try:
        fault = next(filter(None, [each.made_in(tree) for each in guard.cuts]), "")
        if fault:
            return BROKEN, fault
        ended = pytest(tree, guard.tests)
    finally:
        for path, source in sources.items():
            path.write_text(source, encoding="utf-8")
        free.put(tree)
    if ended.returncode == 1:
        return CAUGHT, ""
    if ended.returncode == 0:
        return ALIVE, "no test turned red"
    return BROKEN, (ended.stdout + ended.stderr).strip().splitlines()[-1]


def checked(chosen: Sequence[Guard]) -> int:
    """See that each guard can be taken away and each test is there; runs nothing."""
    faults = []
    with trees(1) as free:
        for guard in chosen:
            tree = free.queue[0]
            files = {tree / each.file for each in guard.cuts if (tree / each.file).is_file()}
            sources = {path: path.read_text(encoding="utf-8") for path in files}
            faults += filter(None, [each.made_in(tree) for each in guard.cuts])
            for path, source in sources.items():
                path.write_text(source, encoding="utf-8")
            for test in guard.tests:
                path, _, name = test.partition("::")
                place = ROOT / path
                there = place.exists() and (not name or f"def {name}(" in place.read_text(encoding="utf-8"))
                faults += [] if there else [f"no test {test}"]
    for fault in faults:
        print(fault)
    print(f"{len(chosen)} guards, {len(faults)} not as said")
    return int(bool(faults))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default="", help="guards whose trick or place fits this pattern")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument(
        "--check", action="store_true", help="only see that each guard stands where it is said"
    )
    given = asked.parse_args()
    chosen = [each for each in guards() if re.search(given.only, f"{each.trick} {each.place}")]
    if given.check:
        return checked(chosen)
    began = time.monotonic()
    with trees(given.workers) as free, ThreadPoolExecutor(given.workers) as pool:
        tests = sorted({test for each in chosen for test in each.tests})
        honest = pytest(free.queue[0], tests)
        if honest.returncode:
            print(honest.stdout[-3000:])
            print("with every guard in place not all tests pass; nothing was tried")
            return 1
        print(f"{len(tests)} tests pass with all {len(chosen)} guards; now without each of them")
        ended = list(pool.map(lambda each: tried(each, free), chosen))
    for guard, (outcome, why) in zip(chosen, ended, strict=True):
        print(f"{outcome:7} {guard.trick:28} {guard.place}{f'  ({why})' if why else ''}")
    counts = {word: sum(outcome == word for outcome, _ in ended) for word in (CAUGHT, ALIVE, BROKEN)}
    print(f"{counts} in {time.monotonic() - began:.0f} seconds")
    return int(counts[CAUGHT] < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
