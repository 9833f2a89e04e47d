# SPDX-License-Identifier: EUPL-1.2
"""Holds the database of the desk against the ledger: every act, and every guarded row against its last act.

1. each line of the outbox is as the desk wrote it; 2. each that was brought is in the ledger, word for word;
3. each act in the ledger is still in the outbox; 4. each guarded row is as its last act left it, and there is
no row without an act; 5. no row is gone without an act. What waits for the ledger is counted apart; acts on a
case that was wiped may have been erased there.
Run as `python -m rekenschap_web.acts.bringing.checking`, as `rekenschap check` does
for a house with a desk.
"""

from __future__ import annotations

import hmac
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import django
from django.db import models, transaction

from rekenschap.errors import AlarmError, ExitCode, RekenschapError, VerificationError

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCheck:
    """What was found to hold: acts in the ledger, acts that wait for it, and guarded rows."""

    acts: int
    waiting: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    """The last change of one object."""

    number: int
    salt: bytes
    content: bytes | None


def check_desk() -> DeskCheck:
    """Check everything; raises AlarmError that names the first row or act that is not as it should be."""
    from rekenschap_web.evidence.house import house

    ours = house()
    with transaction.atomic():  # one moment of the database; the ledger only grows meanwhile
        acts, waiting = _check_acts(ours)
        rows = _check_rows()
    return DeskCheck(acts=acts, waiting=waiting, rows=rows)


def _check_acts(ours: object) -> tuple[int, int]:
    from rekenschap.audit.desk import acts_in_ledger, not_in_ledger
    from rekenschap.audit.register import WIPED
    from rekenschap.house import House
    from rekenschap_web.acts.bringing.following import wiped_objects
    from rekenschap_web.acts.bringing.told import facts_of
    from rekenschap_web.acts.models import Act
    from rekenschap_web.acts.sealing import check_seal

    assert isinstance(ours, House)  # noqa: S101 - what evidence.house gives
    wiped = wiped_objects()
    held = set(acts_in_ledger(ours).entry_of)
    entry_of = acts_in_ledger(ours).entry_of
    brought = waiting = 0
    for some in _batches(Act.objects.order_by("number")):
        for act in some:
            check_seal(act)
        told = [act for act in some if act.appended_at is not None or act.act.bytes in held]
        missing = [told[place] for place in not_in_ledger(ours, [next(facts_of(act)) for act in told])]
        wrong = [act for act in missing if act.verb == WIPED or act.object not in wiped]
        if wrong:
            raise _alarm(f"act {wrong[0].number} of the desk in the ledger", "none like it")
        held.difference_update(act.act.bytes for act in some)
        brought += len(told)
        waiting += len(some) - len(told)
    if held:
        entry = min(entry_of[each] for each in held)
        raise _alarm(f"the act of entry {entry} in the database of the desk", "none", entry=entry)
    return brought, waiting


def _check_rows() -> int:
    from rekenschap_web.acts.guarding import digest_of, guarded_fields, guarded_models, object_of

    last = _last_changes()
    seen: set[str] = set()
    for model in guarded_models():
        names = guarded_fields(model)
        for row in model._base_manager.order_by("pk").iterator(chunk_size=2_000):
            name = object_of(row)
            change = last.get(name)
            if change is None or change.content is None:
                raise _alarm(f"an act for every row of {model._meta.db_table}", f"{name} without one")
            content = {field: getattr(row, field) for field in names}
            if not hmac.compare_digest(digest_of(change.salt, name, content), change.content):
                raise _alarm(f"{name} as act {change.number} left it", "other guarded fields")
            seen.add(name)
    kinds = {each.partition(":")[0] for each in seen} | set(_kinds_of_models())
    gone = sorted(
        name
        for name, change in last.items()
        if change.content is not None and name not in seen and name.partition(":")[0] in kinds
    )
    if gone:
        raise _alarm(f"{gone[0]} as act {last[gone[0]].number} left it", "no such row any more")
    return len(seen)


def _kinds_of_models() -> Iterator[str]:
    """Name the kinds of objects that are rows; content of anything else is held by nobody here."""
    from rekenschap_web.acts.models import Act

    told = Act.objects.filter(content__isnull=False).values_list("kind", flat=True).distinct()
    yield from (str(kind) for kind in told)


def _last_changes() -> dict[str, _Last]:
    from rekenschap_web.acts.models import Act

    told = Act.objects.filter(revision__isnull=False).order_by("object", "revision")
    fields = "number", "object", "salt", "content"
    return {
        name: _Last(number=number, salt=bytes(salt), content=None if content is None else bytes(content))
        for number, name, salt, content in told.values_list(*fields).iterator()
    }


def _batches(rows: models.QuerySet) -> Iterator[list]:  # type: ignore[type-arg]
    some: list[object] = []
    for row in rows.iterator(chunk_size=2_000):
        some.append(row)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _alarm(expected: str, found: str, *, entry: int | None = None) -> VerificationError:
    return VerificationError(
        expected=expected,
        found=found,
        remedy="keep the database of the desk as evidence, and ask who can write in it",
        entry=entry,
    )


def main() -> int:
    """Check, and say the outcome as one line of JSON; gives the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_web.settings.desk")
    try:
        django.setup()
        told: dict[str, object] = {"fine": asdict(check_desk())}
        code = int(ExitCode.FINE)
    except RekenschapError as error:
        kind = "alarm" if isinstance(error, AlarmError) else "trouble"
        told = {kind: {"expected": error.expected, "found": error.found, "remedy": error.remedy}}
        code = int(error.exit_code)
    sys.stdout.write(json.dumps(told) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
