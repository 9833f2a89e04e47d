# SPDX-License-Identifier: EUPL-1.2
"""A cause that is settled changes what counts at the next derivation; taken back, it does so again."""

from __future__ import annotations

from django.urls import reverse

from rekenschap.casework.roles import Role
from rekenschap_web.evidence import desk as evidence
from rekenschap_web.evidence import house


def test_a_settled_cause_says_something_of_its_looks_and_never_as_much_as_recorded_work(desk):
    cause = evidence.candidates_by_cause()[0]
    looks = evidence.entries_of_cause(cause.id)
    before = {row["look"]: row for row in house.derived().looks(looks).to_pylist()}
    url = reverse("findings:cause", args=[cause.id])
    said = {"reason": "bron_mist", "words": "De koppeling met afspraken was weg."}
    assert desk.of(Role.INTEGRITY_OFFICER).post(url, said).status_code == 302

    desk.evening()
    settled = {row["look"]: row for row in desk.acts("settled") if row["object_kind"] == "look"}
    assert set(settled) == set(looks)
    assert {row["because"] for row in settled.values()} == {f"bron_mist cause:{cause.id}"}
    after = {row["look"]: row for row in house.derived().looks(looks).to_pylist()}
    assert not any(row["explained"] for row in after.values())
    assert all(row["weak_only"] for row in after.values())
    bare = [look for look, row in before.items() if row["best_ground"] is None]
    assert bare and {after[look]["best_ground"] for look in bare} == {"settled"}

    again = reverse("findings:look_at_cause_again", args=[cause.id])
    answer = {"agrees": "no", "words": "De koppeling werkte die dag gewoon."}
    assert desk.of(Role.SECOND_OFFICER).post(again, answer).status_code == 302
    desk.evening()
    assert {row["look"] for row in desk.acts("unsettled")} == set(looks)
    rows = house.derived().looks(looks).to_pylist()
    assert not any(row["best_ground"] == "settled" for row in rows)
