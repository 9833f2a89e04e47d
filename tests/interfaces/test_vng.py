# SPDX-License-Identifier: EUPL-1.2
"""VNG Verwerkingenlogging 0.9.0, both interfaces: rights, parameters, and the fields they may not have."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.interfaces.conftest import CHAIN, PORTAL
from tests.interfaces.service import Got, Readers
from tests.interfaces.town import LIFTED, ME, NOW, SOUGHT, STAFF, STRANGER, TRACES

ACTS, OBJECTS = "/bewerking/api/v1/verwerkingsacties", "/inzage/api/v1/verwerkte-objecten"
PLAIN = {"objecttype": "persoon", "soortObjectId": "klantnummer", "objectId": ME}
DAYS = {"beginDatum": "2020-01-01", "eindDatum": "2999-01-01"}
NORMAL = {"vertrouwelijkheid": "normaal"}
FAULT = {"code", "title", "status", "detail", "instance"}


def acts(readers: Readers, **told: str) -> Got:
    return readers.ask(f"{ACTS}?{urlencode({**PLAIN, **NORMAL, **told})}", client=PORTAL)


def objects(readers: Readers, **told: str) -> Got:
    return readers.ask(f"{OBJECTS}?{urlencode({**PLAIN, **DAYS, **told})}", client=PORTAL)


def test_the_actions_of_a_person_without_who_looked(readers: Readers):
    told = acts(readers).told
    assert (told["count"], told["next"], told["previous"]) == (2, None, None)
    act = told["results"][1]
    assert act["verwerkingId"].replace("-", "") == TRACES["plain"]
    assert (act["verwerkingsactiviteitId"], act["vertrouwelijkheid"]) == (LIFTED, "normaal")
    assert (act["systeem"], act["actieNaam"]) == ("balie", "gegevens tonen")
    (who,) = act["verwerkteObjecten"]
    assert (who["objecttype"], who["soortObjectId"], who["objectId"]) == ("persoon", "klantnummer", ME)
    assert who["verwerkteSoortenGegevens"] == [{"soortGegeven": "naam"}, {"soortGegeven": "adres"}]
    assert "gebruiker" not in act
    assert STAFF not in json.dumps(told)


def test_one_action_is_found_by_its_name_and_names_the_person_otherwise(readers: Readers):
    first = acts(readers).told["results"][0]
    one = readers.ask(f"{ACTS}/{first['actieId']}", client=PORTAL).told
    (who,), (before,) = one.pop("verwerkteObjecten"), first.pop("verwerkteObjecten")
    assert one == first
    assert (who["verwerktObjectId"], ME in who["objectId"]) == (before["verwerktObjectId"], False)
    assert len(who["objectId"]) <= 40


@pytest.mark.parametrize("name", ["1b4e28ba-2fa1-41d2-883f-0016d3cca427", "x", "..%2fetc"])
def test_an_action_that_is_none_is_a_404(readers: Readers, name: str):
    for path in (ACTS, OBJECTS):
        got = readers.ask(f"{path}/{name}", client=PORTAL)
        assert got.status == 404
        assert set(got.told) >= FAULT


def test_read_normal_must_ask_for_what_is_normal(readers: Readers):
    for level in ("", "vertrouwelijk", "opgeheven"):
        query = urlencode({**PLAIN, **({"vertrouwelijkheid": level} if level else {})})
        assert readers.ask(f"{ACTS}?{query}", client=PORTAL).status == 403
    assert acts(readers, vertrouwelijkheid="geheim").status == 400


def test_days_bound_both_lists(readers: Readers):
    begin = str((NOW - timedelta(days=12)).date())
    assert acts(readers, beginDatum=begin).told["count"] == 1
    assert acts(readers, eindDatum=begin).told["count"] == 1
    assert objects(readers, beginDatum=begin).told["count"] == 1
    assert objects(readers, eindDatum=begin).told["count"] == 0


def test_an_activity_bounds_both_lists(readers: Readers):
    other = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
    for asks in (acts, objects):
        assert asks(readers, verwerkingsactiviteitId=LIFTED.upper()).told["count"] == 1
        assert asks(readers, verwerkingsactiviteitId=other).told["count"] == 0


def test_a_portal_gets_no_system_no_source_and_no_member_of_staff(readers: Readers):
    (one,) = objects(readers).told["results"]
    act = one["verwerkingsactie"]
    assert not {"systeem", "gebruiker", "gegevensbron"} & set(act)
    assert act["actieNaam"] == "Wij werkten aan uw zaak: reisdocument."
    assert (act["verwerkingsactiviteitId"], act["uitvoerder"]) == (LIFTED, "00000001001234567000")
    again = readers.ask(f"{OBJECTS}/{one['verwerktObjectId']}", client=PORTAL).told
    assert again["verwerkingsactie"]["actieId"] == act["actieId"]
    assert ME not in json.dumps(again)


def test_what_is_withheld_looks_like_nothing(readers: Readers):
    assert objects(readers, objectId=SOUGHT).told == objects(readers, objectId=STRANGER).told
    days = {"beginDatum": str((NOW - timedelta(days=50)).date())}
    assert acts(readers, objectId=SOUGHT, **days).told == acts(readers, objectId=STRANGER).told


@pytest.mark.parametrize("missing", ["objecttype", "soortObjectId", "objectId", "beginDatum", "eindDatum"])
def test_every_parameter_of_a_portal_is_required(readers: Readers, missing: str):
    query = urlencode({name: value for name, value in {**PLAIN, **DAYS}.items() if name != missing})
    got = readers.ask(f"{OBJECTS}?{query}", client=PORTAL)
    assert (got.status, got.headers["content-type"]) == (400, "application/problem+json")
    assert FAULT | {"invalidParams"} <= set(got.told)
    assert [each["name"] for each in got.told["invalidParams"]] == [missing]


@pytest.mark.parametrize(
    ("name", "value"),
    [("objecttype", "zaak"), ("objectId", "x" * 41), ("soortObjectId", "x" * 243), ("beginDatum", "1-1-2020"),
     ("eindDatum", "2020-02-30"), ("verwerkingsactiviteitId", "x")],
)  # fmt: skip
def test_a_parameter_that_does_not_fit_is_named(readers: Readers, name: str, value: str):
    for got in (acts(readers, **{name: value}), objects(readers, **{name: value})):
        assert (got.status, [each["name"] for each in got.told["invalidParams"]]) == (400, [name])


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ACTS), ("PATCH", ACTS), ("PUT", f"{ACTS}/x"), ("DELETE", f"{ACTS}/x")],
)
def test_nothing_is_written_by_this_way(readers: Readers, method: str, path: str):
    got = readers.ask(path, {}, client=PORTAL, method=method)
    assert (got.status, set(got.told) >= FAULT) == (501, True)


def test_a_client_of_another_interface_is_a_stranger(readers: Readers):
    for path in (ACTS, OBJECTS):
        assert readers.ask(f"{path}?{urlencode(PLAIN)}", client=CHAIN).status == 401
