# SPDX-License-Identifier: EUPL-1.2
"""The command that gives records back in the form they came in: `rekenschap export`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rekenschap.audit.exporting import Span, export_records
from rekenschap.audit.intake import opened_door
from rekenschap.cli.speak import check_can_write, say
from rekenschap.cli.texts import Language, words_in
from rekenschap.contracts.contract import Contract
from rekenschap.errors import ExitCode, InconsistentError, RefusedError
from rekenschap.house import House, LedgerPlace


def export(contract: Contract, out: Path, *, home: Path, span: Span, language: Language) -> int:
    """Write the records of a house to a file, and say which are gone or are not what their token says."""
    words = words_in(language)
    check_can_write(out, "--out")
    ledger = LedgerPlace.of(home).ledger()
    with opened_door(House.at(home)) as door:
        done = export_records(ledger, door, contract, span=span, out=out)
    out.chmod(0o600)
    say(words("exported", count=words.number(done.written), path=out))
    if done.missing:
        say(words("exported_missing", count=words.number(done.missing)))
    if done.altered:
        raise InconsistentError(
            expected="every sealed record to fit its token in the ledger",
            found=f"{done.altered} that do not",
            remedy="compare the folder of records with a copy",
        )
    say(words("exported_warning"))
    return ExitCode.FINE


def moment_of(text: str, option: str) -> int | None:
    """Read a day or a moment with a zone as µs UTC; raises RefusedError."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00+00:00")
        if read.tzinfo is None:
            raise ValueError
    except ValueError:
        raise RefusedError(
            expected=f"a day or a moment with a zone at {option}, such as 2026-03-01",
            found="something else",
            remedy="write it so",
            rule="time",
        ) from None
    return int(read.timestamp()) * 1_000_000 + read.microsecond
