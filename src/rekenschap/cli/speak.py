# SPDX-License-Identifier: EUPL-1.2
"""How a command speaks: the answer on standard output, progress on standard error, JSON for machines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


class Step(Protocol):
    """What long work tells while it runs: how much is done, of how much."""

    def __call__(self, done: int, total: int, /) -> None:
        """Say that `done` of `total` is done."""


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Step]:
    """Show a bar on a terminal, one plain line otherwise, nothing when quiet."""
    if quiet:
        yield lambda _done, _total: None
    elif sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(title, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    else:
        sys.stderr.write(f"{title} …\n")
        yield lambda _done, _total: None


def program() -> str:
    """Say how to call this program again: as it was called, through `./run` or by its own name."""
    return "./run rekenschap" if "REKENSCHAP_CALLED_FROM" in os.environ else "rekenschap"


def say(*lines: str) -> None:
    """Write lines of the answer."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


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
