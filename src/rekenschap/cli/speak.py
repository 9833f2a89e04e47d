# SPDX-License-Identifier: EUPL-1.2
"""How a command speaks: the answer on standard output, progress on standard error, JSON for machines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from rekenschap.errors import ConfigurationError


class Step(Protocol):
    """What long work tells while it runs: how much is done, of how much, and of what when that changes."""

    def __call__(self, done: int, total: int, /, what: str = "") -> None:
        """Say that `done` of `total` is done of `what`."""


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Step]:
    """Show a bar on a terminal, one plain line for each thing otherwise, nothing when quiet."""
    if quiet:
        yield lambda _done, _total, what="": None
    elif sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(title, total=None)
            yield lambda done, total, what="": bar.update(
                task, completed=done, total=total, description=what or title
            )
    else:
        yield _plain_lines(title)


def _plain_lines(title: str) -> Step:
    said = [title]
    sys.stderr.write(f"{title} …\n")

    def step(_done: int, _total: int, /, what: str = "") -> None:
        if what and what != said[-1]:
            said.append(what)
            sys.stderr.write(f"{what} …\n")

    return step


def program() -> str:
    """Say how to call this program again: as it was called, through `./run` or by its own name."""
    return "./run rekenschap" if "REKENSCHAP_CALLED_FROM" in os.environ else "rekenschap"


def check_can_write(path: Path, option: str) -> None:
    """Raise ConfigurationError when `path` cannot be a file to write, before the work is done."""
    if path.is_dir():
        found = "a directory"
    elif not path.parent.is_dir():
        found = "a directory that is not there"
    else:
        may = os.access(path if path.exists() else path.parent, os.W_OK)
        found = "" if may else "no permission to write there"
    if found:
        raise ConfigurationError(
            expected=f"a file that can be written for {option}", found=found, remedy="name another path"
        )


def say(*lines: str) -> None:
    """Write lines of the answer."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def tell(text: str) -> None:
    """Write a line to standard error where that is possible: a full disk under it changes nothing else."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def say_json(answer: Mapping[str, object]) -> None:
    """Write the answer as one JSON object on one line, the last line of the output."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(", ", ": ")) + "\n")


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
