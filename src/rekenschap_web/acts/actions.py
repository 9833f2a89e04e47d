# SPDX-License-Identifier: EUPL-1.2
"""The only writers of acts. Each runs inside the transaction of what was done: both stay, or neither."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from rekenschap.errors import RefusedError
from rekenschap.model.warrant import Warrant
from rekenschap_web.acts.guarding import digest_of, let_through, object_of, stored_content
from rekenschap_web.acts.models import Act
from rekenschap_web.acts.sealing import seal_of
from rekenschap_web.acts.work import Work
from rekenschap_web.people.models import Person
from rekenschap_web.people.writing import holds_bsn

Row = TypeVar("Row", bound=models.Model)
_AT_ONCE = 1_000


def record(
    *,
    by: Person,
    verb: str,
    kind: str,
    object: str,  # noqa: A002 - the word of the ledger
    because: str = "",
    warrant: Warrant | None = None,
    investigation: str = "",
    content: Mapping[str, object] | None = None,
    work: Sequence[Work] = (),
    look: int | None = None,
) -> Act:
    """Write down what somebody did; raises RefusedError outside a transaction, or when `because` holds a BSN.

    `content` are the guarded fields of the object as the act leaves them. `look` is the entry of the
    consultation the act is about; an object named `look:<entry>` says so itself.
    """
    return _written(
        Act(
            person=by, staff=staff_name(by), verb=verb, kind=kind, object=object, because=because,
            warrant=warrant.id if warrant else "",
            investigation=investigation or (warrant.investigation if warrant else "") or "",
            look=_look_in(object) if look is None else look,
            work=[each.told() for each in work],
        ),
        content,
        changes=content is not None,
    )  # fmt: skip


def recorded(
    row: Row,
    *,
    by: Person,
    verb: str,
    because: str = "",
    warrant: Warrant | None = None,
    investigation: str = "",
    work: Sequence[Work] | Callable[[Row], Sequence[Work]] = (),
    look: int | None = None,
) -> Row:
    """Save a guarded row and write the act beside it; gives the row. `work` may be made of the saved row."""
    with transaction.atomic():
        with let_through(row):
            row.save()
        record(
            by=by, verb=verb, kind=_kind(row), object=object_of(row), because=because, warrant=warrant,
            investigation=investigation, content=stored_content(row),
            work=work(row) if callable(work) else work, look=look,
        )  # fmt: skip
    return row


def record_of_looks(*, by: Person, verb: str, looks: Iterable[int], because: str) -> int:
    """Write down one thing about many looks, an act for each; gives how many. `because` is no free text."""
    _check_transaction()
    now, staff = timezone.now(), staff_name(by)
    rows = [
        Act(
            person=by, staff=staff, verb=verb, kind="look", object=f"look:{entry}", because=because,
            look=entry, acted_at=now,
        )
        for entry in looks
    ]  # fmt: skip
    for row in rows:
        row.seal = seal_of(row)
    return len(Act.objects.bulk_create(rows, batch_size=_AT_ONCE))


def removed(row: models.Model, *, by: Person, verb: str = "removed", because: str) -> None:
    """Take a guarded row away, with an act that says so."""
    name, kind = object_of(row), _kind(row)
    with transaction.atomic():
        with let_through(row):
            row.delete()
        _written(
            Act(person=by, staff=staff_name(by), verb=verb, kind=kind, object=name, because=because),
            None,
            changes=True,
        )


def staff_name(person: Person) -> str:
    """Give the name by which the ledger knows who acts: the staff number, else the name of the account."""
    return person.staff_id or f"desk/{person.sub}"


def _check_words(text: str) -> None:
    """Raise RefusedError when a reason holds a citizen service number: the ledger never forgets a text."""
    if holds_bsn(text):
        raise RefusedError(
            expected="a reason without a citizen service number",
            found="a number that may be one",
            remedy="write the reason without it",
            rule="reason",
        )


def _check_transaction() -> None:
    if not connection.in_atomic_block:
        raise RefusedError(
            expected="an act inside the transaction of what was done",
            found="no transaction",
            remedy="write it with transaction.atomic()",
            rule="acts",
        )


def _written(act: Act, content: Mapping[str, object] | None, *, changes: bool) -> Act:
    _check_transaction()
    _check_words(act.because)
    act.acted_at = timezone.now()
    if changes:
        last = Act.objects.filter(object=act.object).aggregate(last=Max("revision"))["last"]
        act.revision = (last or 0) + 1
        act.salt = os.urandom(16)
        if content is not None:
            act.content = digest_of(act.salt, act.object, content)
    act.seal = seal_of(act)
    act.save(force_insert=True)
    return act


def _kind(row: models.Model) -> str:
    return object_of(row).partition(":")[0]


def _look_in(name: str) -> int | None:
    kind, _, number = name.partition(":")
    return int(number) if kind == "look" and number.isdigit() else None
