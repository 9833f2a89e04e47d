# SPDX-License-Identifier: EUPL-1.2
"""A withheld look leaves no trace: not in the answer, a count, a page or a file, until its ground lapses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.citizen import (
    Activity,
    Answer,
    Look,
    Rules,
    Spell,
    Why,
    Withholding,
    answer_of,
    is_withheld,
    page_of,
)
from rekenschap.citizen.telling import Telling
from rekenschap_citizen.formats import FORMATS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LAPSES = NOW + timedelta(days=10)
OPEN_FROM = datetime(2020, 1, 1, tzinfo=UTC)
EMPTY = Answer(organisation="Veldhaven", as_of=NOW, since=(NOW - timedelta(days=365)).date(), items=())
REGISTER = (
    Activity(key="A", name="Bijhouding", purpose="bijhouden", legal_basis="e", law="Wet BRP",
             is_shielded=False, valid_from=OPEN_FROM),
    Activity(key="S", name="Opsporing", purpose="opsporen", legal_basis="e", law="Wpg",
             is_shielded=True, valid_from=OPEN_FROM),
    Activity(key="S", name="Opsporing", purpose="opsporen", legal_basis="e", law="Wpg",
             is_shielded=False, valid_from=LAPSES),
)  # fmt: skip
INVESTIGATED = (Spell(since=NOW - timedelta(days=90), until=LAPSES),)
GROUNDS = ("decision", "activity", "investigated", "own")


@st.composite
def looks(draw: st.DrawFn) -> tuple[Look, str]:
    """A look, and the ground on which it is withheld; empty when it is shown."""
    ground = draw(st.sampled_from(("", "", *GROUNDS)))
    at = NOW - timedelta(minutes=draw(st.integers(0, 60 * 24 * 300)))
    if ground == "investigated":
        at = NOW - timedelta(minutes=draw(st.integers(0, 60 * 24 * 89)))
    if ground == "own":
        at = LAPSES - timedelta(days=365) + timedelta(minutes=draw(st.integers(-14_000, 0)))
    # what is shown while an investigation runs is explained, or from before it
    explained = ground not in ("investigated",) and (
        ground != "" or at >= INVESTIGATED[0].since or draw(st.booleans())
    )
    look = Look(
        entry=draw(st.integers(1, 2**40)),
        reference="".join(draw(st.lists(st.sampled_from("abcdefghjk"), min_size=12, max_size=12))),
        at=at,
        known_at=at + timedelta(days=1),
        why=draw(st.sampled_from([each for each in Why if each is not Why.UNKNOWN])),
        about=draw(st.sampled_from(["", "reisdocument", "bijstand"])),
        department=draw(st.sampled_from(["burgerzaken", "klein", ""])),
        register="basisregistratie personen",
        fields=("naam", "adres"),
        activity="S" if ground == "activity" else draw(st.sampled_from(["A", "", "onbekend"])),
        is_explained=explained,
        is_of_desk=ground == "own",
    )
    return look, ground


histories = st.lists(
    looks(), max_size=45, unique_by=(lambda each: each[0].entry, lambda each: each[0].reference)
)


def rules_of(history: list[tuple[Look, str]], now: datetime) -> Rules:
    withheld = [
        Withholding(entry=look.entry, ground="onderzoek", spell=Spell(since=OPEN_FROM, until=LAPSES))
        for look, ground in history
        if ground == "decision"
    ]
    return Rules(now=now, register=REGISTER, withheld=withheld, departments={"burgerzaken"})


def answer_at(history: list[tuple[Look, str]], kept: list[Look], now: datetime) -> Answer:
    return answer_of(kept, rules_of(history, now), empty=replace(EMPTY), investigated=INVESTIGATED)


@settings(max_examples=150, deadline=None)
@given(histories)
def test_with_and_without_withheld_looks_the_answer_is_the_same(history: list[tuple[Look, str]]) -> None:
    everything, shown = [look for look, _ in history], [look for look, ground in history if not ground]
    with_them, without = answer_at(history, everything, NOW), answer_at(history, shown, NOW)
    assert with_them == without
    assert with_them.months() == without.months()
    for language in ("nl", "en"):
        say = Telling.in_language(language)
        assert say.summary(with_them) == say.summary(without)
    for number in range(1, 5):
        assert page_of(with_them, number) == page_of(without, number)


@settings(max_examples=15, deadline=None)
@given(histories)
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_file_is_the_same_byte_for_byte(name: str, history: list[tuple[Look, str]]) -> None:
    if name == "pdf":
        pytest.importorskip("typst", reason="PDF needs typst")
    everything, shown = [look for look, _ in history], [look for look, ground in history if not ground]
    with_them, without = answer_at(history, everything, NOW), answer_at(history, shown, NOW)
    for language in ("nl", "en"):
        say = Telling.in_language(language)
        assert FORMATS[name].write(with_them, say) == FORMATS[name].write(without, say)


@settings(max_examples=100, deadline=None)
@given(histories)
def test_when_the_ground_lapses_the_look_is_shown_by_itself(history: list[tuple[Look, str]]) -> None:
    everything = [look for look, _ in history]
    before, after = answer_at(history, everything, NOW), answer_at(history, everything, LAPSES)
    hidden = {look.reference for look, ground in history if ground}
    assert {each.reference for each in after.items} == {each.reference for each in everything}
    assert {each.reference for each in after.items} - {each.reference for each in before.items} == hidden


@given(looks())
def test_what_is_withheld_cannot_be_asked_about(drawn: tuple[Look, str]) -> None:
    look, ground = drawn
    assert is_withheld(look, rules_of([drawn], NOW), INVESTIGATED) == bool(ground)
    assert (answer_at([drawn], [look], NOW).item(look.reference) is None) == bool(ground)
