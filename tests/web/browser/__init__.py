# SPDX-License-Identifier: EUPL-1.2
"""The desk in a real browser. `Desk` is how journeys speak of a page: by what stands on it, as people do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from rekenschap.casework.roles import Role
    from rekenschap_web.people.models import Person

WIDE, NARROW = 1100, 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The demo town with its people signed up and its findings taken over; `numbers`, most telling first."""

    url: str
    people: Mapping[Role, Person]
    numbers: tuple[str, ...]

    def number_of(self, severity: str) -> str:
        """Give the first finding of a severity."""
        from rekenschap_web.findings.models import FindingRecord

        return (
            FindingRecord.objects.filter(severity=severity).order_by("pk").values_list("number", flat=True)[0]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen of one role: its name in the manual, and where it is (or how it comes to be there)."""

    name: str
    role: Role | None
    """None: who is not signed in"""
    path: str | Callable[[Town], str]

    def address(self, town: Town) -> str:
        """Give the path, after whatever must be there was made."""
        return self.path if isinstance(self.path, str) else self.path(town)


class Desk:
    """One browser in which one person is signed in."""

    def __init__(self, page: Page, url: str, person: Person | None) -> None:
        self.page, self.url, self.person = page, url, person
        self.messages: list[str] = []
        page.on("console", lambda said: self.messages.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))

    def open(self, path: str) -> Desk:
        """Go to an address of the desk."""
        answer = self.page.goto(self.url + path)
        self.status = answer.status if answer is not None else 0
        return self

    @property
    def path(self) -> str:
        """Where the browser is now."""
        return self.page.url.removeprefix(self.url)

    @property
    def question(self) -> str:
        """The question the page answers."""
        return self.page.locator("h1").inner_text().strip()

    @property
    def answer(self) -> str:
        """The answer in the first block."""
        return self.page.locator(".desk-answer").inner_text()

    @property
    def text(self) -> str:
        """Everything that can be read on the page."""
        return self.page.locator("body").inner_text()

    def says(self, text: str) -> bool:
        """Whether the page says this, however its lines are broken."""
        return " ".join(text.split()) in " ".join(self.text.split())

    def press(self, label: str) -> Desk:
        """Press the button, or follow the link that looks like one, with this label."""
        named = re.compile(rf"^\s*{re.escape(label)}\s*$")
        found = self.page.locator("button, a.utrecht-button, summary").filter(has_text=named).first
        found.click()
        self.page.wait_for_load_state()
        return self

    def follow(self, text: str) -> Desk:
        """Follow the link with this text."""
        self.page.get_by_role("link", name=text).first.click()
        self.page.wait_for_load_state()
        return self

    def fill(self, label: str, text: str) -> Desk:
        """Write into the field with this label."""
        self.page.get_by_label(label).first.fill(text)
        return self

    def choose(self, label: str) -> Desk:
        """Choose the radio button or box with this label."""
        self.page.get_by_label(label).first.check()
        return self

    def select(self, label: str, option: str) -> Desk:
        """Choose from the list with this label."""
        self.page.get_by_label(label).first.select_option(label=option)
        return self

    def refusal(self, label: str) -> str:
        """Why the button with this label cannot be pressed; empty when it can."""
        found = self.page.locator("button[aria-disabled=true]").filter(has_text=label)
        if not found.count():
            return ""
        described = found.first.get_attribute("aria-describedby") or ""
        return self.page.locator(f"#{described}").inner_text()
