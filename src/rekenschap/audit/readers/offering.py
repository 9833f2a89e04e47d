# SPDX-License-Identifier: EUPL-1.2
"""Offers the lines of the processing log that may be seen, where the service finds them: a SQLite file.

HOME/read/offered/<name>/lines.sqlite   the lines, and in which drawer each look of the citizen page lies
HOME/read/offered/<name>/about.json     until when it holds good
Offered are the lines up to the checkpoint of the newest derivation: what is not explained yet is not judged.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from rekenschap.audit.citizens import Names, offer
from rekenschap.audit.citizens.offering import OFFERED, WITHHELD_FILE
from rekenschap.audit.citizens.offering import PLACE as CITIZENS
from rekenschap.audit.deriving.for_citizens import FILE, FOLDER, ForCitizens, for_citizens
from rekenschap.audit.deriving.newest import make_newest
from rekenschap.audit.deriving.reading import DERIVED, LATEST, newest_in
from rekenschap.audit.deriving.told import Manifest
from rekenschap.audit.desk.people import reading
from rekenschap.audit.readers.judged import Judge, kept, spells_by_subject, withheld_of
from rekenschap.citizen import Rules, Spell, Withholding
from rekenschap.errors import StoreError
from rekenschap.house import House
from rekenschap.ledger import Ledger
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import halves, in_shape_of, to_work_form

PLACE, LINES, ABOUT = "read", "lines.sqlite", "about.json"
_TABLES = """
CREATE TABLE line (
    entry INTEGER PRIMARY KEY, trace BLOB, operation BLOB, parent BLOB, subject BLOB, kind TEXT,
    activity TEXT, began INTEGER, ended INTEGER, recorded INTEGER, status TEXT, name TEXT, system TEXT,
    fields TEXT, processor TEXT
);
CREATE TABLE place (reference TEXT PRIMARY KEY, drawer TEXT) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX line_trace ON line (trace);
CREATE INDEX line_subject ON line (subject, began);
CREATE INDEX line_activity ON line (activity, began);
"""
_AT_ONCE = 50_000
_LOOKS = pa.schema([
    ("look", pa.int64()), ("subject", pa.int64()), ("looked_at", pa.int64()), ("register", pa.string()),
    ("activity", pa.string()), ("explained", pa.bool_()),
])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Withheld:
    """A line of `withheld.json`, as the room of citizens writes it."""

    look: int
    ground: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What an offer was made of: when one of these is another, it is made again."""

    derived: str
    withheld: str
    citizens: str
    hour: str


def offer_when_due(house: House, *, now: datetime) -> int | None:
    """Offer anew when something changed or an hour passed; gives how many lines, None when nothing was due.

    While a decision to withhold is carried out nothing is offered: rather silence than what may not be seen.
    """
    home = house.root
    before = _state_of(home)
    if before is not None and before.withheld != _stamp(home / WITHHELD_FILE):
        (home / PLACE / OFFERED / LATEST).unlink(missing_ok=True)
    if (home / DERIVED / LATEST).is_file() and _is_late(home, now):
        offer(home, now=now)
    return None if before == _state(home, now) else offer_lines(house, now=now)


