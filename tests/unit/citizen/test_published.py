# SPDX-License-Identifier: EUPL-1.2
"""The register as anybody may read it: what holds, what held, and nothing of what is shielded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rekenschap.citizen import Activity, Published, published_in
from rekenschap.citizen.telling import Telling

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
THEN = datetime(2020, 1, 1, tzinfo=UTC)
FIRST = Activity(
    key="VA-01", name="Reisdocumenten", purpose="documenten afgeven", legal_basis="e", law="Paspoortwet",
    is_shielded=False, valid_from=THEN, people=("inwoners",), categories=("naam", "pasfoto"),
    recipients=("RvIG",), retention_days=4018, retention_law="Paspoortwet art. 65", looks_days=30,
)  # fmt: skip
SECOND = replace(FIRST, edition=2, law="Paspoortwet art. 3", valid_from=NOW - timedelta(days=9))


def test_each_version_stays_to_be_read_and_the_newest_that_holds_comes_first() -> None:
    public = Published.of((SECOND, FIRST), now=NOW)
    assert public.holding(NOW) == (SECOND,)
    assert public.as_of("VA-01", NOW - timedelta(days=10)) == FIRST
    assert (public.edition("VA-01", 1), public.edition("VA-01", 3)) == (FIRST, None)
    assert public.as_of("VA-01", THEN - timedelta(days=1)) is None


def test_what_ended_is_not_on_the_list_but_can_still_be_read() -> None:
    ended = replace(FIRST, valid_until=NOW)
    public = Published.of((ended,), now=NOW)
    assert public.holding(NOW) == ()
    assert public.history["VA-01"] == (ended,)


def test_an_activity_whose_newest_version_is_shielded_is_not_there_at_all() -> None:
    hidden = replace(SECOND, is_shielded=True)
    assert Published.of((FIRST, hidden), now=NOW).history == {}
    opened = replace(FIRST, edition=3, valid_from=NOW - timedelta(days=1))
    assert [each.edition for each in Published.of((FIRST, hidden, opened), now=NOW).history["VA-01"]] == [
        1,
        2,
        3,
    ]


def test_what_holds_only_later_is_not_told_yet() -> None:
    later = replace(SECOND, valid_from=NOW + timedelta(days=1))
    assert Published.of((FIRST, later), now=NOW).history == {"VA-01": (FIRST,)}


def test_it_is_read_as_it_was_told() -> None:
    public = Published.of((FIRST, SECOND), now=NOW)
    assert published_in(json.loads(json.dumps(public.told()))) == public
    with pytest.raises(ValueError, match="an activity"):
        published_in([{"key": "VA-01"}])


def test_no_owner_and_no_measure_is_in_it() -> None:
    (told,) = Published.of((FIRST,), now=NOW).told()
    assert not {"owner", "measures", "source", "staff"} & set(told)


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        ("nl", {"Hoe lang bewaren wij ze?": "11 jaar (Paspoortwet art. 65)",
                "Welke gegevens?": "Naam en pasfoto",
                "Hoe lang bewaren wij wie keek?": "30 dagen", "Namens wie?": "Gemeente Veldhaven"}),
        ("en", {"How long do we keep it?": "11 years (Paspoortwet art. 65)",
                "What for?": "Documenten afgeven",
                "How long do we keep who looked?": "30 days", "Who gets the data?": "RvIG"}),
    ],
)  # fmt: skip
def test_an_activity_is_told_as_questions_and_answers(language: str, rows: dict[str, str]) -> None:
    told = dict(Telling.in_language(language).activity(FIRST, "Gemeente Veldhaven"))
    assert rows.items() <= told.items()
    assert all(told.values()), "what has no answer is not asked"
