# SPDX-License-Identifier: EUPL-1.2
"""The leak source and the month in a real browser: each ends in facts of the ledger."""

from __future__ import annotations

from collections import Counter

import pytest

from rekenschap.casework.roles import Role
from rekenschap.demo import write_town
from rekenschap_web.accountability.actions import judge_look
from rekenschap_web.acts.models import Act
from rekenschap_web.evidence.reading.months import months
from rekenschap_web.investigations.actions import open_investigation
from tests.web.browser.checks import (
    axe_source,
    faults_of_axe,
    not_reached_by_keyboard,
    refused_by_policy,
    width_on_a_phone,
)

EITHER_WAY = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without JavaScript"]
)


@pytest.fixture(scope="module")
def looked_up(tmp_path_factory):
    """Whom one member of staff of the town looked up without any work for it."""
    town = write_town(tmp_path_factory.mktemp("truth"), seed=1, staff=200, days=90)
    rows = [each for each in town.truth.to_pylist() if each["story"] == "S01"]
    who = Counter(each["staff"] for each in rows).most_common(1)[0][0]
    return list(dict.fromkeys(each["citizen"] for each in rows if each["staff"] == who))


def right(desk, javascript):
    """What the screens are held to, for a page that only a journey reaches.

    The same page with and without scripts: it is looked into where scripts run, for axe-core is one.
    """
    if not javascript:
        return refused_by_policy(desk)
    faults = [*refused_by_policy(desk), *not_reached_by_keyboard(desk)]
    faults += [str(wide)] if (wide := width_on_a_phone(desk)) > 320 else []
    return faults + ([] if axe_source() is None else faults_of_axe(desk))


@EITHER_WAY
def test_five_names_give_one_who_stands_out_beside_the_next(
    town, desk_as, evening, looked_up, javascript, tmp_path
):
    officer = town.people[Role.INTEGRITY_OFFICER]
    opened = open_investigation(finding=town.numbers[0], by=officer, because="een lijst stond in de krant")
    desk = desk_as(Role.INTEGRITY_OFFICER, javascript=javascript)
    desk.open(f"/bron-van-een-lek/?onderzoek={opened.number}").press("Zoek de gemene deler")
    assert desk.question == "Wie is de gemene deler?"  # nothing was filled in yet
    desk.fill("Waarom zoekt u?", "een lijst stond in de krant")
    desk.fill("Vanaf welke dag", "2026-01-01").fill("Tot en met welke dag?", "2026-12-31")
    desk.fill("De gelekte lijst", "\n".join([*looked_up[:3], "K-000007", "K-000011"]))
    desk.press("Zoek de gemene deler")
    assert desk.question.startswith("Wie heeft lijst")
    assert "bekeek 3 van de 5" in desk.answer and "De volgende is" in desk.answer
    assert not [each for each in looked_up if each in desk.text]
    desk.page.screenshot(path=tmp_path / "leak.png", full_page=True)
    number = desk.path.strip("/").rpartition("/")[2]
    facts = evening()
    ours = {each.bytes for each in Act.objects.filter(object=f"leak:{number}").values_list("act", flat=True)}
    verbs = [row["verb"] for row in facts if row["act"] in ours]
    assert {"searched", "consulted", "kept"} <= set(verbs)
    assert right(desk, javascript) == []


@EITHER_WAY
def test_the_fg_makes_a_month_looks_through_its_sample_and_signs(
    town, desk_as, evening, javascript, tmp_path
):
    month, label = months()[-1].name, months()[-1].label
    desk = desk_as(Role.FG, javascript=javascript).open("/verantwoording/")
    desk.press(f"Maak het verslag van {label}")
    assert desk.question == f"Wat valt op in {label}?"
    desk.press("Bekijk de steekproef")
    desk.fill("Waarom wilt u dit zien?", "de steekproef van de maand").page.locator(
        "main form button"
    ).first.click()
    desk.page.wait_for_load_state()
    assert desk.question == f"Kloppen de verklaringen van {label}?"
    assert right(desk, javascript) == []
    desk.press("Kijk de volgende na")
    assert right(desk, javascript) == []
    desk.page.screenshot(path=tmp_path / "judge.png", full_page=True)
    desk.choose("Ja, het werk hoort erbij").press("Leg dit oordeel vast")
    assert desk.question == "Klopt verklaring 2 van 25?"
    for place in range(2, 26):  # the other 24 as the page does it, without the time of a browser
        judge_look(month=month, place=place, answer="right", words="", by=town.people[Role.FG])
    assert desk.open(f"/verantwoording/{month}/steekproef/").says("U keek er 25 van 25 na.")
    desk.open(f"/verantwoording/{month}/").fill("Wat is uw oordeel over deze maand?", "alles was in orde")
    desk.press("Teken af")
    assert desk.says(f"U hebt {label} afgetekend.")
    ours = {
        each.bytes
        for each in Act.objects.filter(object=f"month:{month}", verb="signed").values_list("act", flat=True)
    }
    assert [row["verb"] for row in evening() if row["act"] in ours] == ["signed"]
