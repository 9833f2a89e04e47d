# SPDX-License-Identifier: EUPL-1.2
"""The desk under test: real Django on a real database, the demo town as its house, a person for each role.

Only this directory knows Django: the other suites run without it ever being set up.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rekenschap_web.settings.test")

import django

django.setup()

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from rekenschap.audit.demo import run_demo
from rekenschap.casework.roles import Role
from rekenschap_web import acts
from rekenschap_web.people.models import Person
from rekenschap_web.tryout.cast import CAST, Player

TOWN = "REKENSCHAP_TEST_TOWN"
"""Names a directory where the town may stay between two runs, while you work; else each run makes its own."""


@pytest.fixture(scope="session")
def made_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house of the demo town as it was founded and derived: look, never write; see `town_house`."""
    kept = os.environ.get(TOWN)
    into = Path(kept) if kept else tmp_path_factory.mktemp("town") / "demo"
    house = into / "house"
    if not (house / "derived").is_dir():
        run_demo(into, seed=1, told=lambda *_: None)
        _derive(house)
    return house


def _derive(house: Path) -> None:
    """Make what pages read, with the library's own `derive`."""
    if importlib.util.find_spec("rekenschap.audit.deriving") is None:
        return
    deriving = importlib.import_module("rekenschap.audit.deriving")
    from rekenschap.house import House, right_now

    deriving.derive(House.at(house), seed=1, now=right_now())


@pytest.fixture(scope="module")
def town_house(made_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A house of its own for the tests of one file: a copy of the town, to which the desk may append."""
    own = tmp_path_factory.mktemp("house") / "house"
    shutil.copytree(made_town, own, symlinks=True)
    before, settings.REKENSCHAP_HOME = settings.REKENSCHAP_HOME, own
    yield own
    settings.REKENSCHAP_HOME = before


@pytest.fixture
def people(db: None) -> Mapping[Role, Person]:
    """One person of the town for each role."""
    return {player.role: as_person(player) for player in CAST}


def as_person(player: Player) -> Person:
    """Make the person as a provider tells it at the first sign-in."""
    person = Person(
        sub=player.word,
        name=player.name,
        email=player.email,
        team=player.team,
        staff_id=player.staff_id,
    )
    person.roles = player.roles
    person.set_unusable_password()
    with transaction.atomic():
        return acts.recorded(person, by=person, verb="came_in", because="provider")


@pytest.fixture
def client_as(people: Mapping[Role, Person]) -> Callable[[Role], Client]:
    """Give a browser in which the person of a role is signed in."""

    def signed_in(role: Role) -> Client:
        client = Client(enforce_csrf_checks=False)
        client.force_login(people[role])
        return client

    return signed_in


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    """Rate limits count in the cache: each test begins with none used."""
    cache.clear()
    yield
