# SPDX-License-Identifier: EUPL-1.2
"""What citizens did with mandates, taken from where the page puts it, becomes facts of the ledger.

A step is a processing by the citizen page, one line for each of the two people it is about, with the mandate
as their trace (Logboek dataverwerkingen 1.0.0: at most one subject on a line, one trace for what belongs
together). A citizen at whom nobody looked yet has a token of their drawer alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from rekenschap.audit.citizens.names import Names
from rekenschap.audit.citizens.offering import PLACE
from rekenschap.audit.deriving.buckets import BUCKETS
from rekenschap.audit.deriving.for_citizens import FOLDER
from rekenschap.audit.deriving.reading import DERIVED, LATEST, newest_in
from rekenschap.audit.desk.facts import DeskFact, Who, append_desk_facts
from rekenschap.citizen.mandating import Bond, MandateStep, Step
from rekenschap.house import ORIGIN, House
from rekenschap.model.ids import Pseudonym

MANDATED = "mandated"
SOURCE, ACTIVITY = "rekenschap-citizen", "machtigingen"
_MOST_BYTES = 2_000
_AT_ONCE = 1_000
_SAID = {
    Step.GIVEN: "machtiging gegeven",
    Step.ACCEPTED: "machtiging aangenomen",
    Step.CHANGED: "machtiging gewijzigd",
    Step.WITHDRAWN: "machtiging ingetrokken",
    Step.RETURNED: "machtiging teruggegeven",
    Step.USED: "ingelogd voor een ander",
}
_AS = {
    Bond.FAMILY: "familie",
    Bond.REPRESENTATIVE: "vertegenwoordiger",
    Bond.COMPANY: "bedrijf",
    Bond.OTHER: "iemand anders",
}


def take_mandates(home: Path, *, now: datetime) -> int:
    """Bring the steps that wait to the ledger and take them out of the box; gives how many there were."""
    waiting = dict(_waiting(home / PLACE / MANDATED))
    if not waiting:
        return 0
    house, people = House.at(home), _People(home)
    facts = [fact for step in waiting.values() for fact in _facts(step, people)]
    append_desk_facts(house, facts, ledger=house.appending(origin=ORIGIN), now=now, source=SOURCE)
    for path in waiting:  # only now: offered twice it is one fact
        path.unlink(missing_ok=True)
    return len(waiting)


def _waiting(box: Path) -> Iterator[tuple[Path, MandateStep]]:
    for path in sorted(box.glob("*.json"))[:_AT_ONCE]:
        step = _read(path)
        if step is None:
            path.unlink(missing_ok=True)  # written by somebody who can only harm themselves
        else:
            yield path, step


def _read(path: Path) -> MandateStep | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
        return MandateStep.of(told) if isinstance(told, dict) else None
    except (OSError, ValueError, RecursionError):
        return None


def _facts(step: MandateStep, people: _People) -> Sequence[DeskFact]:
    drawers = [each for each in (step.giver, step.taker) if each]
    return [
        DeskFact(relation="processing", values={
            "processed_at": step.at,
            "subject": people.of(drawer),
            "subject_kind": "gever" if drawer == step.giver else "gemachtigde",
            "processing_activity": ACTIVITY,
            "system": "wie-bekeek-mijn-gegevens",
            "name": f"{_SAID[step.step]} ({_AS[step.bond]}), tot en met {step.until.date().isoformat()}",
            "status": "Ok",
            "trace_id": sha256(b"mandate " + step.mandate.encode()).digest()[:16],
            "operation_id": sha256(f"step {step.id} {drawer}".encode()).digest()[:8],
        })
        for drawer in drawers
    ]  # fmt: skip


class _People:
    """Finds who a drawer is of, among those at whom somebody looked."""

    def __init__(self, home: Path) -> None:
        has_any = (home / DERIVED / LATEST).is_file()
        self._folder = home / DERIVED / newest_in(home) / FOLDER if has_any else None
        self._names = Names.of(home)

    def of(self, drawer: str) -> Who | str:
        """Give the citizen, by an entry where they stand; else what their drawer is called."""
        bucket = int(drawer[:2])
        path = None if self._folder is None else self._folder / f"{bucket:02}.parquet"
        if path is None or bucket >= BUCKETS or not path.is_file():
            return f"citizen/{drawer}"
        rows = pq.read_table(path, columns=["subject", "look"])
        subjects, first = np.unique(np.asarray(rows.column("subject")), return_index=True)
        looks = np.asarray(rows.column("look"))
        for subject, at in zip(subjects.tolist(), first.tolist(), strict=True):
            if self._names.drawer(subject) == drawer:
                return Who(person=Pseudonym(domain="subject", hi=subject), entry=int(looks[at]))
        return f"citizen/{drawer}"
