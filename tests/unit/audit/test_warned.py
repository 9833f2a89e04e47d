# SPDX-License-Identifier: EUPL-1.2
"""A source whose traffic shows sampling or loss: said once by the service, and shown with its standing."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("opentelemetry.proto")

from rekenschap.audit.frontdoor import contracts
from rekenschap.audit.intake import opened_door
from rekenschap.audit.sources.coverage import standing_in
from rekenschap.cli.standing.telling import as_json_of
from rekenschap.contracts.traffic import MANY, Sign, Traffic
from rekenschap.frontdoor.inbox import Frame, Kind
from rekenschap.frontdoor.senders import DAYS, Senders, warning
from rekenschap.frontdoor.taking import Taker
from rekenschap.house import House
from rekenschap.report.coverage import render_coverage
from tests.unit.contracts.test_records import LDV, spans

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = int((NOW + timedelta(hours=1)).timestamp() * 1_000_000)


class Desk:
    """A house whose worker takes frames in and says what it sees."""

    def __init__(self, root: Path) -> None:
        self.house, self.said = House.at(root), list[str]()
        self.ledger = self.house.ledger(origin="example.nl/ledger")

    def take(
        self, fields: dict[str, object], *, service: str = "desk", systems: tuple[str, ...] = ()
    ) -> None:
        body = spans((LDV, fields), service=service).SerializeToString()
        frame = Frame(kind=Kind.TRACES_PROTOBUF, source="s", systems=systems, received_at=1, body=body)
        with opened_door(self.house) as door, closing(Senders(self.house.sealed_path)) as senders:
            taker = Taker(
                door=door,
                ledger=self.ledger,
                contracts=contracts(),
                clock=lambda: NOW,
                senders=senders,
                said=self.said.append,
            )
            taker.take([frame])


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "house")


@pytest.fixture
def senders(tmp_path):
    with closing(Senders(tmp_path)) as found:
        yield found


@pytest.mark.parametrize(
    ("fields", "sign", "said"),
    [
        ({"trace_state": "ot=th:c"}, "samples", "sampler"),
        ({"dropped_attributes_count": 2}, "drops", "attributes were dropped"),
    ],
)
def test_a_source_that_leaves_something_out_is_shown_and_said_once(desk, fields, sign, said):
    desk.take({})
    assert desk.said == []
    desk.take(fields)
    desk.take(fields)
    (line,) = desk.said
    assert line.startswith("source desk: ") and said in line
    standing = standing_in(desk.house, at=LATER)
    (source,) = standing.sources
    assert (source.name, source.warned) == ("desk", (sign,))
    dutch, english = source.signs[0]
    assert "2 van 3 berichten" in dutch and "2 of 3 records" in english
    assert as_json_of(standing)["sources"][0]["warned"] == [sign]
    assert dutch in render_coverage(standing, language="nl")
    assert english in render_coverage(standing, language="en")


def test_a_source_that_sends_everything_is_not_warned_of(desk):
    desk.take({"flags": 1})
    (source,) = standing_in(desk.house, at=LATER).sources
    assert (source.warned, source.signs, desk.said) == ((), (), [])


def test_what_speaks_for_another_system_or_bears_a_number_of_a_citizen_is_not_counted(desk):
    desk.take({"trace_state": "ot=th:c"}, systems=("counter",))
    desk.take({"trace_state": "ot=th:c"}, service="desk 999990019")
    assert desk.said == []
    with closing(Senders(desk.house.sealed_path)) as senders:
        assert senders.seen(at=NOW) == ()


def test_a_record_that_names_no_system_is_counted_where_its_fact_stands(desk):
    desk.take({"trace_state": "ot=th:c"}, service="")
    (source,) = standing_in(desk.house, at=LATER).sources
    assert source.facts and source.warned == ("samples",)


def test_counts_of_several_days_are_one_and_go_by_themselves(senders):
    half = Traffic(source="desk", records=MANY // 2, flagged=MANY // 2, sampled=MANY // 2)
    assert senders.count([half], at=NOW) == ()
    assert senders.count([half], at=NOW + timedelta(days=1)) == (("desk", Sign.MAY_SAMPLE),)
    assert senders.count([half], at=NOW + timedelta(days=1)) == ()
    assert [each.records for each in senders.seen(at=NOW + timedelta(days=1))] == [MANY * 3 // 2]
    much_later = NOW + timedelta(days=DAYS + 1)
    assert senders.seen(at=much_later) == ()
    assert senders.count([Traffic(source="other", records=1)], at=much_later) == ()
    assert senders.count([half, half], at=much_later) == (("desk", Sign.MAY_SAMPLE),)


def test_counts_are_kept_over_a_restart(tmp_path):
    for expected in ((("desk", Sign.DROPS),), ()):
        with closing(Senders(tmp_path)) as senders:
            assert senders.count([Traffic(source="desk", records=1, dropped=1)], at=NOW) == expected


def test_a_name_that_is_more_than_a_name_is_in_no_line():
    assert warning("desk-1.example", Sign.DROPS).startswith("source desk-1.example: ")
    assert warning("desk\nM. de Vries", Sign.DROPS).startswith("a source: ")
