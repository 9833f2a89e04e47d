# SPDX-License-Identifier: EUPL-1.2
"""Which reader of a profile a file asks for, and whether the file is one the profile is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rekenschap.errors import SourceError
from rekenschap.intake.profile import ColumnRule, Profile
from rekenschap.seams.source import READER_KINDS, Block, Reader, ReaderOptions


def reader_for(profile: Profile, path: Path, readers: Mapping[str, Reader]) -> tuple[Reader, ReaderOptions]:
    """Choose by the end of the name, unless the profile has one reader only; raises SourceError."""
    kinds = list(profile.readers)
    if len(kinds) > 1:
        name = path.name.lower().removesuffix(".gz")
        kinds = [kind for kind in kinds if name.endswith(READER_KINDS[kind].endings)]
    if not kinds:
        endings = ", ".join(ending for kind in profile.readers for ending in READER_KINDS[kind].endings)
        raise SourceError(
            expected=f"a name that ends in {endings} (.gz may follow)",
            found="another ending",
            remedy="rename the file or choose another profile",
        )
    return readers[kinds[0]], profile.readers[kinds[0]]


def check_columns(profile: Profile, reader: Reader, block: Block) -> None:
    """Raise SourceError when the first rows of a file are not what the profile is about."""
    found = set(block.rows.column_names)
    wanted = {"relation"} if profile.named else profile.sources
    if not found & wanted:
        some = ", ".join(sorted(wanted)[:5])
        raise SourceError(
            expected=f"columns of profile {profile.id} ({some}{', ...' if len(wanted) > 5 else ''})",
            found=f"{len(found)} columns and none of these" if found else "no row that can be read",
            remedy="check which profile reads this file",
        )
    if reader.fixed_columns and not profile.named:
        _check_required(profile, found)
        _check_counted(profile, found)


def _check_required(profile: Profile, found: set[str]) -> None:
    for rule in profile.facts:
        for column in rule.columns:
            if _is_needed(column) and not found & set(column.sources):
                fills = f"{column.target.name} of {rule.relation.name}"
                raise SourceError(
                    expected=f"the column {' or '.join(column.sources)}, for {fills}",
                    found=f"{len(found)} other columns",
                    remedy="check the export, or write it into the profile by its new name",
                )


def _check_counted(profile: Profile, found: set[str]) -> None:
    """A source that stops counting must not stop being counted."""
    if profile.sequence is not None and profile.sequence.column not in found:
        raise SourceError(
            expected=f"the column {profile.sequence.column}, which counts the rows",
            found=f"{len(found)} other columns",
            remedy="ask the supplier for it; without it nobody sees that a row is missing",
        )


def _is_needed(column: ColumnRule) -> bool:
    return column.target.required and bool(column.sources) and column.default is None
