# SPDX-License-Identifier: EUPL-1.2
"""The menu: one line, and behind *Meer* the rest; everybody finds there what the role may open."""

import re
from html import unescape

import pytest

from rekenschap.casework.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town_house")]


def menu(client, path="/uitgiften/"):
    shown = unescape(client.get(path).content.decode())
    nav = shown[shown.index('aria-label="Hoofdmenu"') : shown.index("</nav>")]
    first, _, rest = nav.partition("<details")
    return re.findall(r">([A-Z][^<>]+)</a>", first), re.findall(r">([A-Z][^<>]+)</a>", rest), nav


def test_a_long_menu_is_cut_after_six_and_nothing_is_lost(client_as):
    first, rest, nav = menu(client_as(Role.INTEGRITY_OFFICER))
    assert first[0] == "Werklijst" and len(first) == 6
    assert {"Dekking", "Regels", "Register", "Uitgiften", "Mijn raadplegingen"} <= set(rest)
    assert "Meer: Uitgiften" in nav, "the page one is on is named"


def test_a_short_menu_has_nothing_behind_it(client_as):
    first, rest, _ = menu(client_as(Role.STAFF))
    assert rest == [] and first[0] == "Werklijst" and first[-1] == "Mijn raadplegingen"


def test_who_may_lock_accounts_finds_the_people_in_the_menu(client_as):
    first, rest, _ = menu(client_as(Role.OPERATOR))
    assert "Mensen" in [*first, *rest]
    first, rest, _ = menu(client_as(Role.CISO))
    assert "Mensen" not in [*first, *rest]


def test_who_has_nothing_to_do_reads_what_can_be_done(client_as):
    shown = unescape(client_as(Role.OPERATOR).get("/werklijst/").content.decode())
    assert "U bent klaar voor deze week." in shown and "Wat kunt u nu doen?" in shown
    assert "Bekijk wie mag inloggen" in shown
    assert "Bekijk wie mag inloggen" not in client_as(Role.STAFF).get("/werklijst/").content.decode()
