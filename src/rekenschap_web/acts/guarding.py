# SPDX-License-Identifier: EUPL-1.2
"""Rows that only an act may change: a model says which fields (`GUARDED`) and its name (`act_object`).

What is compared with the ledger later is what the database gives back, not what a program held in its hands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models.signals import pre_delete, pre_save

from rekenschap.errors import RefusedError

_let: ContextVar[tuple[int, ...]] = ContextVar("rows let through", default=())


def is_guarded(model: type[models.Model]) -> bool:
    """Say whether acts guard the rows of a model."""
    return bool(getattr(model, "GUARDED", ()))


def guarded_models() -> tuple[type[models.Model], ...]:
    """Give every guarded model that is installed."""
    return tuple(each for each in apps.get_models() if is_guarded(each) and not each._meta.abstract)


def guarded_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Name the guarded fields as the database names them."""
    return tuple(model._meta.get_field(name).attname for name in model.GUARDED)  # type: ignore[attr-defined, union-attr]


def object_of(row: models.Model) -> str:
    """Give what acts call a row, such as `finding:2026-0001`."""
    return str(row.act_object)  # type: ignore[attr-defined]


def stored_content(row: models.Model) -> dict[str, object]:
    """Give the guarded fields of a row as the database holds them now."""
    model = type(row)
    found = model._base_manager.filter(pk=row.pk).values(*guarded_fields(model)).get()
    return dict(found)


def digest_of(salt: bytes, object_name: str, content: Mapping[str, object]) -> bytes:
    """Commit to what a row holds: SHA-256 over a salt, the name of the row, and its fields in order."""
    told = json.dumps(
        {"object": object_name, "content": {name: _plain(value) for name, value in content.items()}},
        sort_keys=True, ensure_ascii=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(salt + told.encode("ascii")).digest()


@contextmanager
def let_through(row: models.Model) -> Iterator[None]:
    """Let this one row be saved or removed: an act is being written beside it."""
    token = _let.set((*_let.get(), id(row)))
    try:
        yield
    finally:
        _let.reset(token)


def watch() -> None:
    """Refuse to save or remove guarded rows but beside an act."""
    pre_save.connect(_saving, dispatch_uid="acts.guarding.saving")
    pre_delete.connect(_removing, dispatch_uid="acts.guarding.removing")


def _saving(
    sender: type[models.Model], instance: models.Model, *, raw: bool = False, **given: object
) -> None:
    if not is_guarded(sender) or raw or id(instance) in _let.get():
        return
    fields = set(guarded_fields(sender))
    updated = given.get("update_fields")
    if isinstance(updated, frozenset | set | list | tuple) and not fields & {*_attnames(sender, updated)}:
        return
    stored = (
        None
        if instance._state.adding
        else sender._base_manager.filter(pk=instance.pk).values(*fields).first()
    )
    if stored is None or any(stored[name] != getattr(instance, name) for name in fields):
        raise _unrecorded(sender)


def _removing(sender: type[models.Model], instance: models.Model, **given: object) -> None:
    del given
    if is_guarded(sender) and id(instance) not in _let.get():
        raise _unrecorded(sender)


def _attnames(model: type[models.Model], names: object) -> set[str]:
    assert isinstance(names, frozenset | set | list | tuple)  # noqa: S101 - narrowed by the only caller
    return {model._meta.get_field(str(name)).attname for name in names}  # type: ignore[union-attr]


def _unrecorded(model: type[models.Model]) -> RefusedError:
    return RefusedError(
        expected=f"a {model._meta.model_name} to be changed by an act",
        found="a change without one",
        remedy="use acts.recorded",
        rule="acts",
    )


def _plain(value: object) -> object:
    """Write a value the same way whatever database it came from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
