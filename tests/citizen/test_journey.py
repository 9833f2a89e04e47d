# SPDX-License-Identifier: EUPL-1.2
"""From a citizen who wonders, by the desk, to a citizen who reads the answer; with and without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.citizen.conftest import Served
from tests.web.browser import Desk

EITHER_WAY = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without JavaScript"]
)


@EITHER_WAY
def test_a_citizen_asks_and_reads_the_answer(browser_of: Callable[..., Desk], javascript: bool) -> None:
    question = f"Ik was die dag niet bij u ({'met' if javascript else 'zonder'}). Waarom keek u?"
    citizen = browser_of("burger2", javascript=javascript, width=360)
    assert citizen.question == "Wie bekeek mijn gegevens?"
    assert "zoeken wij nog uit" in citizen.answer
    assert citizen.says("Dit zoeken wij uit.") and citizen.says("Wij onderzoeken dit")
    citizen.open("/vraag/") if javascript is False else citizen.page.locator(".citizen-ask a").first.click()
    citizen.fill("Uw vraag", question).press("Verstuur uw vraag")
    assert citizen.path == "/mijn-vragen/" and citizen.says("Wij zoeken het uit.")

    desk = browser_of("fg", at="/vragen-van-inwoners/", javascript=javascript)
    desk.open("/vragen-van-inwoners/")
    desk.page.get_by_role("row", name=question).get_by_role("link").click()
    assert desk.question == "Wat antwoorden wij deze inwoner?" and desk.says(question)
    assert not desk.says("Joop")
    desk.fill("Uw antwoord", "U belde ons die dag; wij zochten uw zaak op.").press("Verstuur het antwoord")
    assert desk.says("Uw antwoord staat klaar voor de inwoner.")

    citizen.open("/mijn-vragen/")
    assert citizen.says("U belde ons die dag; wij zochten uw zaak op.")
    assert not citizen.says("Koster")
    assert not citizen.messages


def test_nobody_else_reads_it(browser_of: Callable[..., Desk]) -> None:
    assert not browser_of("burger").open("/mijn-vragen/").says("Waarom keek u?")


def test_staff_have_no_place_here_and_citizens_none_at_the_desk(
    browser_of: Callable[..., Desk], served: Served
) -> None:
    citizen = browser_of("burger")
    answer = citizen.page.goto(f"{served.desk}/inloggen/organisatie/?next=/")
    assert answer is not None
    assert not citizen.page.url.startswith(served.desk)
    assert citizen.page.locator("option").filter(has_text="Truus").count() == 0


def test_a_level_that_is_too_low_is_refused(browser_of: Callable[..., Desk], served: Served) -> None:
    path = served.home / "desk" / "tryout-citizens.json"
    before = path.read_text(encoding="utf-8")
    told = [each | {"level": "basis"} for each in json.loads(before)]
    path.write_text(json.dumps(told), encoding="utf-8")
    try:
        low = browser_of("burger2")
        assert low.says("U hebt een hogere manier van inloggen nodig")
        assert low.open("/raadplegingen/").says("Wilt u zien wie uw gegevens bekeek?")
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_mandate_lets_somebody_look_along_until_it_is_withdrawn(browser_of: Callable[..., Desk]) -> None:
    giver = browser_of("burger2", javascript=False).open("/machtigingen/")
    giver.fill("Hoe noemt u diegene?", "Mijn dochter").fill("Uw naam, zoals diegene u kent", "Vader")
    giver.press("Maak een code")
    code = giver.page.locator(".citizen-code").inner_text()
    assert not giver.open("/machtigingen/").says(code)
    assert giver.says("Wacht tot de code is ingevuld.")
    giver.fill("Hebt u een code gekregen?", code).press("Gebruik de code")
    assert giver.says("U kunt niet uzelf machtigen.")

    taker = browser_of("burger", javascript=False)
    own = taker.answer
    taker.open("/machtigingen/").fill("Hebt u een code gekregen?", "aaaa-bbbb-cccc").press("Gebruik de code")
    assert taker.says("Deze code klopt niet")
    taker.fill("Hebt u een code gekregen?", code.upper()).press("Gebruik de code")
    assert taker.says("U mag nu meekijken.")
    taker.page.locator("button").filter(has_text="Kijk").first.click()
    taker.page.wait_for_url("**/raadplegingen/")
    assert taker.says("U kijkt voor Vader.")
    assert taker.answer == giver.open("/raadplegingen/").answer != own
    assert taker.page.locator("a[href^='/vraag/']").count() == 0
    assert not taker.open("/mijn-vragen/").says("Ik was die dag niet bij u")

    assert giver.open("/machtigingen/").says("Keek het laatst op")
    giver.page.locator("section[aria-labelledby=gegeven] button").filter(has_text="Stop").first.click()
    giver.page.wait_for_load_state()
    assert giver.says("De machtiging is gestopt.")
    assert taker.open("/raadplegingen/").answer == own
    assert not taker.says("U kijkt voor Vader.")
