# SPDX-License-Identifier: EUPL-1.2
"""The command that hands findings to a SIEM: `rekenschap findings`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import orjson

from rekenschap.audit.deriving import Derived
from rekenschap.audit.desk.giving import findings_to_give, tell_given
from rekenschap.cli.speak import check_can_write, say
from rekenschap.cli.texts import Language, words_in
from rekenschap.contracts.contract import FindingForm
from rekenschap.contracts.findings import GivenFinding, as_ecs, as_ocsf
from rekenschap.errors import ConfigurationError, ExitCode
from rekenschap.house import House, right_now

_FORMS: Mapping[FindingForm, Callable[[GivenFinding], Mapping[str, object]]] = MappingProxyType(
    {FindingForm.OCSF: as_ocsf, FindingForm.ECS: as_ecs}
)


def give_findings(
    form: FindingForm, out: Path, *, by: str, home: Path, since: int | None, language: Language
) -> int:
    """Write the findings of the newest derivation, one line of JSON each, after the ledger was told."""
    words = words_in(language)
    check_can_write(out, "--out")
    if not by.strip():
        raise ConfigurationError(expected="your staff number", found="nothing", remedy="give it with --by")
    house, derived = House.at(home), Derived.open(home)
    given = findings_to_give(derived, in_dutch=language is Language.NL, since=since)
    lines = b"".join(orjson.dumps(_FORMS[form](each)) + b"\n" for each in given)
    tell_given(house, given, by=by, size=len(lines), now=right_now())
    out.write_bytes(lines)
    out.chmod(0o600)
    say(words("findings_given", count=len(given), path=out))
    return ExitCode.FINE
