# SPDX-License-Identifier: EUPL-1.2
"""A real PostgreSQL with a real pgaudit, set up as the page says; and the sample of another release."""

import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from rekenschap.adapters.sources import READERS
from rekenschap.house import House
from rekenschap.intake import load_profile
from rekenschap.seams.source import ReaderOptions
from tests.journeys.commands import Ran, rekenschap
from tests.servers import postgres

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/connect-a-postgresql-database.md").read_text(encoding="utf-8")
SAMPLE = ROOT.parent / "shared/standards/pgaudit/real-sample"
BSNS = ["999990019", "999990020", "999990032"]


def shown(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def settings() -> dict[str, str]:
    pairs = (line.strip().split(" = ", 1) for line in shown("ini")[0].strip().splitlines())
    return {name: value.strip("'") for name, value in pairs}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the logs of a server on which some people worked."""
    if reason := postgres.why_not():
        pytest.skip(reason)
    if not list(Path("/usr/lib/postgresql").glob("*/lib/pgaudit.so")):
        pytest.skip("no pgaudit: apt install postgresql-15-pgaudit")
    kept = tmp_path_factory.mktemp("log")
    wanted = settings() | {
        "log_destination": "jsonlog,csvlog",
        "log_filename": "postgresql",
        "log_directory": "log",
    }
    with postgres.running(wanted) as server:
        work(server.address)
        logs = server.directory / "data" / "log"
        for path in [logs / "postgresql.json", logs / "postgresql.csv"]:
            until = time.monotonic() + 30
            while path.read_text(encoding="utf-8").count("disconnection: ") < 4 and time.monotonic() < until:
                time.sleep(0.05)
            shutil.copy(path, kept / path.name)
    return kept


@pytest.fixture(scope="module")
def house(audited: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A house into which the jsonlog was taken by the command of the page."""
    home = tmp_path_factory.mktemp("taken") / "house"
    (command,) = [line for line in PAGE.splitlines() if "rekenschap intake" in line]
    words = command.replace("log/postgresql.json", str(audited / "postgresql.json")).split()[1:]
    ran = rekenschap(*words, "--home", home, "--json")
    assert ran.code == 0, ran.err
    return home, ran


@contextmanager
def session(address: str, name: str = "psql") -> Iterator[psycopg.Connection]:
    with psycopg.connect(address, autocommit=True, application_name=name) as connection:
        yield connection


def work(address: str) -> None:
    create, looks = shown("sql")
    with session(address) as admin:
        admin.execute(create)
        admin.execute("CREATE TABLE inkomen(bsn text PRIMARY KEY, naam text, bedrag int)")
        admin.execute(
            "INSERT INTO inkomen SELECT lpad(i::text, 9, '0'), 'n' || i, i FROM generate_series(1, 500) i"
        )
        for statement in looks.strip().splitlines():
            admin.execute(statement)
    with session(address, "bri;user=j.bakker") as bound:
        bound.execute("SELECT naam FROM inkomen WHERE bsn = %s", [BSNS[1]], prepare=True)
        bound.execute("SELECT naam FROM inkomen WHERE bsn = ANY(%s)", [BSNS[1:]])
        bound.execute("SELECT count(*) FROM inkomen")
        bound.execute("SELECT 'a \"quoted\", comma\n\tand newline', bsn FROM inkomen WHERE bsn = '999990044'")
        with bound.cursor().copy("COPY (SELECT * FROM inkomen) TO STDOUT") as copied:
            assert sum(1 for _ in copied) == 500
    with session(address, "gap") as gap:
        gap.execute("SELECT * FROM inkomen WHERE bsn = '999990019'")
        gap.execute("SET pgaudit.log = 'none'")
        gap.execute("SELECT * FROM inkomen")
        gap.execute("SET pgaudit.log = 'all'")
        gap.execute("ALTER ROLE rekenschap RESET pgaudit.log")
    with session(address, "quiet") as quiet:
        quiet.execute("SET pgaudit.log = 'none'")
        quiet.execute("SELECT * FROM inkomen")


def facts_of(home: Path, relation: str) -> list[dict[str, object]]:
    return list(House.at(home).ledger(origin="x.example/l").facts(relation).table.to_pylist())


def test_looks_in_a_real_database_come_in_with_who_of_whom_and_why(house: tuple[Path, Ran]):
    looks = facts_of(house[0], "consultation")
    by_staff = Counter(look["staff"] for look in looks)
    assert sorted(by_staff.values()) == [1, 1, 4]
    assert len({look["subject"] for look in looks}) == 4
    assert {look["register"] for look in looks} == {"postgres"}
    assert "inkomen.naam, inkomen.bedrag, inkomen.bsn" in {look["fields"] for look in looks}
    assert [x["trace_id"].hex() for x in looks if x["trace_id"]] == ["4bf92f3577b34da6a3ce929d0e0e4736"]
    assert len([look for look in looks if look["zaak"]]) == 1


def test_rows_are_not_subjects(house: tuple[Path, Ran]):
    exports = facts_of(house[0], "disclosure")
    assert [(export["kind"], export["subjects"]) for export in exports] == [("export", None)]


def test_a_session_that_was_not_audited_is_found_beside_the_looks(house: tuple[Path, Ran]):
    sessions = {each["device"] for each in facts_of(house[0], "presence")}
    looked = {look["device"] for look in facts_of(house[0], "consultation")}
    assert len(sessions) == 4
    assert len(sessions - looked) == 1


def test_a_change_of_the_audit_is_a_fact_as_far_as_it_is_logged(house: tuple[Path, Ran]):
    named = Counter(fact["name"] for fact in facts_of(house[0], "processing"))
    assert named["INSERT"] == 1
    # the extension was made, the audit was switched on, a role was changed; switching it off is in no log
    assert named["setting of the audit changed"] == 3


def test_lines_that_somebody_took_out_of_the_log_are_told(audited: Path, tmp_path: Path):
    lines = (audited / "postgresql.json").read_text(encoding="utf-8").splitlines(keepends=True)
    short = tmp_path / "short.json"
    short.write_text("".join(line for line in lines if "ANY($1)" not in line), encoding="utf-8")

    def skipped(path: Path) -> list[str]:
        blocks = READERS["pgaudit-jsonlog"].blocks(path, ReaderOptions())
        return [
            row["sql.skipped"] for block in blocks for row in block.rows.to_pylist() if row["sql.skipped"]
        ]

    assert skipped(audited / "postgresql.json") == []
    assert skipped(short) == ["1"]


def test_no_bsn_of_the_log_stands_in_the_house(audited: Path, house: tuple[Path, Ran]):
    kept = b"".join(path.read_bytes() for path in house[0].rglob("*") if path.is_file())
    said = (house[1].out + house[1].err).encode()
    assert BSNS[0].encode() in (audited / "postgresql.json").read_bytes()
    for bsn in BSNS:
        assert bsn.encode() not in kept + said


def test_csvlog_tells_what_jsonlog_tells(audited: Path):
    told = {}
    for kind, ending in (("pgaudit-jsonlog", "json"), ("pgaudit-csvlog", "csv")):
        options = load_profile("pgaudit").readers[kind]
        blocks = READERS[kind].blocks(audited / f"postgresql.{ending}", options)
        rows = [row for block in blocks for row in block.rows.to_pylist()]
        told[ending] = [
            {name: text for name, text in row.items() if text and name.startswith(("audit", "sql", "time"))}
            for row in rows
            if row.get("audit.class")
        ]
    assert len(told["json"]) > 10
    assert told["json"] == told["csv"]


@pytest.mark.parametrize("name", ["pg.json", "pg.csv"])
def test_the_real_sample_comes_in_without_loss(name: str, tmp_path: Path):
    if not SAMPLE.is_dir():
        pytest.skip("the sample of pgaudit is not here (../shared/standards)")
    ran = rekenschap("intake", SAMPLE / name, "--profile", "pgaudit", "--home", tmp_path / "house", "--json")
    assert ran.code == 0, ran.err
    assert ran.told["rows"] == 18
    assert len(facts_of(tmp_path / "house", "consultation")) == 2
    assert len(facts_of(tmp_path / "house", "disclosure")) == 3
