# SPDX-License-Identifier: EUPL-1.2
"""Offers every citizen what they may see now: judged anew each time, so what is withheld appears by itself.

HOME/citizen/offered/<name>/NN.lines   a line for each citizen, drawer first, sorted: found by bisection
HOME/citizen/offered/<name>/about.json until when it holds good, and since when looks are shown
HOME/citizen/offered/<name>/register.json the register of processing activities, as anybody may read it
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.audit.citizens.judging import Judging, judge
from rekenschap.audit.citizens.names import Names
from rekenschap.audit.deriving.buckets import BUCKETS
from rekenschap.audit.deriving.for_citizens import FILE, FOLDER, ForCitizens
from rekenschap.audit.deriving.newest import make_newest
from rekenschap.audit.deriving.reading import DERIVED, LATEST, newest_in
from rekenschap.citizen import Published, Rules, Spell, Withholding
from rekenschap.errors import StoreError

PLACE, OFFERED, ABOUT, REGISTER = "citizen", "offered", "about.json", "register.json"
WITHHELD_FILE = Path("desk") / "withheld.json"
SHOWN_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What was offered, in numbers."""

    citizens: int
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Withheld:
    """A line of `withheld.json`: which look, on which ground in law, from when and until when."""

    look: int
    ground: str
    since: datetime
    until: datetime | None = None


def offer(home: Path, *, now: datetime) -> Offered | None:
    """Judge every look anew and offer what may be seen; None when the derivation holds nothing for citizens.

    What a page says of its own moment counts in whole hours, the same for everybody. A decision to withhold
    that comes while this judges counts too: then all is judged again.
    """
    while True:
        before = _bytes(home / WITHHELD_FILE)
        offered = _offer(home, now=now)
        if _bytes(home / WITHHELD_FILE) == before:
            return offered


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _offer(home: Path, *, now: datetime) -> Offered | None:
    derived = home / DERIVED / newest_in(home)
    if not (derived / FILE).is_file():
        return None
    told = msgspec.json.decode((derived / FILE).read_bytes(), type=ForCitizens)
    judging = _judging(home, told, now.astimezone(UTC))
    place = home / PLACE / OFFERED
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = place / f".making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    citizens = looks = 0
    for bucket in range(BUCKETS):
        found = judge(pq.read_table(derived / FOLDER / f"{bucket:02}.parquet"), judging)
        (making / f"{bucket:02}.lines").write_bytes(found.lines)
        citizens, looks = citizens + found.citizens, looks + found.looks
    hour = judging.rules.now.replace(minute=0, second=0, microsecond=0)
    about = {"as_of": hour.isoformat(), "since": judging.since.isoformat()}
    (making / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    public = Published.of(told.register, now=judging.rules.now).told()
    (making / REGISTER).write_text(json.dumps(public, ensure_ascii=False), encoding="utf-8")
    make_newest(place, making, f"{hour:%Y-%m-%dT%H}-{Names.drawn()[:6]}")
    return Offered(citizens=citizens, looks=looks)


def withhold(home: Path, decided: Sequence[Withholding]) -> None:
    """Write down every decision to withhold a look, in the place of those before; `offer` reads them."""
    path = home / WITHHELD_FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = [
        _Withheld(look=each.entry, ground=each.ground, since=each.spell.since, until=each.spell.until)
        for each in decided
    ]
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(told))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def offer_look(home: Path, entry: int, *, now: datetime) -> bool:
    """Judge again at once whoever stands in the same file as a look; False for an entry that is no look."""
    derived = home / DERIVED / newest_in(home)
    place = home / PLACE / OFFERED
    if not (derived / FILE).is_file() or not (place / LATEST).is_file():
        return False
    told = msgspec.json.decode((derived / FILE).read_bytes(), type=ForCitizens)
    judging = _judging(home, told, now.astimezone(UTC))
    newest = place / (place / LATEST).read_text(encoding="ascii").strip()
    for bucket in range(BUCKETS):
        path = derived / FOLDER / f"{bucket:02}.parquet"
        if pc.any(pc.equal(pq.read_table(path, columns=["look"]).column("look"), entry)).as_py():
            fresh = newest / f".{bucket:02}.{os.getpid()}"
            fresh.write_bytes(judge(pq.read_table(path), judging).lines)
            fresh.replace(newest / f"{bucket:02}.lines")
            return True
    return False


def _judging(home: Path, told: ForCitizens, now: datetime) -> Judging:
    investigated: dict[int, tuple[Spell, ...]] = {}
    for each in told.investigated:
        investigated[each.subject] = (*investigated.get(each.subject, ()), each.spell)
    rules = Rules(
        now=now,
        register=told.register,
        withheld=_withheld(home / WITHHELD_FILE),
        departments=frozenset(told.departments),
    )
    return Judging(names=Names.of(home), rules=rules, since=_since(now), investigated=investigated)


def _since(now: datetime) -> date:
    return (now - SHOWN_FOR).date().replace(day=1)


def _withheld(path: Path) -> tuple[Withholding, ...]:
    try:
        told = msgspec.json.decode(path.read_bytes(), type=tuple[_Withheld, ...])
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError):
        # offering without it would show what must not be shown
        raise StoreError(
            expected="the decisions to withhold in desk/withheld.json",
            found="a file that cannot be read",
            remedy="correct it; until then the citizen page keeps what it has",
        ) from None
    return tuple(
        Withholding(entry=each.look, ground=each.ground, spell=Spell(since=each.since, until=each.until))
        for each in told
    )
