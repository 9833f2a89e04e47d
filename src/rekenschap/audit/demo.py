# SPDX-License-Identifier: EUPL-1.2
"""The demo: an invented municipality goes through the chain as any files do; then somebody alters a copy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from rekenschap import demo as town
from rekenschap.audit.altered import Altered, backdate_one_look
from rekenschap.audit.answer import Answer, answer
from rekenschap.audit.intake import PERIOD, TakenIn, take_in_files
from rekenschap.audit.truth import stories_found
from rekenschap.demo import START, Town
from rekenschap.errors import AlarmError, RefusedError
from rekenschap.house import House, LedgerPlace
from rekenschap.intake import load_profile
from rekenschap.ledger.check import check
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
_MARK = "this-is-a-demo.json"
_THE_MORNING_AFTER = datetime.combine(START, time(5), tzinfo=UTC) + timedelta(days=DAYS)
"""When the facts come in: the demo has a clock of its own, so that it is the same every year."""

Told = Callable[[str, int, int], None]
"""Told of each step: its name, how much is done, of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Everything the demo showed."""

    directory: Path
    town: Town
    taken: TakenIn
    answered: Answer
    proven: Proven
    proof_path: Path
    altered: Altered
    stories_found: tuple[str, ...]

    @property
    def made_at(self) -> datetime:
        """When it was made, by the clock of the demo."""
        return _THE_MORNING_AFTER

    def report_path(self, language: str) -> Path:
        """Where the report in a language goes."""
        return self.directory / {"nl": "verslag.html", "en": "report.html"}[language]


def run_demo(directory: Path, *, seed: int, told: Told) -> Demo:
    """Go through the chain in `directory`; what an earlier demo left there is removed first.

    Raises RefusedError when the directory holds anything but a demo.
    """
    _clear(directory)
    drawn = town.write_town(directory / "sources", seed=seed, staff=STAFF, days=DAYS)
    told("town", 1, 1)
    house = House.at(directory / "house")
    ledger = house.ledger(origin=ORIGIN)
    files = sorted(drawn.paths.values())
    taken = take_in_files(
        house, files, load_profile(PROFILE), ledger=ledger, now=_THE_MORNING_AFTER,
        told=lambda path, _progress: told("intake", files.index(path), len(files)),
    )  # fmt: skip
    told("explain", 0, 1)
    answered = answer(ledger, house.engine(), seed=seed)
    told("prove", 0, 1)
    proof_path, proven = _proof(directory, house, answered)
    told("alter", 0, 1)
    altered = _alter(directory, house)
    return Demo(
        directory=directory, town=drawn, taken=taken, answered=answered, proven=proven, proof_path=proof_path,
        altered=altered, stories_found=stories_found(drawn, answered, house.keys.pseudonym_key(PERIOD)),
    )  # fmt: skip


def _clear(directory: Path) -> None:
    mark = directory / _MARK
    if directory.exists() and not mark.is_file() and any(directory.iterdir()):
        raise RefusedError(
            expected="an empty directory, or one of an earlier demo",
            found="a directory with other files",
            remedy="name another one with --into",
            rule="never overwrite",
        )
    if mark.is_file():
        shutil.rmtree(directory)
    directory.mkdir(parents=True, exist_ok=True)
    mark.write_text(json.dumps({"demo": ORGANISATION}) + "\n", encoding="utf-8")


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
