# SPDX-License-Identifier: EUPL-1.2
"""Reads a derivation: single rows by DuckDB from the one small file they are in, never a whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import pyarrow as pa

from rekenschap.adapters.engines.parquet import Given, ParquetFiles
from rekenschap.audit.deriving.buckets import every_file, files_of
from rekenschap.audit.deriving.told import Cause, Found, Manifest, Ruled, Share, System
from rekenschap.errors import EngineError, StoreError

DERIVED, LATEST = "derived", "latest"
FORM = 2
"""Version of the form; what another version of the program wrote is made again, not read."""

HOUR, LEARNT = "hour", "learnt.json"
"""Below the newest derivation: what the hours after it are explained on, and what was learnt for them."""

LATER = "later"
"""What came after the last run over everything lies beside its files, in one file for each folder."""

_JUDGED = ("look-by-staff", "look-by-subject", "explanation-by-staff")
"""Folders in which a later row of a look stands in the place of the one before."""

_NEWEST = """(
    SELECT * EXCLUDE (filename)
    FROM read_parquet($files, filename = true)
    QUALIFY rank() OVER (PARTITION BY staff, subject, look, looked_at ORDER BY filename DESC) = 1
)"""
"""By all that never changes of a look, so that a condition on it is asked of the files themselves."""

FACTS = ("relation", "authorisation", "staff", "disclosure", "decision")
"""The relations of facts that are kept whole, in work form: small ones that a search of people needs."""

_READS = Path(__file__).with_name("reads")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a long list is wanted."""

    first: int = 0
    most: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one moment up to another, in µs UTC."""

    first: int = -(2**62)
    last: int = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """One derivation, opened. Times are µs UTC; people are the BIGINT of their token."""

    folder: Path
    manifest: Manifest
    findings: tuple[Found, ...]
    causes: tuple[Cause, ...]
    shares: tuple[Share, ...]
    systems: tuple[System, ...]
    rules: tuple[Ruled, ...]
    candidates: tuple[Found, ...]
    """what only a week may pick, most telling first"""
    files: ParquetFiles

    @classmethod
    def open(cls, home: Path, *, threads: int = 1) -> Derived:
        """Open the newest derivation of a house; raises StoreError when there is none, or of another form."""
        folder = home / DERIVED / newest_in(home)
        manifest = _read(folder / "manifest.json", Manifest)
        if manifest.form != FORM:
            raise _none("one of another version")
        return cls(
            folder=folder,
            manifest=manifest,
            findings=_read(folder / "findings.json", tuple[Found, ...]),
            causes=_read(folder / "causes.json", tuple[Cause, ...]),
            shares=_read(folder / "shares.json", tuple[Share, ...]),
            systems=_read(folder / "systems.json", tuple[System, ...]),
            rules=_read(folder / "rules.json", tuple[Ruled, ...]),
            candidates=_read(folder / "candidates.json", tuple[Found, ...]),
            files=ParquetFiles(folder, threads=threads),
        )

    def finding(self, key: str) -> Found | None:
        """Give the finding of this key, if it is there; also one that only a week may pick."""
        return next((each for each in (*self.findings, *self.candidates) if each.key == key), None)

    def cause(self, name: str) -> Cause | None:
        """Give the cause of this name, if it is there."""
        return next((each for each in self.causes if each.id == name), None)

    def looks_of(self, staff: int, span: Span, part: Part) -> pa.Table:
        """Give looks by one member of staff, newest first."""
        given = {"who": staff, "first": span.first, "last": span.last, "skip": part.first, "most": part.most}
        return self._answer("looks_of", files_of("look-by-staff", [staff]), given)

    def looks_at(self, subject: int, span: Span, part: Part) -> pa.Table:
        """Give looks at one subject, newest first."""
        given = {
            "who": subject,
            "first": span.first,
            "last": span.last,
            "skip": part.first,
            "most": part.most,
        }
        return self._answer("looks_at", files_of("look-by-subject", [subject]), given)

    def count_of(self, staff: int, span: Span) -> Mapping[str, int]:
        """Count looks by one member of staff: total, explained, weak."""
        given = {"who": staff, "first": span.first, "last": span.last}
        return _counts(self._answer("count_of", files_of("look-by-staff", [staff]), given))

    def count_at(self, subject: int, span: Span) -> Mapping[str, int]:
        """Count looks at one subject: total, explained, weak."""
        given = {"who": subject, "first": span.first, "last": span.last}
        return _counts(self._answer("count_at", files_of("look-by-subject", [subject]), given))

    def looks(self, entries: Sequence[int]) -> pa.Table:
        """Give single looks by their entries, in the order of time; what is no look is left out."""
        if not entries:
            return self._answer("looks", every_file("look-by-staff")[:1], {"looks": [-1], "people": [0]})
        wanted = list(entries)
        index = self._answer("who_looked", ["entries.parquet"], {"looks": wanted})
        people = index.column("staff").to_pylist()
        files = files_of("look-by-staff", people) or every_file("look-by-staff")[:1]
        return self._answer("looks", files, {"looks": wanted, "people": people or [0]})

    def explanations(self, staff: Sequence[int], looks: Sequence[int]) -> pa.Table:
        """Give what explains these looks by these people, with when and by which source it was recorded."""
        files = files_of("explanation-by-staff", staff) or every_file("explanation-by-staff")[:1]
        return self._answer(
            "explanations", files, {"people": list(staff) or [0], "looks": list(looks) or [-1]}
        )

    def work_around(self, subjects: Sequence[int], span: Span, *, most: int) -> pa.Table:
        """Give the recorded work around these subjects, by whomever, in the order of time."""
        files = files_of("work-by-subject", subjects) or every_file("work-by-subject")[:1]
        given: dict[str, Given] = {
            "people": list(subjects) or [0],
            "first": span.first,
            "last": span.last,
            "most": most,
        }
        return self._answer("work_around", files, given)

    def person(self, staff: int) -> Mapping[str, object] | None:
        """Give what is known over all looks of one member of staff."""
        found = self._answer("person", ["people.parquet"], {"who": staff}).to_pylist()
        return found[0] if found else None

    def people_with_role(self, role: str) -> pa.Table:
        """Give everybody with a role: staff, team, looks and unexplained visits."""
        return self._answer("people_with_role", ["people.parquet"], {"role": role})

    def people_of_team(self, team: str) -> pa.Table:
        """Give everybody of a team."""
        return self._answer("people_of_team", ["people.parquet"], {"team": team})

    def relations_of(self, subjects: Sequence[int], *, most: int) -> pa.Table:
        """Give the relations of these subjects with anybody."""
        given: dict[str, Given] = {"people": list(subjects) or [0], "most": most}
        return self._answer("relations_of", ["relations.parquet"], given)

    def selves_of(self, staff: Sequence[int]) -> pa.Table:
        """Give the relations that say which citizen a member of staff is."""
        return self._answer("selves_of", ["relations.parquet"], {"people": list(staff) or [0]})

    def looks_of_cause(self, cause: str) -> pa.Table:
        """Give the looks of a cause (look, staff), in the order of the ledger."""
        return self._answer("looks_of_cause", ["cause-looks.parquet"], {"cause": cause})

    def sample(self, span: Span, *, size: int, seed: int) -> list[int]:
        """Draw looks by lot: the same seed draws the same."""
        given = {"first": span.first, "last": span.last, "most": size, "seed": seed}
        drawn: list[int] = self._answer("sample", ["entries.parquet"], given).column("look").to_pylist()
        return drawn

    def lookers(self, subjects: Sequence[int], span: Span) -> pa.Table:
        """Give every look at these subjects, with who looked, when, and the verdict."""
        files = files_of("look-by-subject", subjects) or every_file("look-by-subject")[:1]
        given: dict[str, Given] = {"people": list(subjects) or [0], "first": span.first, "last": span.last}
        return self._answer("lookers", files, given)

    def looks_between(self, first_day: int, last_day: int) -> pa.Table:
        """Give every look of these local days (since 1970): the relation `look` and its verdict."""
        given = {"first": first_day, "last": last_day}
        return self._answer("looks_between", every_file("look-by-staff"), given)

    def facts(self, relation: str) -> pa.Table:
        """Give all facts of a relation that is kept whole (see FACTS), in work form."""
        if relation not in FACTS:
            raise _none(f"no relation {relation}")
        return self._answer("facts", [f"facts-{relation}.parquet"], {})

    def look_at(self, subject: int) -> int | None:
        """Give any look at a subject: an entry where the whole token stands."""
        found = self.looks_at(subject, Span(), Part(most=1)).column("look").to_pylist()
        return found[0] if found else None

    def close(self) -> None:
        """Let go of the files."""
        self.files.close()

    def _answer(self, name: str, files: Sequence[str], given: Mapping[str, Given]) -> pa.Table:
        sql, later = _sql(name), later_of(files[0])
        if (self.folder / later).is_file():
            files = [*files, later]
            sql = _over_newest(sql, files[0].partition("/")[0])
        try:
            return self.files.answer(sql, {**given, "files": list(files)}, query_id=name)
        except EngineError as error:
            if not self.folder.exists():
                raise _none("one that was replaced meanwhile") from error
            raise


def newest_in(home: Path) -> str:
    """Name the newest derivation of a house; raises StoreError when there is none."""
    try:
        name = (home / DERIVED / LATEST).read_text(encoding="ascii").strip()
    except OSError:
        raise _none("none") from None
    if not name or "/" in name or name.startswith("."):
        raise _none("a name that is none")
    return name


def manifest_of(home: Path) -> Manifest | None:
    """Read of what the newest derivation of a house was made; None when there is none that can be read."""
    try:
        return _read(home / DERIVED / newest_in(home) / "manifest.json", Manifest)
    except StoreError:
        return None


def later_of(file: str) -> str:
    """Name the file in which lies what came after the last run over everything, beside a file of that run."""
    folder, _, _ = file.rpartition("/")
    return f"{folder}/{LATER}.parquet" if folder else f"{file.removesuffix('.parquet')}.{LATER}.parquet"


def _over_newest(sql: str, folder: str) -> str:
    if folder not in _JUDGED:
        return sql
    newest = _NEWEST if folder != "explanation-by-staff" else _NEWEST.replace("staff, subject,", "staff,")
    return sql.replace("read_parquet($files)", newest)


@cache
def _sql(name: str) -> str:
    return (_READS / f"{name}.sql").read_text(encoding="utf-8")


def _counts(rows: pa.Table) -> Mapping[str, int]:
    row = rows.to_pylist()[0]
    return {name: int(value or 0) for name, value in row.items()}


def _read(path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        raise _none("one that cannot be read") from None


def _none(found: str) -> StoreError:
    return StoreError(
        expected="a derivation of the latest checkpoint",
        found=found,
        remedy="make one with `rekenschap derive`",
        retryable=True,
    )
