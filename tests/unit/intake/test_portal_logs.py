# SPDX-License-Identifier: EUPL-1.2
"""Six kinds of log of a portal: what may not be kept passes the door nowhere, and the rest is a fact."""

import json
from pathlib import Path

import pytest

from rekenschap.errors import ConfigurationError
from rekenschap.intake import load_profile, parse_profile, profile_names
from rekenschap.intake.private.quarantine import Which
from rekenschap.intake.profiles import register_entry
from rekenschap.model.relations import PROCESSING_ACTIVITY
from tests.unit.intake.small_house import BSN, SmallHouse

SIX = [name for name in profile_names() if name.startswith("portal-")]
HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "connect-portal-logs.md"
WHOLE = "203.0.113.77"
CLICKS = f"""tijdstip;portaal;handeling;pagina;ip;bezoeker
2026-03-02T09:15:00+01:00;mijn-portaal;klik;/aangifte?van={WHOLE};{WHOLE};geheim-8c1f
gisteren;mijn-portaal;klik;/berichten;{WHOLE};geheim-8c1f
2026-03-02T09:15:02+01:00;mijn-portaal;klik;{WHOLE}
"""


def offered(house: SmallHouse, name: str, text: str, ending: str = "csv"):
    path = house.root / f"{name}.{ending}"
    path.write_text(text, encoding="utf-8")
    report = house.take_in(path, name)
    path.unlink()
    return report


def everything_kept(house: SmallHouse) -> str:
    """Give all facts, all records and all that waits, opened."""
    facts = [str(house.facts(name)) for name in ("processing", "consultation")]
    waits = [row.original.decode() for row in house.door.quarantine.take()]
    records = [str(piece.table.column("record").to_pylist()) for piece in house.door.records.pieces()]
    return "\n".join([*facts, *waits, *records])


def test_clicks_lose_the_last_part_of_the_address_before_anything_is_kept(house: SmallHouse) -> None:
    report = offered(house, "portal-clicks", CLICKS)
    assert (report.rows, report.accepted) == (3, 1)
    assert report.quarantined == {"time-unreadable": 1, "wrong-number-of-columns": 1}
    kept = everything_kept(house)
    assert kept.count("203.0.113.0") == 3
    assert WHOLE not in kept
    assert "geheim" not in kept


def test_an_application_line_with_personal_data_is_refused_and_counted_by_application(
    house: SmallHouse,
) -> None:
    lines = {
        "formulieren": ["wachtrij bijgewerkt van 10.0.0.5 om 09:15:00", f"kan {BSN} niet vinden"],
        "berichten": ["geen antwoord van j.jansen@example.nl", "time-out bij 203.0.113.77", "klaar in 12 ms"],
        "j.jansen@example.nl": ["wat dan ook"],
    }
    told = [
        {
            "tijdstip": "2026-03-02T09:15:00.123456782+01:00",
            "applicatie": name,
            "melding": text,
            "niveau": "INFO",
        }
        for name, texts in lines.items()
        for text in texts
    ]
    report = offered(house, "portal-application", "\n".join(map(json.dumps, told)), "jsonl")
    assert report.accepted == 2
    assert report.quarantined == {"personal-data": 4}
    piles = house.door.quarantine.piles(Which(profile="portal-application"))
    counted = {(pile.origin, pile.reason, pile.column): pile.count for pile in piles}
    assert counted == {
        ("berichten", "personal-data", "melding"): 2,
        ("formulieren", "personal-data", "melding"): 1,
        ("", "personal-data", "applicatie"): 1,
    }
    assert {fact["name"] for fact in house.facts("processing")} == {
        "INFO: wachtrij bijgewerkt van 10.0.0.5 om 09:15:00", "INFO: klaar in 12 ms",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("portal-notification-addresses", "voorbeeld.example"), ("portal-forms", "31200")],
)
def test_an_address_or_the_content_of_a_form_is_kept_nowhere(
    house: SmallHouse, name: str, hidden: str
) -> None:
    text = load_profile(name).example.text
    assert hidden in text
    spoiled = text.replace("2026-03-02T09:15:00+01:00", "gisteren")
    assert offered(house, name, text).accepted == 2
    assert offered(house, name, spoiled).quarantined == {"time-unreadable": 1}
    broken = text + f"2026-03-02T12:00:00+01:00;{hidden}\n"
    assert offered(house, name, broken).quarantined == {"wrong-number-of-columns": 1}
    assert hidden not in everything_kept(house)


@pytest.mark.parametrize("name", ["portal-events", "portal-messages"])
def test_an_address_that_is_needed_stands_in_the_sealed_line_alone(house: SmallHouse, name: str) -> None:
    assert offered(house, name, load_profile(name).example.text, "jsonl").accepted == 2
    assert WHOLE not in str(house.facts("processing")) + str(house.facts("consultation"))
    assert WHOLE in everything_kept(house)
    for path in house.root.rglob("*"):
        assert path.is_dir() or WHOLE.encode() not in path.read_bytes(), path.name


@pytest.mark.parametrize("name", SIX)
def test_each_says_why_it_is_kept_who_reads_it_and_how_long(name: str) -> None:
    profile = load_profile(name)
    told = profile.handling
    assert told is not None
    assert told.days is not None
    assert told.confidentiality in PROCESSING_ACTIVITY["confidentiality"].codes
    for rule in profile.facts:
        (named,) = [each for each in rule.columns if each.target.name == "processing_activity"]
        assert named.value == told.activity
    for language in ("nl", "en"):
        assert told.purpose[language]
        assert told.read_by[language]


def test_the_how_to_has_the_entry_of_each_for_the_register_and_it_can_be_offered(house: SmallHouse) -> None:
    told = HOW_TO.read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    entries = [register_entry(load_profile(name), valid_from="2026-01-01T00:00:00Z") for name in SIX]
    assert [json.loads(line) for line in told.splitlines()] == entries
    assert offered(house, "native-jsonl", told, "jsonl").accepted == len(SIX)
    days = {
        fact["processing_activity"]: fact["retention_period"] for fact in house.facts("processing_activity")
    }
    assert days["portaal-klikgedrag"] == 30
    assert all(days.values())


def test_six_kinds_of_log_and_each_its_own_activity() -> None:
    activities = {load_profile(name).handling.activity for name in SIX}
    assert len(activities) == len(SIX) == 7  # the letter counts Splunk once; its application log is apart


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("addresses: shorten", "addresses: shortn", "did you mean shorten"),
        ("addresses: shorten", "adresses: shorten", "did you mean addresses"),
        ("addresses: shorten", "personal: refused", "did you mean refuse"),
        ("legal_basis: e", "legal_basis: g", "handling.legal_basis"),
        ("days: 30", "days: lang", "handling.days"),
        ('empty: ["-"]', 'empty: ["-"]\nkeep: record', "no keep: record"),
        ("  activity: portaal-klikgedrag\n", "", "handling.activity"),
    ],
)
def test_a_profile_that_is_not_careful_in_a_known_way_is_refused(old: str, new: str, said: str) -> None:
    text = Path(str(_file_of("portal-clicks"))).read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ConfigurationError, match=said):
        parse_profile(text.replace(old, new))


def _file_of(name: str) -> Path:
    from importlib.resources import files

    return Path(str(files("rekenschap.intake.profiles"))) / "portal" / f"{name}.yaml"
