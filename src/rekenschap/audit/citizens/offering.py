# SPDX-License-Identifier: EUPL-1.2
"""Offers every citizen what they may see now: judged anew each time, so what is withheld appears by itself.

HOME/citizen/offered/<name>/NN.lines   a line for each citizen, drawer first, sorted: found by bisection
HOME/citizen/offered/<name>/about.json until when it holds good, and since when looks are shown
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from rekenschap.audit.citizens.names import Names
from rekenschap.audit.deriving.buckets import BUCKETS
from rekenschap.audit.deriving.for_citizens import DESK, FILE, FOLDER, ForCitizens
from rekenschap.audit.deriving.newest import make_newest
from rekenschap.audit.deriving.reading import DERIVED, LATEST, newest_in
from rekenschap.citizen import Answer, Look, Rules, Spell, Why, Withholding, answer_of
from rekenschap.errors import StoreError

PLACE, OFFERED, ABOUT = "citizen", "offered", "about.json"
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


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What a bucket is judged with."""

    names: Names
    rules: Rules
    empty: Answer
    investigated: Mapping[int, tuple[Spell, ...]]


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
    desk = _desk(home, told, now.astimezone(UTC))
    place = home / PLACE / OFFERED
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = place / f".making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    citizens = looks = 0
    for bucket in range(BUCKETS):
        lines = sorted(_lines(derived / FOLDER / f"{bucket:02}.parquet", desk))
        (making / f"{bucket:02}.lines").write_bytes(b"".join(line for _, line, _ in lines))
        citizens, looks = citizens + len(lines), looks + sum(count for _, _, count in lines)
    hour = desk.empty.as_of
    about = {"as_of": hour.isoformat(), "since": desk.empty.since.isoformat()}
    (making / ABOUT).write_text(json.dumps(about), encoding="utf-8")
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
    desk = _desk(home, told, now.astimezone(UTC))
    newest = place / (place / LATEST).read_text(encoding="ascii").strip()
    for bucket in range(BUCKETS):
        path = derived / FOLDER / f"{bucket:02}.parquet"
        if entry in pq.read_table(path, columns=["look"]).column("look").to_pylist():
            fresh = newest / f".{bucket:02}.{os.getpid()}"
            fresh.write_bytes(b"".join(line for _, line, _ in sorted(_lines(path, desk))))
            fresh.replace(newest / f"{bucket:02}.lines")
            return True
    return False


def _desk(home: Path, told: ForCitizens, now: datetime) -> _Desk:
    investigated: dict[int, tuple[Spell, ...]] = {}
    for each in told.investigated:
        investigated[each.subject] = (*investigated.get(each.subject, ()), each.spell)
    rules = Rules(
        now=now,
        register=told.register,
        withheld=_withheld(home / WITHHELD_FILE),
        departments=frozenset(told.departments),
    )
    hour = now.replace(minute=0, second=0, microsecond=0)
    return _Desk(
        names=Names.of(home),
        rules=rules,
        empty=Answer(organisation="", as_of=hour, since=_since(now), items=()),
        investigated=investigated,
    )


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


def _lines(path: Path, desk: _Desk) -> Iterator[tuple[str, bytes, int]]:
    """Give the line of each citizen in a bucket; who has nothing to see has none, as a stranger."""
    rows = pq.read_table(path).to_pylist()
    for subject, mine in groupby(rows, key=itemgetter("subject")):
        looks = [_look(row, desk.names) for row in mine]
        answer = answer_of(
            looks, desk.rules, empty=desk.empty, investigated=desk.investigated.get(subject, ())
        )
        if answer.items:
            drawer = desk.names.drawer(subject)
            told = json.dumps([each.told() for each in answer.items], ensure_ascii=False)
            yield drawer, f"{drawer}\t{told}\n".encode(), len(answer.items)


def _look(row: Mapping[str, object], names: Names) -> Look:
    entry, at, known = row["look"], row["looked_at"], row["known_at"]
    assert isinstance(entry, int)  # noqa: S101 - a derivation has a number in each
    assert isinstance(at, int)  # noqa: S101
    return Look(
        entry=entry,
        reference=names.reference(entry),
        at=_moment(at),
        known_at=_moment(known if isinstance(known, int) else at),
        why=Why(str(row["why"])),
        register=str(row["register"]),
        about=str(row["about"]),
        department=str(row["team"]),
        fields=_fields(str(row["fields"])),
        activity=str(row["activity"]),
        is_explained=bool(row["explained"]),
        is_of_desk=row["register"] == DESK,
    )


def _fields(told: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in told.split(",") if each.strip())


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, tz=UTC)
