# SPDX-License-Identifier: EUPL-1.2
"""In columns the same is judged as look by look, and no line of what is withheld is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.audit.readers.judged import NEAR, Judge, kept, withheld_of
from rekenschap.citizen import Activity, Look, Rules, Spell, Why, Withholding, is_withheld

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FROM = datetime(2020, 1, 1, tzinfo=UTC)
ENDS = NOW + timedelta(days=9)


def activity(key: str, *, is_shielded: bool, since: datetime = FROM) -> Activity:
    return Activity(
        key=key, name=key, purpose="", legal_basis="e", law="", is_shielded=is_shielded, valid_from=since
    )


REGISTER = (
    activity("open", is_shielded=False), activity("shut", is_shielded=True),
    activity("shut", is_shielded=False, since=ENDS), activity("was", is_shielded=True),
    activity("was", is_shielded=False, since=NOW - timedelta(days=50)),
)  # fmt: skip
INVESTIGATED = {3: (Spell(since=NOW - timedelta(days=90), until=ENDS),)}
TRACES = [None, *(bytes([each]) * 16 for each in range(1, 5))]
registers = st.sampled_from(["brp", "rekenschap-desk"])
LOOKS = pa.schema([
    ("look", pa.int64()), ("subject", pa.int64()), ("looked_at", pa.int64()), ("register", pa.string()),
    ("activity", pa.string()), ("explained", pa.bool_()), ("trace_id", pa.binary(16)),
])  # fmt: skip
LINES = pa.schema([
    ("subject", pa.int64()), ("trace_id", pa.binary(16)), ("processing_activity", pa.string()),
    ("processed_at", pa.int64()), ("system", pa.string()), ("entry", pa.int64()),
])  # fmt: skip
minutes = st.integers(0, 60 * 24 * 400).map(
    lambda each: int((NOW - timedelta(minutes=each)).timestamp()) * 1_000_000
)
activities = st.sampled_from(["open", "shut", "was", "unknown", ""])
looks_at = st.lists(
    st.fixed_dictionaries({
        "subject": st.integers(1, 4), "looked_at": minutes, "register": registers, "activity": activities,
        "explained": st.booleans(), "trace_id": st.sampled_from(TRACES),
    }),
    max_size=12,
)  # fmt: skip
lines_of = st.lists(
    st.fixed_dictionaries({
        "subject": st.sampled_from([None, 1, 2, 3, 4]), "trace_id": st.sampled_from(TRACES),
        "processing_activity": st.one_of(st.none(), activities), "processed_at": minutes, "system": registers,
    }),
    max_size=12,
)  # fmt: skip


def judge(now: datetime) -> Judge:
    decided = [Withholding(entry=each, ground="x", spell=Spell(since=FROM, until=ENDS)) for each in (2, 5)]
    return Judge(rules=Rules(now=now, register=REGISTER, withheld=decided), investigated=INVESTIGATED)


def one_by_one(row: dict, entry: int, now: datetime) -> bool:
    at = datetime.fromtimestamp(row["looked_at"] / 1_000_000, tz=UTC)
    look = Look(
        entry=entry, reference="", at=at, known_at=at, why=Why.WORK, register=row["register"],
        activity=row["activity"], is_explained=row["explained"],
        is_of_desk=row["register"] == "rekenschap-desk",
    )  # fmt: skip
    return is_withheld(look, judge(now).rules, INVESTIGATED.get(row["subject"], ()))


@settings(max_examples=200, deadline=None)
@given(looks_at, lines_of)
def test_columns_say_the_same_as_one_by_one_and_nothing_of_it_is_left(looks: list[dict], lines: list[dict]):
    for now in (NOW, ENDS + timedelta(hours=1)):
        rows = pa.Table.from_pylist([{**row, "look": at} for at, row in enumerate(looks)], schema=LOOKS)
        hidden = [one_by_one(row, at, now) for at, row in enumerate(looks)]
        assert withheld_of(rows, judge(now)).tolist() == hidden
        told = pa.Table.from_pylist([{**row, "entry": at} for at, row in enumerate(lines)], schema=LINES)
        left = kept(told, rows, judge(now)).to_pylist()
        traces = {row["trace_id"] for row, is_out in zip(looks, hidden, strict=True) if is_out} - {None}
        for each in left:
            assert each["trace_id"] not in traces
            assert each["processing_activity"] != "shut" or now > ENDS
            for row, is_out in zip(looks, hidden, strict=True):
                same = is_out and row["subject"] == each["subject"]
                assert not same or abs(row["looked_at"] - each["processed_at"]) > NEAR


def test_what_nothing_withholds_is_all_there():
    lines = [
        {
            "subject": 1,
            "trace_id": TRACES[1],
            "processing_activity": "open",
            "processed_at": 1,
            "system": "brp",
        },
        {"subject": None, "trace_id": None, "processing_activity": None, "processed_at": 2, "system": "brp"},
    ]
    table = pa.Table.from_pylist([{**row, "entry": at} for at, row in enumerate(lines)], schema=LINES)
    assert kept(table, LOOKS.empty_table(), judge(NOW)).num_rows == 2


def test_a_line_of_a_withheld_trace_goes_even_when_it_is_about_nobody():
    at = int(NOW.timestamp()) * 1_000_000
    lines = [
        {
            "subject": 1,
            "trace_id": TRACES[1],
            "processing_activity": "shut",
            "processed_at": at,
            "system": "brp",
        },
        {
            "subject": None,
            "trace_id": TRACES[1],
            "processing_activity": "",
            "processed_at": at,
            "system": "brp",
        },
        {
            "subject": 1,
            "trace_id": TRACES[2],
            "processing_activity": "open",
            "processed_at": at,
            "system": "x",
        },
    ]
    table = pa.Table.from_pylist([{**row, "entry": n} for n, row in enumerate(lines)], schema=LINES)
    assert kept(table, LOOKS.empty_table(), judge(NOW)).column("entry").to_pylist() == [2]
