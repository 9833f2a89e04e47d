# SPDX-License-Identifier: EUPL-1.2
"""Which profile reads which file of a folder, and which files nobody reads.

As told (`--profile`), else by name: lines of JSON are `native-jsonl`, and a table that is named after a
relation (`consultation.csv`, `zaak-2026.parquet`) has its columns under their own names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from rekenschap.errors import ConfigurationError, SourceError
from rekenschap.intake import Profile, load_profile, parse_profile
from rekenschap.model.bsn import without_bsn
from rekenschap.model.relations import RELATIONS

_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".parquet")
_NATIVE = "native-jsonl"
_SPELT = {",": "','", ";": "';'", "\t": "tab", "|": "'|'"}
_DELIMITERS, _MOST = tuple(_SPELT), 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """What was told: patterns of names with the profile that reads them, the first that fits counts."""

    told: tuple[tuple[str, Profile], ...] = ()

    @classmethod
    def of(cls, said: Sequence[str]) -> Choosing:
        """Read `PROFILE`, which reads every file, and `PATTERN=PROFILE`; raises ConfigurationError."""
        pairs = [each.rpartition("=") for each in said]
        if sum(not sign for _, sign, _ in pairs) > 1:
            raise ConfigurationError(
                expected="one profile for all files, and others with the files they read",
                found="two for all files",
                remedy="write --profile 'looks*.csv=balie.yaml'",
            )
        ordered = sorted(pairs, key=lambda each: not each[1])
        return cls(told=tuple((pattern or "*", _loaded(name)) for pattern, _, name in ordered))

    def profile_of(self, name: str, delimiter: str = ",") -> Profile | None:
        """Give the profile that reads a file of this name (below the folder); None when there is none.

        `delimiter` is what stands between the columns of a table that is named after a relation.
        """
        for pattern, profile in self.told:
            if fnmatchcase(name, pattern) or fnmatchcase(name.rpartition("/")[2], pattern):
                return profile
        last = name.rpartition("/")[2].lower().removesuffix(".gz")
        if last.endswith(_LINES):
            return load_profile(_NATIVE)
        relation = next((each for each in sorted(RELATIONS, key=len, reverse=True) if _is_of(last, each)), "")
        return _of_relation(relation, delimiter) if relation and last.endswith(_TABLES) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The files that are read, each with its profile, and the names of those that nobody reads."""

    files: tuple[tuple[Path, Profile], ...]
    unread: tuple[str, ...] = ()

    @property
    def zone(self) -> str | None:
        """The time zone in which these files write moments without an offset, when it is one."""
        zones = {profile.time_zone for _, profile in self.files}
        return zones.pop() if len(zones) == 1 else None


def choose(folder: Path, choosing: Choosing | None = None, *, beside: Sequence[Path] = ()) -> Chosen:
    """Choose for every file below `folder`, in the order of their names; those `beside` are no facts.

    Profiles that lie in the folder are no facts either. Raises SourceError when there is nothing to read.
    """
    told, left_out = choosing or Choosing(), {each.resolve() for each in beside}
    files: list[tuple[Path, Profile]] = []
    unread: list[str] = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if hidden or not path.is_file() or path.suffix in (".yaml", ".yml") or path.resolve() in left_out:
            continue
        profile = told.profile_of(name, _delimiter_of(path))
        if profile is None:
            unread.append(name)
        else:
            files.append((path, profile))
    if not files:
        raise SourceError(
            expected=f"a folder with files of facts (*{_LINES[0]}, or tables named after a relation)",
            found="none" if folder.is_dir() else "no folder",
            remedy="name the folder with --facts, and with --profile what reads other files",
        )
    return Chosen(files=tuple(files), unread=tuple(unread))


def _loaded(name: str) -> Profile:
    """Load a profile, and say of which among several a complaint is."""
    try:
        return load_profile(name)
    except ConfigurationError as error:
        last = without_bsn(Path(name).name)
        raise ConfigurationError(
            expected=f"in the profile {last} {error.expected}", found=error.found, remedy=error.remedy
        ) from None


def _is_of(name: str, relation: str) -> bool:
    """Say whether a file is named after a relation, one or more of it; a number or other words may follow."""
    after = name[len(relation) :].removeprefix("s")
    return name.startswith(relation) and not after[:1].isalpha()


def _delimiter_of(path: Path) -> str:
    """Look at the first line of a plain CSV file; anything else has a comma, or none."""
    if path.suffix.lower() != ".csv":
        return ","
    with path.open("rb") as opened:
        head = opened.readline(_MOST).decode("utf-8", "replace")
    return max(_DELIMITERS, key=head.count)


def _of_relation(name: str, delimiter: str) -> Profile:
    """Make the profile of a table of one relation: every column that is there, by its own name."""
    relation = RELATIONS[name]
    needed = [column.name for column in relation.reported if column.required and column.name != "source"]
    own = {column.name: column.name for column in relation.reported}
    own["source"] = f"{{from: source, default: {name}}}"  # who wrote a table need not say so
    columns = "".join(f"      {ours}: {theirs}\n" for ours, theirs in own.items())
    return parse_profile(
        f"id: {name.replace('_', '-')}\ntitle: {{nl: {name}, en: {name}}}\n"
        f"readers: {{csv: {{delimiter: {_SPELT[delimiter]}}}, parquet: {{}}}}\n"
        f"facts:\n  - relation: {name}\n    columns:\n{columns}"
        f"example: |\n  {','.join(needed)}\nexpect: {{}}\n"
    )