def offer_lines(house: House, *, now: datetime) -> int:
    """Judge every line anew and offer what may be seen; gives how many. Raises StoreError."""
    home, ledger = house.root, reading(house)
    state, derived = _state(home, now), _derived(home, ledger)
    looks = derived.looks.append_column("trace_id", _traces(ledger, derived.looks, derived.size))
    lines = kept(_lines_of(ledger, derived.size), looks, _judge(home, derived.told, now))
    place = home / PLACE / OFFERED
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = place / f".making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    _write(making / LINES, lines, home)
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    about = {"as_of": hour.isoformat(), "of": msgspec.to_builtins(state)}
    (making / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    make_newest(place, making, f"{hour:%Y-%m-%dT%H}-{Names.drawn()[:6]}")
    if _state(home, now).withheld != state.withheld:  # decided while we judged: judge again
        return offer_lines(house, now=now)
    return len(lines)


def shown_looks(house: House, *, now: datetime) -> pa.Array:
    """Give the entries of the looks that are not withheld at this moment."""
    derived = _derived(house.root, reading(house))
    judge = _judge(house.root, derived.told, now)
    return derived.looks.filter(pa.array(~withheld_of(derived.looks, judge))).column("look").combine_chunks()


def _judge(home: Path, told: ForCitizens, now: datetime) -> Judge:
    withheld = _withheld(home / WITHHELD_FILE)
    return Judge(
        rules=Rules(now=now.astimezone(UTC), register=told.register, withheld=withheld),
        investigated=spells_by_subject((each.subject, each.spell) for each in told.investigated),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Derived:
    """What the newest derivation says; for a ledger without looks, what the ledger itself says."""

    size: int
    looks: pa.Table
    told: ForCitizens


def _derived(home: Path, ledger: Ledger) -> _Derived:
    if not (home / DERIVED / LATEST).is_file():
        return _without_looks(ledger)
    derived = home / DERIVED / newest_in(home)
    try:
        return _Derived(
            size=msgspec.json.decode((derived / "manifest.json").read_bytes(), type=Manifest).size,
            looks=ds.dataset(derived / FOLDER, format="parquet").to_table(columns=list(_LOOKS.names)),
            told=msgspec.json.decode((derived / FILE).read_bytes(), type=ForCitizens),
        )
    except (OSError, msgspec.DecodeError):
        raise _none() from None


def _without_looks(ledger: Ledger) -> _Derived:
    """Judge a log of processing alone: nobody looked, so nothing needs explaining first."""
    if len(ledger.facts("consultation").entries):
        raise _none()
    facts = {name: _work_form(ledger, name) for name in ("processing_activity", "shielding", "staff")}
    return _Derived(size=ledger.checkpoint.size, looks=_LOOKS.empty_table(), told=for_citizens(facts))


def _work_form(ledger: Ledger, name: str) -> pa.Table:
    facts = ledger.facts(name)
    return in_shape_of(to_work_form(facts.table, facts.relation, entries=facts.entries), RELATIONS[name])


def _lines_of(ledger: Ledger, size: int) -> pa.Table:
    facts = ledger.facts("processing", size=size)
    table, moments = facts.table, ("processed_at", "ended_at", "recorded_at")
    whole = table.column("subject").combine_chunks()
    columns = {
        name: table.column(name).cast(pa.int64()) if name in moments else table.column(name)
        for name in table.column_names
        if name not in ("fact_id", "source", "record", "subject")
    }
    return pa.table({**columns, "entry": facts.entries, "token": whole, "subject": halves(whole)[0]})


def _traces(ledger: Ledger, looks: pa.Table, size: int) -> pa.Array:
    """Give the trace of each look, null where it has none."""
    facts = ledger.facts("consultation", size=size)
    if "trace_id" not in facts.table.column_names:
        return pa.nulls(len(looks), pa.binary(16))
    at = pc.index_in(looks.column("look"), value_set=facts.entries.cast(looks.column("look").type))
    return facts.table.column("trace_id").combine_chunks().take(at.combine_chunks())


def _withheld(path: Path) -> tuple[Withholding, ...]:
    try:
        told = msgspec.json.decode(path.read_bytes(), type=tuple[_Withheld, ...])
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError):  # offering without it would show what must not be shown
        raise StoreError(
            expected="the decisions to withhold in desk/withheld.json", found="a file that cannot be read",
            remedy="correct it; until then nothing is offered anew",
        ) from None  # fmt: skip
    return tuple(
        Withholding(entry=each.look, ground=each.ground, spell=Spell(since=each.since, until=each.until))
        for each in told
    )


def _write(path: Path, lines: pa.Table, home: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        for batch in lines.to_batches(max_chunksize=_AT_ONCE):
            base.executemany(f"INSERT INTO line VALUES ({', '.join('?' * 15)})", _rows(batch))  # noqa: S608
        base.executemany("INSERT OR IGNORE INTO place VALUES (?, ?)", _places(home))
        base.executescript(_INDEXES)
        base.commit()
    path.chmod(0o600)


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    ended = pc.coalesce(batch.column("ended_at"), batch.column("processed_at"))
    raw = [pc.fill_null(batch.column(name).cast(pa.binary()), b"") for name in _RAW]
    text = [pc.fill_null(batch.column(name).cast(pa.string()), "") for name in _TEXT]
    trace, operation, parent, token = (each.to_pylist() for each in raw)
    kind, activity, status, name, system, fields, processor = (each.to_pylist() for each in text)
    began, recorded = batch.column("processed_at").to_pylist(), batch.column("recorded_at").to_pylist()
    return zip(
        batch.column("entry").to_pylist(), trace, operation, parent, token, kind, activity, began,
        ended.to_pylist(), recorded, status, name, system, fields, processor, strict=True,
    )  # fmt: skip


_RAW = ("trace_id", "operation_id", "parent_id", "token")
_TEXT = ("subject_kind", "processing_activity", "status", "name", "system", "fields", "processor")


def _places(home: Path) -> Iterator[tuple[str, str]]:
    """Give for each look that the citizen page shows in which drawer it lies."""
    place = home / CITIZENS / OFFERED
    with suppress(OSError):
        newest = place / (place / LATEST).read_text(encoding="ascii").strip()
        for path in sorted(newest.glob("*.lines")):
            for line in path.read_bytes().splitlines():
                drawer, _, told = line.partition(b"\t")
                items: list[Mapping[str, object]] = msgspec.json.decode(told)
                yield from ((str(each["reference"]), drawer.decode("ascii")) for each in items)


def _is_late(home: Path, now: datetime) -> bool:
    """Say whether what citizens are offered is of an earlier hour: the desk may not be running."""
    place = home / CITIZENS / OFFERED
    try:
        newest = place / (place / LATEST).read_text(encoding="ascii").strip()
        as_of = datetime.fromisoformat(json.loads((newest / ABOUT).read_text(encoding="utf-8"))["as_of"])
    except (OSError, ValueError, KeyError):
        return True
    return as_of < now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _state(home: Path, now: datetime) -> _State:
    return _State(
        derived=_word(home / DERIVED / LATEST), withheld=_stamp(home / WITHHELD_FILE),
        citizens=_word(home / CITIZENS / OFFERED / LATEST), hour=f"{now.astimezone(UTC):%Y-%m-%dT%H}",
    )  # fmt: skip


def _state_of(home: Path) -> _State | None:
    place = home / PLACE / OFFERED
    try:
        told = json.loads((place / _word(place / LATEST) / ABOUT).read_text(encoding="utf-8"))["of"]
        return msgspec.convert(told, type=_State)
    except (OSError, ValueError, KeyError, msgspec.ValidationError):
        return None


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}"


def _word(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _none() -> StoreError:
    return StoreError(
        expected="a derivation of the latest checkpoint", found="none, or a part of it",
        remedy="make one with `rekenschap derive`", retryable=True,
    )  # fmt: skip
