# SPDX-License-Identifier: EUPL-1.2
"""What comes in stands at the desk the same hour: what does not wait as work, an answer as what explains."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from rekenschap.audit.deriving.reading import manifest_of
from rekenschap.audit.intake import take_in_files
from rekenschap.casework.roles import Role
from rekenschap.intake import load_profile
from rekenschap_web.acts.bringing.delivering import deliver
from rekenschap_web.acts.bringing.taking import hand_over, hear
from rekenschap_web.evidence import house
from rekenschap_web.findings.following.choosing import Why
from rekenschap_web.findings.models import FindingRecord

pytestmark = pytest.mark.slow


def comes_in(desk, tmp_path: Path, *facts: dict[str, object]) -> None:
    """Take facts in as a source sends them."""
    path = tmp_path / "came.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in facts), encoding="utf-8")
    ledger = house.house().ledger(origin="")
    take_in_files(house.house(), [path], load_profile("native-jsonl"), ledger=ledger, now=timezone.now())


def a_look(**told: object) -> dict[str, object]:
    return {
        "relation": "consultation", "source": "burgerzaken", "looked_at": timezone.now().isoformat(),
        "staff": "mw-9998", "subject": "K-777777", "register": "BRP", "search_key": "name",
    } | told  # fmt: skip


def heard():
    """Do what the worker does every ten seconds."""
    found = hear(house.house())
    house.forget()
    hand_over()
    return found


def test_a_look_at_who_is_threatened_is_work_at_once_and_goes_when_work_explains_it(desk, tmp_path):
    hand_over()
    known = set(FindingRecord.objects.values_list("number", flat=True))
    earlier = (timezone.now() - timedelta(days=3)).isoformat()
    threatened = {
        "relation": "shielding", "source": "burgerzaken", "subject": "K-777777", "kind": "threatened",
        "valid_from": earlier,
    }  # fmt: skip
    comes_in(desk, tmp_path, threatened, a_look())
    found = heard()
    assert (found.is_whole, found.came, found.anew) == (False, 2, 1)
    (record,) = FindingRecord.objects.exclude(number__in=known)
    assert (record.why, record.severity, len(record.looks)) == (Why.URGENT, "high", 1)
    client = desk.of(Role.INTEGRITY_OFFICER)
    shown = client.get(reverse("findings:detail", args=[record.number])).content.decode()
    assert "Dit wacht niet op de weektelling." in shown
    assert "Waarom is deze raadpleging niet verklaard?" in shown
    assert record.number in client.get("/werklijst/").content.decode()

    # Asking again when nothing came writes nothing down: no act makes the next one.
    deliver(house.house())
    heard()
    deliver(house.house())
    assert heard() is None
    size = manifest_of(desk.home).size
    assert heard() is None
    assert manifest_of(desk.home).size == size

    # The zaak comes in late: the finding goes, and says why.
    comes_in(
        desk, tmp_path,
        {"relation": "zaak", "source": "zaken", "zaak": "Z-9999", "subject": "K-777777", "handler": "mw-9998",
         "registered_at": earlier, "zaaktype": "verhuizing"},
    )  # fmt: skip
    assert heard().anew >= 1
    record.refresh_from_db()
    assert (record.is_gone, record.gone_explained, record.gone_unexplained) == (True, 1, 0)


def test_what_left_is_work_without_any_look(desk, tmp_path):
    hand_over()
    known = set(FindingRecord.objects.values_list("number", flat=True))
    comes_in(
        desk, tmp_path,
        {"relation": "disclosure", "source": "uitvoer", "disclosed_at": timezone.now().isoformat(),
         "staff": "mw-9997", "kind": "mail", "destination_kind": "own", "destination": "thuis@thuis.example",
         "subjects": 40},
    )  # fmt: skip
    assert heard().came == 1
    (record,) = FindingRecord.objects.exclude(number__in=known)
    assert (record.why, record.looks) == (Why.URGENT, [])
    client = desk.of(Role.INTEGRITY_OFFICER)
    shown = client.get(reverse("findings:detail", args=[record.number])).content.decode()
    assert "Waarom ging dit naar buiten?" in shown
    assert "gegevens van 40 personen" in shown
    assert "e-mail, een eigen adres" in shown
    assert "Naar buiten gegaan" in client.get("/werklijst/").content.decode()
    asked = client.get(reverse("questions:ask", args=[record.number]))
    assert asked.status_code in (200, 302)


def test_whoever_is_on_the_list_already_keeps_one_finding_with_both_stories(desk, tmp_path):
    hand_over()
    before = FindingRecord.objects.count()
    comes_in(
        desk, tmp_path,
        {"relation": "disclosure", "source": "uitvoer", "disclosed_at": timezone.now().isoformat(),
         "staff": staff_number_of(desk, Role.STAFF), "kind": "mail", "destination_kind": "own",
         "destination": "thuis@thuis.example", "subjects": 40},
    )  # fmt: skip
    record = desk.finding_about(Role.STAFF)
    looks = list(record.looks)
    heard()
    assert FindingRecord.objects.count() == before
    record.refresh_from_db()
    assert record.looks == looks
    found = house.derived().finding(record.key)
    assert len(found.sent) == 1
    assert {"standing", "urgent"} <= set(found.kinds)
    shown = desk.of(Role.INTEGRITY_OFFICER).get(reverse("findings:detail", args=[record.number]))
    assert "Wat ging naar buiten?" in shown.content.decode()


def staff_number_of(desk, role: Role) -> str:
    return desk.people[role].staff_id
