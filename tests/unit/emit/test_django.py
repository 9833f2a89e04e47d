# SPDX-License-Identifier: EUPL-1.2
"""In a program of its own: Django's settings are made once for a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.unit.emit.receiving import FrontDoor

PROGRAM = """
import asyncio, sys
import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="none",
    MIDDLEWARE=["rekenschap.emit.django.LooksMiddleware"],
    REKENSCHAP={"address": sys.argv[1], "spool": sys.argv[2], "system": "balie"},
)
django.setup()
from rekenschap.emit.django import emitter

def show(request):
    with emitter().look(staff="m.devries", register="BRP", subject="klant-sync"):
        return HttpResponse("naam en adres")

async def show_later(request):
    with emitter().look(staff="m.devries", register="BRP", subject="klant-async"):
        return HttpResponse("naam en adres")

def show_on_a_bad_disk(request):
    answer = show(request)
    for file in emitter()._spool.files():
        file.broken = True
    return answer

urlpatterns = [path("sync", show), path("async", show_later), path("bad", show_on_a_bad_disk)]

from django.test import AsyncClient, Client
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
print(Client().get("/sync", headers={"traceparent": PARENT}).content.decode())
print(asyncio.run(AsyncClient().get("/async")).content.decode())
assert emitter().drain(20)
bad = Client().get("/bad")
print(bad.status_code, bad.headers["Retry-After"], "naam" in bad.content.decode())
emitter().close()
"""


def test_a_django_program_shows_nothing_that_is_not_written_down(tmp_path: Path):
    with FrontDoor().open() as door:
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM, door.url, tmp_path / "looks"], capture_output=True, text=True
        )
    assert (ran.returncode, ran.stdout.splitlines()) == (
        0,
        ["naam en adres", "naam en adres", "503 30 False"],
    ), ran.stderr
    assert {"klant-sync", "klant-async"} <= set(door.subjects())
    traces = dict(zip(door.subjects(), [each["traceId"] for each in door.entries], strict=True))
    assert traces["klant-async"] != traces["klant-sync"]
    assert door.entries[0]["traceId"] == "0af7651916cd43dd8448eb211c80319c"
