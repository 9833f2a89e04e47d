# SPDX-License-Identifier: EUPL-1.2
"""Making and trying a source profile: recognise the file, guess its columns, draft, check, dry run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.recognising import recognise
from rekenschap.errors import ConfigurationError, SourceError
from rekenschap.intake import Profile, check_example, load_profile, parse_profile, profile_names
from rekenschap.intake.readers import check_columns
from rekenschap.intake.wizard import Draft, Guess, Trial, Wanted, guess, profile_text, sample_of, try_out
from rekenschap.seams.source import READER_KINDS, Block, ReaderOptions

_TABLES = ("csv", "jsonl", "json", "excel", "parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says of a profile to be made; what is empty is guessed."""

    id: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    reader: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)
    double_hour: str = "quarantine"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A profile for a file: what was guessed, its text, and those that come along and read it already."""

    id: str
    kind: str
    columns: tuple[str, ...]
    guess: Guess
    text: str
    known: tuple[str, ...] = ()

    @property
    def profile(self) -> Profile:
        """The profile, as it will be read."""
        return parse_profile(self.text)


def propose(path: Path, wishes: Wishes, *, now: datetime) -> Proposal:
    """Make a profile for a file; raises SourceError or ConfigurationError, never with a value of the file."""
    kind, options = _reader(path, wishes)
    rows = sample_of(READERS[kind], path, options)
    known = _known(kind, Block(rows=rows, lines=rows.column(0)))
    name = wishes.id or _name_from(path)
    wanted = replace(wishes.wanted, register=wishes.wanted.register or name)
    found = guess(rows, wanted)
    draft = Draft(
        id=name,
        title={"nl": name, "en": name} | dict(wishes.title),
        kind=kind,
        options=options,
        guess=found,
        zone=wanted.zone,
        double_hour=wishes.double_hour,
    )
    text = "" if found.missing else profile_text(draft, note=wishes.note)
    if text:
        check_example(parse_profile(text), READERS, now=now)
    return Proposal(id=name, kind=kind, columns=tuple(rows.column_names), guess=found, text=text, known=known)


def dry_run(
    path: Path,
    profile: Profile,
    *,
    now: datetime,
    stand_ins: Mapping[str, str],
    told: Callable[[int], None] | None = None,
) -> Trial:
    """Try a profile on a file; nothing is kept."""
    return try_out(path, profile, readers=READERS, now=now, stand_ins=stand_ins, told=told)


def _reader(path: Path, wishes: Wishes) -> tuple[str, ReaderOptions]:
    if wishes.reader and wishes.reader not in READER_KINDS:
        raise ConfigurationError(
            expected=f"a reader ({', '.join(READER_KINDS)})",
            found=f"{wishes.reader!r}",
            remedy="name one of these",
        )
    recognised = recognise(path)
    kind = wishes.reader or recognised.kind
    if kind not in _TABLES or kind not in READERS:
        fit = [name for name in profile_names() if kind in load_profile(name).readers]
        raise SourceError(
            expected=f"a table ({', '.join(_TABLES)})",
            found=f"a file of kind {kind}",
            remedy=f"use a profile that comes along ({', '.join(fit)})"
            if fit
            else "write its profile yourself",
        )
    options = recognised.options if kind == recognised.kind else ReaderOptions()
    return kind, _with(options, wishes.settings, kind)


def _with(options: ReaderOptions, said: Mapping[str, str], kind: str) -> ReaderOptions:
    """Put what was said over what was guessed, checked as a profile checks it."""
    own = {name: text for name, text in said.items() if name in READER_KINDS[kind].settings}
    options = replace(options, settings=dict(options.settings) | own)
    if "delimiter" in said:
        mark = {"tab": "\t", "\\t": "\t"}.get(said["delimiter"], said["delimiter"])
        if len(mark) != 1 or not mark.isascii():
            raise ConfigurationError(
                expected="a delimiter of one ASCII character, or tab",
                found="something else",
                remedy="correct it",
            )
        options = replace(options, delimiter=mark)
    if "encoding" in said:
        options = replace(options, encoding=said["encoding"])
    if "header_row" in said:
        options = replace(options, header_row=int(said["header_row"]))
    return options


def _known(kind: str, sample: Block) -> tuple[str, ...]:
    """Find the profiles that come along and have all their needed columns in this file."""
    fit = []
    for name in profile_names():
        profile = load_profile(name)
        if kind in profile.readers and not profile.named and profile.sources <= set(sample.rows.column_names):
            with suppress(SourceError):
                check_columns(profile, READERS[kind], sample)
                fit.append(name)
    return tuple(fit)


def _name_from(path: Path) -> str:
    """Make the name of a profile from that of a file, without numbers: those may be a date or a person."""
    stem = re.sub(r"\d+", "", path.name.partition(".")[0].lower())
    return re.sub(r"[^a-z]+", "-", stem).strip("-") or "bron"
