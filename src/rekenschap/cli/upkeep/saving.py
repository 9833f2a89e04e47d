# SPDX-License-Identifier: EUPL-1.2
"""A backup of house and desk in one directory: the ledger, checked there, and the desk as of one moment.

DIR/ledger   a copy of the ledger that proves itself     DIR/desk.saved   the database of the desk
DIR/public-keys.txt   the keys it proves itself with     DIR/backup.json  what it holds
The ledger is copied first: an act that comes in between is then in the database, and is brought again.
No key is copied, and nothing that is sealed: keep those as `rekenschap keys` says.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rekenschap.cli.speak import progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.cli.upkeep.asking_desk import ask_desk, has_desk
from rekenschap.errors import ExitCode, RefusedError, SourceError, VerificationError
from rekenschap.given import read_verifiers
from rekenschap.house import House, LedgerPlace, copy_at, right_now
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.copying import copy
from rekenschap.ledger.prove import Proven, prove, verify

_LEDGER, _DESK, _KEYS, _TOLD = "ledger", "desk.saved", "public-keys.txt", "backup.json"
_FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A directory with a backup."""

    folder: Path
    size: int
    root: str
    made_at: str
    has_desk: bool

    @classmethod
    def read(cls, folder: Path) -> Backup:
        """Read what a backup says it holds; raises SourceError when it is none."""
        try:
            told = json.loads((folder / _TOLD).read_text(encoding="utf-8"))
            if told["form"] != _FORM:
                raise ValueError
            return cls(
                folder=folder, size=int(told["size"]), root=str(told["root"]), made_at=str(told["made_at"]),
                has_desk=bool(told["desk"]),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            raise SourceError(
                expected=f"a directory that `backup create` made, with {_TOLD}",
                found="another",
                remedy="correct the path",
            ) from None


def create(folder: Path, *, home: Path, language: Language, as_json: bool) -> int:
    """Make a backup in a directory that is empty or not there."""
    words, place = words_in(language), LedgerPlace.of(home)
    if folder.exists() and any(folder.iterdir()):
        raise RefusedError(
            expected="a directory that is empty or not there",
            found="one with files",
            remedy="name another: every backup has a directory of its own",
            rule="never overwrite",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with progress(words("step_copy"), quiet=as_json) as step:
        copied = copy(
            place.site, copy_at(str(folder / _LEDGER)), verifiers=place.verifiers(None), progress=step
        )
    shutil.copyfile(House.at(home).public_keys_path, folder / _KEYS)
    with_desk = has_desk(home)
    if with_desk:
        _asked(home, "save", folder / _DESK)
    told = {
        "form": _FORM, "made_at": right_now().isoformat(timespec="seconds"), "size": copied.report.size,
        "root": copied.report.root.to_base64(), "desk": with_desk,
    }  # fmt: skip
    (folder / _TOLD).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return _say(words, told, "backup_made" if with_desk else "backup_made_without", folder, as_json=as_json)


def verify_backup(folder: Path, *, public_key: str | None, language: Language, as_json: bool) -> int:
    """Check every row of the ledger in a backup, against the keys of the house or those beside it."""
    words, found = words_in(language), Backup.read(folder)
    report = _checked(found, public_key)
    told = {"size": report.size, "root": report.root.to_base64(), "desk": found.has_desk}
    return _say(words, told, "backup_verified", folder, as_json=as_json)


def restore(folder: Path, *, home: Path, public_key: str, language: Language, as_json: bool) -> int:
    """Bring ledger and desk back, hold one against the other, and end with a proof of the last entry."""
    words, found, house = words_in(language), Backup.read(folder), House.at(home)
    _checked(found, public_key)
    with progress(words("step_copy"), quiet=as_json) as step:
        copy(copy_at(str(folder / _LEDGER)), house.site, verifiers=read_verifiers(public_key), progress=step)
    house.keep_public_keys(public_key)
    desk: Mapping[str, object] = {}
    if found.has_desk:
        if not (home / "desk" / "secret-key").is_file():
            raise RefusedError(
                expected="the key of the desk in desk/secret-key of this house",
                found="none",
                remedy="put it back from where you keep the keys, then restore again",
                rule="keys",
            )
        desk = _asked(home, "load", folder / _DESK)
    proven = _proof(home, public_key)
    told = {"size": found.size, "root": found.root, "desk": dict(desk), "proven": proven.entry}
    if not as_json and desk:
        rows = cast("Mapping[str, int]", desk["checked"])
        say(words("check_desk_fine", rows=words.number(rows["rows"]), acts=words.number(rows["acts"])))
        again = cast("int", desk["offered_again"])
        if again:
            say(words("backup_again", count=words.number(again)))
    return _say(words, told, "backup_restored", home, as_json=as_json, entry=proven.entry)


def _checked(found: Backup, public_key: str | None) -> CheckReport:
    place = LedgerPlace.of(found.folder / _LEDGER)
    verifiers = read_verifiers(public_key or str(found.folder / _KEYS))
    report = check(place.store, anchor=place.anchor, verifiers=verifiers, beside=place.beside)
    if (report.size, report.root.to_base64()) != (found.size, found.root):
        raise VerificationError(
            expected=f"a ledger of {found.size} entries with the root that {_TOLD} says",
            found="another",
            remedy="do not restore it: keep it as evidence",
        )
    if found.has_desk and not (found.folder / _DESK).is_file():
        raise VerificationError(
            expected=f"{_DESK} in the backup", found="none", remedy="look for it where the backup came from"
        )
    return report


def _proof(home: Path, public_key: str) -> Proven:
    ledger = LedgerPlace.of(home).ledger()
    return verify(prove(ledger, ledger.size - 1), read_verifiers(public_key))


def _asked(home: Path, verb: str, file: Path) -> Mapping[str, object]:
    told = ask_desk(home, "rekenschap_web.upkeep.saving", verb, str(file.resolve()))
    return cast("Mapping[str, object]", told["done"])


def _say(
    words: Words, told: Mapping[str, object], key: str, folder: Path, *, as_json: bool, entry: int = 0
) -> int:
    if as_json:
        say_json(told)
    else:
        size = words.number(cast("int", told["size"]))
        say(words(key, place=folder, size=size, root=told["root"], entry=entry))
    return ExitCode.FINE
