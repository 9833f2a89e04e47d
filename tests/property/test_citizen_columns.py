# SPDX-License-Identifier: EUPL-1.2
"""Looks judged in columns say what the rule says of each, byte for byte; what is withheld is in no file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.audit.citizens import Names, offer
from rekenschap.audit.citizens.judging import Judging, judge
from rekenschap.audit.citizens.offering import withhold
from rekenschap.audit.deriving.buckets import write_buckets
from rekenschap.audit.deriving.for_citizens import DESK, FILE, FOLDER, ForCitizens, Investigated
from rekenschap.citizen import Activity, Answer, Look, Rules, Spell, Why, Withholding, answer_of

Row = dict[str, object]

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LAPSES = NOW + timedelta(days=20)
SINCE = (NOW - timedelta(days=365)).date().replace(day=1)
KEY = b"k" * 32
SUBJECTS = (64, 128, -64, 2**62, 4_700_000_000_000_000_001)
TURNS = [NOW - timedelta(days=days) for days in (30, 40, 100, 200, 250, 300, 365)]
"""Moments at which a rule begins or ends: those are where one may be off by one."""
MOMENTS = st.one_of(
    st.integers(0, 400 * 86_400).map(lambda seconds: NOW - timedelta(seconds=seconds)), st.sampled_from(TURNS)
)
EXACT = st.sampled_from([0, 0, 1, 120_000, 999_999])


def version(key: str, begins: datetime, ends: datetime | None = None, **more: object) -> Activity:
    plain: Row = {
        "name": f"Naam van {key}", "purpose": "bijhouden wie u bent", "legal_basis": "e", "law": "Wet BRP",
        "is_shielded": False,
    }  # fmt: skip
    return Activity(key=key, valid_from=begins, valid_until=ends, **(plain | more))  # type: ignore[arg-type]


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


REGISTER = (
    version("A", ago(900), ago(200)),
    version("A", ago(200), law='Wet "BRP" 2 — nieuw', purpose="é", on_behalf='het "Rijk"'),
    version("A", ago(200), law="die van hetzelfde moment telt niet"),
    version("gat", ago(300), ago(250)),
    version("dicht", ago(900), is_shielded=True),
    version("was dicht", ago(900), is_shielded=True),
    version("was dicht", ago(30)),
    version("gaat open", ago(900), is_shielded=True),
    version("gaat open", LAPSES),
    version("gaat dicht", ago(900)),
    version("gaat dicht", ago(40), is_shielded=True),
    version("later", LAPSES, is_shielded=True),
)
KEYS = sorted({each.key for each in REGISTER})


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Looks at some people, in the columns of a derivation."""
    entries = draw(st.lists(st.integers(1, 2**40), max_size=30, unique=True))
    return [_row(draw, entry) for entry in entries]


def _row(draw: st.DrawFn, entry: int) -> Row:
    explained = draw(st.booleans())
    at = draw(MOMENTS).replace(microsecond=draw(EXACT))
    return {
        "subject": draw(st.sampled_from(SUBJECTS)),
        "look": entry,
        "looked_at": _number(at),
        "known_at": draw(st.one_of(st.none(), MOMENTS.map(_number))),
        "register": draw(st.sampled_from(["brp", 'suw"i', DESK])),
        "fields": draw(st.sampled_from(["", "naam", "naam, adres,,geboorte\\plaats", " é , "])),
        "team": draw(st.sampled_from(["burgerzaken", "klein", ""])),
        "activity": draw(st.sampled_from(["", "onbekend", *KEYS])),
        "why": str(draw(st.sampled_from(list(Why)))),
        "about": draw(st.sampled_from(["", "reisdocument", "verhuizing\tnaar 'é'"])),
        "explained": explained,
    }


