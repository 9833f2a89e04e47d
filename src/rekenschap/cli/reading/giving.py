# SPDX-License-Identifier: EUPL-1.2
"""Writes looks as FHIR AuditEvents, after the ledger was told who takes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson

from rekenschap.audit.readers import looks_to_give, tell_looks_given
from rekenschap.cli.speak import check_can_write, say
from rekenschap.cli.texts import Language, words_in
from rekenschap.contracts.audit_event import as_audit_event
from rekenschap.errors import ConfigurationError, ExitCode
from rekenschap.house import House, right_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked on the command line."""

    home: Path
    out: Path
    by: str
    observer: str


def give(asked: Asked, *, since: int | None, language: Language) -> int:
    """Write the looks that may be seen, one line of JSON each."""
    words, house, now = words_in(language), House.at(asked.home), right_now()
    check_can_write(asked.out, "--out")
    if not asked.by.strip():
        raise ConfigurationError(expected="your staff number", found="nothing", remedy="give it with --by")
    given = list(looks_to_give(house, observer=asked.observer, since=since, now=now))
    lines = b"".join(orjson.dumps(as_audit_event(each)) + b"\n" for each in given)
    subjects = len({each.subject for each in given})
    tell_looks_given(house, by=asked.by, subjects=subjects, size=len(lines), now=now)
    asked.out.write_bytes(lines)
    asked.out.chmod(0o600)
    say(words("looks_given", count=words.number(len(given)), path=asked.out))
    return ExitCode.FINE
