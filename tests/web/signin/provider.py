# SPDX-License-Identifier: EUPL-1.2
"""A real OpenID Connect provider in a process of its own, and a browser that goes through its forms."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import requests

from rekenschap.cli.serving.ports import free_port


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider that runs, what the desk must know of it, and the password of everybody in it."""

    address: str
    secret: Path
    word: str


@contextmanager
def tryout_provider(room: Path, *, desk: str) -> Iterator[Provider]:
    """Run the try-out's provider as `serve` does."""
    address = f"http://localhost:{free_port(0)}"
    told = {
        **os.environ,
        "REKENSCHAP_HOME": str(room),
        "REKENSCHAP_DESK": desk,
        "REKENSCHAP_TRYOUT": address,
        "DJANGO_SETTINGS_MODULE": "rekenschap_web.settings.tryout",
    }
    subprocess.run([sys.executable, "-m", "rekenschap_web.tryout.prepare"], env=told, check=True)
    words = ["granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning", "--port", ""]
    words[-1] = address.rpartition(":")[2]
    running = subprocess.Popen(
        [sys.executable, "-m", *words, "rekenschap_web.tryout.wsgi:application"], env=told
    )
    try:
        _wait_for(f"{address}/.well-known/openid-configuration")
        desk_room = room / "desk"
        yield Provider(
            address=address,
            secret=desk_room / "tryout-client-secret",
            word=(desk_room / "tryout-password").read_text(encoding="ascii"),
        )
    finally:
        running.terminate()
        running.wait(20)


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError("the provider did not answer within a minute")


class Browser:
    """Follows links and sends forms, as a browser without JavaScript does; stops where `until` begins."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"

    def get(self, address: str, *, until: str = "") -> requests.Response:
        """Open a page; goes on to where it is sent, but not beyond an address that begins with `until`."""
        return self._follow(self.session.get(address, allow_redirects=False, timeout=30), until)

    def send(self, page: requests.Response, *, until: str = "", **filled: str) -> requests.Response:
        """Fill in the first form of a page that has these fields, and send it."""
        form = next(each for each in forms_of(page.text) if set(filled) <= set(each.fields))
        answer = self.session.post(
            urljoin(page.url, form.action or page.url),
            data={**form.fields, **filled},
            headers={"Referer": page.url},
            allow_redirects=False,
            timeout=30,
        )
        return self._follow(answer, until)

    def _follow(self, answer: requests.Response, until: str) -> requests.Response:
        while answer.is_redirect:
            onward = urljoin(answer.url, answer.headers["Location"])
            if until and onward.startswith(until):
                return answer
            answer = self.session.get(onward, allow_redirects=False, timeout=30)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: where it goes and what stands in it."""

    action: str
    fields: dict[str, str]


def forms_of(text: str) -> list[Form]:
    """Read the forms of a page."""
    return [_form(each) for each in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL)]


def _form(text: str) -> Form:
    action = re.match(r'<form\b[^>]*\baction="([^"]*)"', text)
    fields: dict[str, str] = {}
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
        name, value = re.search(r'\bname="([^"]*)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if name and 'type="submit"' not in tag:
            fields[name[1]] = unescape(value[1]) if value else ""
    return Form(action=unescape(action[1]) if action else "", fields=fields)