def _number(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


spells = st.builds(
    Spell,
    since=st.sampled_from([ago(300), ago(100), NOW, NOW + timedelta(days=1)]),
    until=st.sampled_from([None, ago(50), NOW, LAPSES]),
)


def table_of(told: list[Row]) -> pa.Table:
    """Put looks in the order and the types of a derivation."""
    numbers = {name: pa.int64() for name in ("subject", "look", "looked_at", "known_at")}
    names = (
        "subject",
        "look",
        "looked_at",
        "known_at",
        "register",
        "fields",
        "team",
        "activity",
        "why",
        "about",
    )
    schema = pa.schema(
        [(name, numbers.get(name, pa.string())) for name in names] + [("explained", pa.bool_())]
    )
    return pa.Table.from_pylist(told, schema=schema).sort_by(
        [("subject", "ascending"), ("looked_at", "ascending")]
    )


def by_the_rule(table: pa.Table, judging: Judging) -> bytes:
    """Ask the rule of each citizen by itself, and write down what it says."""
    empty = Answer(organisation="", as_of=NOW, since=judging.since, items=())
    lines = []
    for subject, mine in groupby(table.to_pylist(), key=lambda row: row["subject"]):
        answer = answer_of(
            [_look(row, judging.names) for row in mine], judging.rules, empty=empty,
            investigated=judging.investigated.get(subject, ()),
        )  # fmt: skip
        if answer.items:
            told = json.dumps([each.told() for each in answer.items], ensure_ascii=False)
            lines.append(f"{judging.names.drawer(subject)}\t{told}\n".encode())
    return b"".join(sorted(lines))


def _look(row: Mapping[str, object], names: Names) -> Look:
    entry, at, known = row["look"], row["looked_at"], row["known_at"]
    assert isinstance(entry, int)
    assert isinstance(at, int)
    return Look(
        entry=entry, reference=names.reference(entry), at=_moment(at),
        known_at=_moment(known if isinstance(known, int) else at), why=Why(str(row["why"])),
        register=str(row["register"]), about=str(row["about"]), department=str(row["team"]),
        fields=tuple(each.strip() for each in str(row["fields"]).split(",") if each.strip()),
        activity=str(row["activity"]), is_explained=bool(row["explained"]),
        is_of_desk=row["register"] == DESK,
    )  # fmt: skip


def _moment(number: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)


@settings(max_examples=120, deadline=None)
@given(rows(), st.data())
def test_in_columns_the_same_is_said_as_of_each_look_by_itself(told: list[Row], data: st.DataObject) -> None:
    entries = [each["look"] for each in told]
    decided = data.draw(st.lists(st.tuples(st.sampled_from(entries or [1]), spells), max_size=4))
    investigated = data.draw(st.dictionaries(st.sampled_from(SUBJECTS), st.lists(spells, max_size=2)))
    judging = Judging(
        names=Names(key=KEY),
        rules=Rules(
            now=NOW, register=REGISTER, departments={"burgerzaken"},
            withheld=[Withholding(entry=entry, ground="uavg_41", spell=spell) for entry, spell in decided],
        ),
        since=SINCE,
        investigated={subject: tuple(those) for subject, those in investigated.items()},
    )  # fmt: skip
    table = table_of(told)
    found = judge(table, judging)
    assert found.lines == by_the_rule(table, judging)
    assert found.citizens == found.lines.count(b"\n")
    assert found.looks == found.lines.count(b'"reference": ')


@settings(max_examples=10, deadline=None)
@given(rows(), st.data())
def test_no_file_tells_whether_something_was_withheld(told: list[Row], data: st.DataObject) -> None:
    """All that the page ever reads is the same, to the last byte, so all it does with it takes the same."""
    ground = data.draw(st.sampled_from(["decision", "activity", "investigated", "own"]))
    hidden = [data.draw(st.booleans()) for _ in told]
    shown = [_shown(row) for row, is_hidden in zip(told, hidden, strict=True) if not is_hidden]
    secret = [_hidden(row, ground) for row, is_hidden in zip(told, hidden, strict=True) if is_hidden]
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        with_them, without = Path(one), Path(other)
        _derived(with_them, [*shown, *secret], decided=secret if ground == "decision" else [])
        _derived(without, shown, decided=[])
        assert offer(with_them, now=NOW) == offer(without, now=NOW)
        assert _offered(with_them) == _offered(without)
        if secret:
            after = offer(with_them, now=LAPSES + timedelta(days=1))
            assert after is not None
            assert after.looks == len(shown) + len(secret)


def _shown(row: Row) -> Row:
    """Make a look one that nothing withholds, and that is still of the period when the grounds lapse."""
    return row | {"register": "brp", "activity": "A", "explained": True, "looked_at": _recent(row)}


def _hidden(row: Row, ground: str) -> Row:
    row = _shown(row)
    match ground:
        case "activity":
            return row | {"activity": "gaat open"}
        case "investigated":
            return row | {"explained": False}
        case "own":
            a_year_before = int((LAPSES - timedelta(days=365)).timestamp()) * 1_000_000
            return row | {"register": DESK, "looked_at": a_year_before}
    return row


def _recent(row: Row) -> int:
    at = row["looked_at"]
    assert isinstance(at, int)
    return max(at, _number(ago(300)))


def _derived(home: Path, told: list[Row], *, decided: list[Row]) -> None:
    folder = home / "derived" / "9-1"
    folder.mkdir(parents=True)
    write_buckets(table_of(told), folder / FOLDER, by="subject", then="looked_at")
    running = Spell(since=ago(300), until=LAPSES)  # from the very moment of the oldest looks
    investigated = tuple(Investigated(subject=each, spell=running) for each in SUBJECTS)
    given_ = ForCitizens(register=REGISTER, investigated=investigated, departments=("burgerzaken",))
    (folder / FILE).write_bytes(msgspec.json.encode(given_))
    (home / "derived" / "latest").write_text("9-1\n", encoding="ascii")
    (home / "desk").mkdir()
    (home / "desk" / "citizen-key").write_bytes(KEY)
    withhold(home, [Withholding(entry=_entry(each), ground="uavg_41", spell=running) for each in decided])


def _entry(row: Row) -> int:
    entry = row["look"]
    assert isinstance(entry, int)
    return entry


def _offered(home: Path) -> dict[str, bytes]:
    place = home / "citizen" / "offered"
    newest = place / (place / "latest").read_text(encoding="ascii").strip()
    return {each.name: each.read_bytes() for each in newest.iterdir()}
