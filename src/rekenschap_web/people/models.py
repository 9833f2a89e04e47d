# SPDX-License-Identifier: EUPL-1.2
"""The table of the people who may sign in. Fields and constraints only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.roles import Role


class People(BaseUserManager["Person"]):
    """Finds people by their mail address, as signing in does."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find the one with this mail address, however it is written."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """One who may sign in: `sub` is the name the provider gave, or `local:…` for an account of our own."""

    sub = models.CharField(max_length=255, unique=True)
    name = models.CharField(_("naam"), max_length=200)
    email = models.EmailField(_("e-mailadres"), unique=True)
    roles_written = models.CharField(max_length=200, blank=True, default="")
    team = models.CharField(max_length=100, blank=True, default="")
    staff_id = models.CharField(max_length=100, blank=True, default="", db_index=True)
    is_locked = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    GUARDED = ("roles_written", "is_locked", "staff_id", "team")

    own_pseudonym: str = ""
    """the pseudonym of this person in the ledger, when `people.pseudonyms` was asked"""

    class Meta:
        """Names for the pages of allauth."""

        verbose_name = _("persoon")
        verbose_name_plural = _("personen")

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[Role]:
        """What this person is there for; everybody is a member of staff."""
        return frozenset({Role.STAFF, *(Role(each) for each in self.roles_written.split())})

    @roles.setter
    def roles(self, roles: Iterable[Role]) -> None:
        self.roles_written = " ".join(sorted(set(roles) - {Role.STAFF}))

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether this person may sign in at all."""
        return not self.is_locked

    @property
    def act_object(self) -> str:
        """How acts name this row."""
        return f"person:{self.pk}"

    def get_full_name(self) -> str:
        """Give the name, as the provider tells it."""
        return self.name
