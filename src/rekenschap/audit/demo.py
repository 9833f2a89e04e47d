# SPDX-License-Identifier: EUPL-1.2
"""The demo: an invented municipality goes through the chain as any files do; then somebody alters a copy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from rekenschap import demo as town
from rekenschap.audit.altered import Altered, backdate_one_look
from rekenschap.audit.answer import Answer, answer
from rekenschap.audit.intake import TakenIn, take_in_files
from rekenschap.audit.truth import stories_found
from rekenschap.demo import START, Town
from rekenschap.errors import AlarmError, RefusedError, RekenschapError
from rekenschap.house import PERIOD, PUBLIC_KEYS_FILE, House, LedgerPlace, check_house
from rekenschap.intake import load_profile
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.prove import Proven, prove, verify
from rekenschap.report.content import Text

ORIGIN = "veldhaven.example/rekenschap"
ORGANISATION = "Veldhaven"
PROFILE = "native-jsonl"
STAFF, DAYS = 200, 90
NOT_CONNECTED = tuple(
    Text(nl=nl, en=en)
    for nl, en in zip(town.NOT_CONNECTED, ("e-mail", "paper", "archive", "shared drive", "chat"), strict=True)
)
_MARK_FILE = "this-is-a-demo.json"
_OURS = {_MARK_FILE, "sources", "house", "altered-copy", "proof.json", "verslag.html", "report.html"}
_WEEK = timedelta(days=7)

Told = Callable[[str, int, int], None]
"""Told of each step: its name, how much is done, of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Everything the demo showed."""

    directory: Path
    town: Town
    taken: TakenIn
    checked: CheckReport
    answered: Answer
    proven: Proven
    proof_path: Path
    altered: Altered
    stories_found: tuple[str, ...]

    made_at: datetime
    """when it was made, by the clock of the demo"""

    @property
    def keys_path(self) -> Path:
        """Where the public keys are."""
        return self.directory / "house" / PUBLIC_KEYS_FILE

    def report_path(self, language: str) -> Path:
        """Where the report in a language goes."""
        return self.directory / {"nl": "verslag.html", "en": "report.html"}[language]


def ending_before(today: date) -> date:
    """Give a first day for a town whose last day is one to eight days ago, on the same day of the week."""
    weeks = (today - timedelta(days=DAYS + 1) - START) // _WEEK
    return START + weeks * _WEEK


def run_demo(directory: Path, *, seed: int, told: Told, start: date = START) -> Demo:
    """Go through the chain in `directory`; what an earlier demo left there is removed first.

    The demo has a clock of its own, which begins on `start`: without one it is the same every year.
    Raises RefusedError when the directory holds anything but a demo.
    """
    _clear(directory)
    drawn = town.write_town(directory / "sources", seed=seed, staff=STAFF, days=DAYS, start=start)
    came_in = datetime.combine(start, time(5), tzinfo=UTC) + timedelta(days=DAYS)  # the morning after
    told("town", 1, 1)
    house = House.at(directory / "house")
    ledger = house.ledger(origin=ORIGIN)
    files = sorted(drawn.paths.values())
    taken = take_in_files(
        house, files, load_profile(PROFILE), ledger=ledger, now=came_in,
        told=lambda path, _progress: told("intake", files.index(path), len(files)),
    )  # fmt: skip
    told("check", 0, 1)
    checked = check_house(house)
    told("explain", 0, 1)
    answered = answer(ledger, house.engine(), seed=seed)
    told("prove", 0, 1)
    proof_path, proven = _proof(directory, house, answered)
    told("alter", 0, 1)
    altered = _alter(directory, house)
    _mark(directory, size=ledger.size)
    return Demo(
        directory=directory, made_at=came_in, town=drawn, taken=taken, checked=checked, answered=answered,
        proven=proven, proof_path=proof_path, altered=altered,
        stories_found=stories_found(drawn, answered, house.keys.pseudonym_key(PERIOD)),
    )  # fmt: skip


def _clear(directory: Path) -> None:
    """Make room for a demo; what is not ours, or was added to since, is never removed."""
    mark = directory / _MARK_FILE
    ours = mark.is_file() and {each.name for each in directory.iterdir()} <= _OURS and _is_as_left(directory)
    if directory.exists() and not ours and (not directory.is_dir() or any(directory.iterdir())):
        raise RefusedError(
            expected="an empty directory, or one of an earlier demo as that left it",
            found="a directory with other files" if directory.is_dir() else "a file",
            remedy="name another one with --into",
            rule="never overwrite",
        )
    if ours:
        shutil.rmtree(directory)
    directory.mkdir(parents=True, exist_ok=True)
    _mark(directory, size=None)


def _mark(directory: Path, *, size: int | None) -> None:
    told = {"demo": ORGANISATION, "size": size}
    (directory / _MARK_FILE).write_text(json.dumps(told) + "\n", encoding="utf-8")


def _is_as_left(directory: Path) -> bool:
    """Say whether nobody took anything in since: the ledger has the size that the demo wrote down."""
    try:
        size = json.loads((directory / _MARK_FILE).read_text(encoding="utf-8"))["size"]
        return size is None or LedgerPlace.of(directory / "house").ledger().size == size
    except (ValueError, KeyError, TypeError, RekenschapError):
        return False


def _proof(directory: Path, house: House, answered: Answer) -> tuple[Path, Proven]:
    """Prove the first look of the first finding, and check the file with the public keys alone."""
    place = LedgerPlace.of(house.root)
    entry = answered.findings[0].looks[0] if answered.findings else place.ledger().size - 1
    path = directory / "proof.json"
    path.write_text(prove(place.ledger(), entry), encoding="utf-8")
    return path, verify(path.read_text(encoding="utf-8"), place.verifiers(None))


def _alter(directory: Path, house: House) -> Altered:
    """Change one row of a copy and let the check look at it."""
    copy = directory / "altered-copy"
    entry = backdate_one_look(house.ledger_path, copy)
    place = LedgerPlace.of(copy)
    try:
        check(place.store, anchor=place.anchor, verifiers=LedgerPlace.of(house.root).verifiers(None))
    except AlarmError as alarm:
        return Altered(entry=entry, alarm=alarm)
    return Altered(entry=entry, alarm=None)
