# SPDX-License-Identifier: EUPL-1.2
"""What the citizen reads: whole in both languages, honest about what is not known, and without a name."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

from rekenschap.citizen import Activity, Answer, Item, Look, Rules, Why, activity_at, answer_of, page_of
from rekenschap.citizen.telling import LANGUAGES, Telling

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EMPTY = Answer(organisation="Gemeente Veldhaven", as_of=NOW, since=date(2025, 11, 20), items=())
LOOK = Look(
    entry=1, reference="abc", at=NOW - timedelta(days=8), known_at=NOW - timedelta(days=7), why=Why.ZAAK,
    about="reisdocument", department="burgerzaken", register="basisregistratie personen",
    fields=("naam", "adres", "geboortedatum"), activity="VA-01",
)  # fmt: skip
ACTIVITY = Activity(
    key="VA-01", name="Bijhouding", purpose="documenten afgeven", legal_basis="e", law="Paspoortwet",
    is_shielded=False, valid_from=datetime(2020, 1, 1, tzinfo=UTC),
)  # fmt: skip
RULES = Rules(now=NOW, register=(ACTIVITY,), departments={"burgerzaken"})


def answer(*looks: Look, rules: Rules = RULES) -> Answer:
    return answer_of(looks, rules, empty=EMPTY)


def test_both_languages_have_the_same_sentences_with_the_same_gaps() -> None:
    nl, en = LANGUAGES["nl"], LANGUAGES["en"]
    assert set(nl) == set(en)
    for key, sentence in nl.items():
        assert sorted(re.findall(r"{\w+}", sentence)) == sorted(re.findall(r"{\w+}", en[key])), key


def test_every_kind_of_work_has_a_sentence() -> None:
    assert all(f"why_{why}" in LANGUAGES["nl"] for why in Why)


def test_a_look_is_told_in_the_order_of_the_page() -> None:
    say, given = Telling.in_language("nl"), answer(LOOK)
    told = say.item(given.items[0], given)
    assert told.heading == "Wij werkten aan uw zaak: reisdocument."
    assert told.moment == "12 november 2026, 13:00"
    assert told.rows(say) == (
        ("Wie keek?", "Burgerzaken"),
        ("Namens wie?", "Gemeente Veldhaven"),
        ("Welke gegevens?", "Naam, adres en geboortedatum"),
        ("Waar stonden die?", "Basisregistratie personen"),
        ("Waarvoor?", "Documenten afgeven"),
        ("Volgens welke wet?", "Paspoortwet. Nodig voor onze publieke taak."),
    )


def test_on_whose_behalf_is_said_by_the_register_as_it_was_then_else_it_is_our_own() -> None:
    say, then = Telling.in_language("nl"), replace(ACTIVITY, on_behalf="Het Rijk", valid_until=NOW)
    later = replace(ACTIVITY, on_behalf="Iemand anders", valid_from=NOW)
    given = answer(LOOK, rules=replace(RULES, register=(then, later)))
    assert ("Namens wie?", "Het Rijk") in say.item(given.items[0], given).rows(say)
    assert Item.of(given.items[0].told()) == given.items[0]
    before = {name: value for name, value in given.items[0].told().items() if name != "on_behalf"}
    assert Item.of(before).on_behalf == "", "what was offered before this was told reads as our own"


def test_what_nothing_explains_is_said_honestly_with_a_date() -> None:
    say, given = Telling.in_language("nl"), answer(replace(LOOK, is_explained=False))
    told = say.item(given.items[0], given)
    assert told.heading == "Wij weten nog niet waarom dit is bekeken. Dit zoeken wij uit."
    assert told.promise == "U krijgt bericht voor 13 december 2026."
    assert ("Wie keek?", "Wij onderzoeken dit") in told.rows(say)
    assert "burgerzaken" not in str(told).lower()


def test_a_promise_that_was_not_kept_is_not_repeated() -> None:
    given = answer(replace(LOOK, is_explained=False, known_at=NOW - timedelta(days=40)))
    assert "niet gelukt" in Telling.in_language("nl").item(given.items[0], given).promise


def test_a_small_department_is_the_organisation() -> None:
    given = answer(LOOK, rules=Rules(now=NOW, register=(ACTIVITY,)))
    assert Telling.in_language("nl").item(given.items[0], given).who == "Gemeente Veldhaven"


def test_the_register_is_asked_as_of_the_look() -> None:
    changed = replace(ACTIVITY, law="Een latere wet", valid_from=NOW - timedelta(days=1))
    rules = Rules(now=NOW, register=(ACTIVITY, changed))
    assert answer(LOOK, rules=rules).items[0].law == "Paspoortwet"
    assert answer(replace(LOOK, at=NOW), rules=rules).items[0].law == "Een latere wet"
    ended = replace(ACTIVITY, valid_until=NOW - timedelta(days=30))
    assert activity_at(Rules(now=NOW, register=(ended,)), "VA-01", LOOK.at) is None


def test_a_look_without_a_basis_says_so() -> None:
    say, given = Telling.in_language("nl"), answer(replace(LOOK, activity=""))
    assert say.item(given.items[0], given).law == "Niet vastgelegd. U mag hierover een vraag stellen."


def test_counts_are_in_the_summary_and_in_the_months() -> None:
    given = answer(LOOK, replace(LOOK, reference="abd", is_explained=False))
    assert Telling.in_language("nl").summary(given) == (
        "Sinds 20 november 2025 bekeken wij uw gegevens 2 keer.",
        "Bij 1 keer weten wij waarom.",
        "1 keer zoeken wij nog uit.",
    )
    months = given.months()
    assert (len(months), months[0].first, months[-1].count) == (13, date(2025, 11, 1), 2)


def test_a_page_that_is_none_gives_the_nearest() -> None:
    given = answer(*(replace(LOOK, reference=f"r{each:02}") for each in range(41)))
    assert [len(page_of(given, number).items) for number in (1, 2, 3)] == [20, 20, 1]
    assert (page_of(given, 0).number, page_of(given, 9).number) == (1, 3)


def test_an_item_is_read_as_it_was_told() -> None:
    given = answer(LOOK, replace(LOOK, reference="abd", is_explained=False))
    assert tuple(Item.of(each.told()) for each in given.items) == given.items


def test_there_is_no_field_in_which_a_member_of_staff_could_stand() -> None:
    words = {field.name for kind in (Look, Item) for field in fields(kind)}
    assert not {word for word in words if re.search("staff|role|person|device|team|name$", word)} - {
        "activity_name"
    }
