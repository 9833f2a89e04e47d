# SPDX-License-Identifier: EUPL-1.2
"""Health and figures: what a balancer and monitoring ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest

from rekenschap.casework.roles import Role
from rekenschap_web import acts
from rekenschap_web.acts.models import Act
from rekenschap_web.evidence import house as opened
from rekenschap_web.upkeep.metrics import Standing


def test_a_desk_that_is_alive_says_so_to_anybody(client: Client, db: None) -> None:
    assert client.get("/livez").content == b"ok\n"


def test_a_desk_with_house_and_database_is_ready(client: Client, db: None, town_house: Path) -> None:
    opened.forget()
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["database"] == "answers"


def test_a_desk_of_which_acts_stay_behind_is_not_ready(
    client: Client, client_as: Callable[[Role], Client], town_house: Path
) -> None:
    opened.forget()
    person = acts.system_person()
    assert person.is_locked
    with connection.cursor() as cursor:
        cursor.execute("UPDATE acts_act SET acted_at = %s", [timezone.now() - timedelta(hours=1)])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "waiting for the ledger" in answer.json()["acts"]


def test_figures_tell_how_much_waits_and_on_what_pages_rest(db: None, town_house: Path) -> None:
    opened.forget()
    acts.system_person()
    registry = CollectorRegistry()
    registry.register(Standing())
    told = generate_latest(registry).decode()
    assert f"rekenschap_desk_acts_waiting {float(Act.objects.count())}" in told
    looks = opened.derived().manifest.looks
    assert looks > 50_000
    assert f"rekenschap_derived_looks {float(looks)}" in told
