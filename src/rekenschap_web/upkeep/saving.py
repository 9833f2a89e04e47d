# SPDX-License-Identifier: EUPL-1.2
"""The database of the desk into a file as of one moment, and back; then it is held against the ledger.

Run as `python -m rekenschap_web.upkeep.saving save|load FILE`; says the outcome as one line of JSON. The key
of the desk is no part of it: without that key nobody can make lines the check believes.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import django

from rekenschap.errors import AlarmError, ExitCode, RefusedError, RekenschapError, StoreError

_PERSON = "postgresql"


def save(into: Path) -> Mapping[str, object]:
    """Write the database as of one moment to a file that is not there yet."""
    from django.db import connection

    if into.exists():
        raise RefusedError(
            expected="a file that is not there yet",
            found="one",
            remedy="name another",
            rule="never overwrite",
        )
    if connection.vendor == _PERSON:
        _run("pg_dump", ["--format=custom", "--no-owner", f"--file={into}", _name()])
    else:
        with closing(sqlite3.connect(_file_uri(), uri=True)) as ours, closing(sqlite3.connect(into)) as copy:
            ours.backup(copy)
    into.chmod(0o600)
    return {"bytes": into.stat().st_size, "kind": connection.vendor}


def load(file: Path) -> Mapping[str, object]:
    """Put a saved database back where there is none, and hold it against the ledger.

    What the ledger does not have, because the copy of it is older, waits in the outbox again.
    """
    from django.db import connection

    from rekenschap_web.acts.bringing.checking import check_desk

    if connection.vendor == _PERSON:
        if connection.introspection.table_names():
            raise _there_is_one()
        connection.close()
        _run("pg_restore", ["--no-owner", "--exit-on-error", f"--dbname={_name()}", str(file)])
    else:
        place = Path(str(connection.settings_dict["NAME"]))
        if place.exists():
            raise _there_is_one()
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(file, place)
        place.chmod(0o600)
    again = _offer_again()
    return {"offered_again": again, "checked": asdict(check_desk())}


def _offer_again() -> int:
    """Have the worker bring again what the ledger of this house does not hold."""
    from rekenschap.audit.desk import acts_in_ledger
    from rekenschap_web.acts.models import Act
    from rekenschap_web.evidence.house import house

    held = set(acts_in_ledger(house()).entry_of)
    lost = [
        number
        for number, act in Act.objects.filter(appended_at__isnull=False).values_list("number", "act")
        if act.bytes not in held
    ]
    for at in range(0, len(lost), 500):
        Act.objects.filter(number__in=lost[at : at + 500]).update(appended_at=None)
    return len(lost)


def _run(program: str, words: Sequence[str]) -> None:
    from django.db import connection

    told = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    where = {variable: told[name] for variable, name in names.items()}
    found = shutil.which(program)
    if found is None:
        raise StoreError(
            expected=f"{program} on this machine", found="none", remedy="install the client of PostgreSQL"
        )
    done = subprocess.run(  # noqa: S603 - our own words
        [found, *words], env={**os.environ, **{key: value for key, value in where.items() if value}},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StoreError(
            expected=f"{program} to end well", found=f"that it ended with {done.returncode}",
            remedy="see the log of PostgreSQL",
        )  # fmt: skip


def _name() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def _file_uri() -> str:
    return f"{Path(_name()).absolute().as_uri()}?mode=ro"


def _there_is_one() -> RefusedError:
    return RefusedError(
        expected="a house without a desk",
        found="a database of the desk",
        remedy="move it away as evidence first",
        rule="never overwrite",
    )


def main(words: Sequence[str]) -> int:
    """Save or load, and say the outcome."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_web.settings.desk")
    try:
        django.setup()
        todo = {"save": save, "load": load}[words[0]]
        told: dict[str, object] = {"done": todo(Path(words[1]))}
        code = int(ExitCode.FINE)
    except RekenschapError as error:
        kind = "alarm" if isinstance(error, AlarmError) else "trouble"
        told = {kind: {"expected": error.expected, "found": error.found, "remedy": error.remedy}}
        code = int(error.exit_code)
    sys.stdout.write(json.dumps(told) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
