# SPDX-License-Identifier: EUPL-1.2
"""Every page of the citizen: right for axe-core, a keyboard, a phone, the policy, and in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.citizen.conftest import Served
from tests.web.browser import Desk
from tests.web.browser.checks import (
    axe_source,
    faults_of_axe,
    not_reached_by_keyboard,
    refused_by_policy,
    width_on_a_phone,
)
from tests.web.browser.pictures import small

PICTURES = os.environ.get("REKENSCHAP_PICTURES", "")
SCREENS = {
    "burger-overzicht": "/raadplegingen/",
    "burger-vraag": "/vraag/",
    "burger-vragen": "/mijn-vragen/",
    "burger-machtigingen": "/machtigingen/",
    "burger-uitleg": "/uitleg/",
    "burger-brief": "/brief/",
    "burger-register": "/register/",
    "burger-werk": "/register/VA-01/",
}
BEHIND = [
    "/raadplegingen/", "/vraag/", "/vraag/abcdefghjkmn/", "/mijn-vragen/", "/machtigingen/", "/brief/",
    "/meenemen/pdf/", "/meenemen/excel/", "/meenemen/json/",
]  # fmt: skip


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest) -> tuple[str, str]:
    """One page after another."""
    return request.param, SCREENS[request.param]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_is_right_for_everybody(
    screen: tuple[str, str], language: str, browser_of: Callable[..., Desk], tmp_path: Path
) -> None:
    browser = browser_of("burger2", language=language).open(screen[1])
    assert browser.status == 200
    assert browser.page.locator("html").get_attribute("lang") == language
    picture = browser.page.screenshot(full_page=True)
    if language == "nl":
        (Path(PICTURES or tmp_path) / f"{screen[0]}.png").write_bytes(small(picture) if PICTURES else picture)
    faults = {
        "policy": refused_by_policy(browser),
        "phone": [str(wide)] if (wide := width_on_a_phone(browser)) > 320 else [],
        "keyboard": not_reached_by_keyboard(browser),
    }
    assert faults == {"policy": [], "phone": [], "keyboard": []}
    if axe_source() is not None:
        assert _found_by_axe(browser) == []


def _found_by_axe(browser: Desk) -> list[str]:
    """The page runs no script, not even a checker's: that is put in beside the policy."""
    return faults_of_axe(browser)


@pytest.mark.parametrize("path", BEHIND)
def test_without_a_session_a_page_leads_to_the_sign_in(path: str, served: Served) -> None:
    answer = requests.get(served.citizen + path, allow_redirects=False, timeout=60)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_browser_is_told_to_run_nothing_and_keep_nothing(served: Served) -> None:
    answer = requests.get(served.citizen + "/", timeout=60)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in answer.text
    assert " style=" not in answer.text


def test_what_is_withheld_and_what_never_was_are_the_same_page(browser_of: Callable[..., Desk]) -> None:
    browser = browser_of("burger2")
    for path in ("/vraag/abcdefghjkmnpqrstvwxyzabcdefg/", "/vraag/..%2F..%2Fdesk/", "/meenemen/word/"):
        assert browser.open(path).status == 404
        assert browser.says("Deze pagina is er niet")


def test_everything_can_be_taken_along(browser_of: Callable[..., Desk], served: Served) -> None:
    browser = browser_of("burger2")
    kinds = {"pdf": b"%PDF-", "excel": b"PK", "json": b"{"}
    for name, begin in kinds.items():
        answer = browser.page.context.request.get(f"{served.citizen}/meenemen/{name}/")
        assert answer.status == 200
        assert answer.body().startswith(begin)
        assert "attachment" in answer.headers["content-disposition"]


def test_a_question_with_a_citizen_service_number_is_not_kept(
    browser_of: Callable[..., Desk], served: Served
) -> None:
    browser = browser_of("burger", javascript=False).open("/vraag/")
    browser.fill("Uw vraag", "Mijn nummer is 999 990 019.").press("Verstuur uw vraag")
    assert browser.says("Laat het burgerservicenummer weg.")
    assert not list((served.place / "asked").glob("*999*"))
    assert not browser.open("/mijn-vragen/").says("999 990 019")


def test_from_a_look_one_reads_what_the_register_said_then(browser_of: Callable[..., Desk]) -> None:
    browser = browser_of("burger2")
    browser.page.locator("a[href^='/register/']").filter(has_text="Meer over dit werk").first.click()
    browser.page.wait_for_load_state()
    assert browser.path.startswith("/register/")
    assert browser.says("Voor dit werk mogen wij in gegevens kijken.")


def test_the_register_is_public(served: Served) -> None:
    for path in ("/register/", "/register/VA-01/"):
        answer = requests.get(served.citizen + path, allow_redirects=False, timeout=60)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers or "citizen=" not in answer.headers["Set-Cookie"]
