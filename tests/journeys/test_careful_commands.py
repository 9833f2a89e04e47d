# SPDX-License-Identifier: EUPL-1.2
"""Commands that could do harm by being too helpful: lost keys, somebody's files, an answer nobody checked."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from tests.journeys.commands import rekenschap

LOOK = {"relation": "consultation", "source": "brp", "register": "brp"}


def write_looks(path, count=40):
    rows = [
        LOOK
        | {"staff": f"mw-{n % 7:04}", "subject": f"K-{n}", "looked_at": f"2026-03-02T09:{n % 60:02}:00+01:00"}
        for n in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def house(tmp_path):
    looks = write_looks(tmp_path / "looks.jsonl")
    home = tmp_path / "home"
    assert rekenschap("intake", looks, "--profile", "native-jsonl", "--home", home).code == 0
    return home


@pytest.mark.parametrize(
    "key", ["pseudonym-first.key", "sealing.key", "signing-ed25519.key", "signing-ml-dsa-44.key"]
)
def test_a_lost_key_is_never_made_anew_beside_a_ledger(house, tmp_path, key):
    (house / "keys" / key).unlink()
    more = write_looks(tmp_path / "more.jsonl", count=50)
    ran = rekenschap("intake", more, "--profile", "native-jsonl", "--home", house)
    assert ran.code == 4
    assert f"expected the key {key} that this ledger was begun with" in ran.err
    assert not (house / "keys" / key).exists()


def test_an_empty_public_key_is_not_the_key_beside_the_ledger(house):
    ran = rekenschap("check", house, "--public-key", "")
    assert ran.code == 4
    assert "expected" in ran.err


def test_it_is_said_when_the_keys_came_along_with_the_ledger(house):
    assert "--public-key" in rekenschap("check", house).out
    checked = rekenschap("check", house, "--public-key", house / "public-keys.txt")
    assert "--public-key" not in checked.out


def test_an_audit_does_not_report_from_a_ledger_that_was_changed(house, tmp_path):
    path = next((house / "ledger" / "segments").glob("*consultation*.parquet"))
    table = pq.read_table(path)
    registers = ["elsewhere", *table.column("register").to_pylist()[1:]]
    position = table.schema.get_field_index("register")
    pq.write_table(table.set_column(position, table.schema.field(position), [registers]), path)
    report = tmp_path / "report.html"
    ran = rekenschap(
        "audit", tmp_path / "looks.jsonl", "--profile", "native-jsonl", "--home", house, "--report", report
    )
    assert ran.code == 5
    assert not report.exists()


def test_a_report_that_cannot_be_written_is_said_before_the_work(house, tmp_path):
    for path in (tmp_path, tmp_path / "nowhere" / "report.html"):
        ran = rekenschap(
            "audit", tmp_path / "looks.jsonl", "--profile", "native-jsonl", "--home", house, "--report", path
        )
        assert ran.code == 4
        assert "expected a file that can be written for --report" in ran.err
    ran = rekenschap("prove", 1, "--ledger", house, "--out", tmp_path / "nowhere" / "proof.json")
    assert (ran.code, "--out" in ran.err) == (4, True)


def test_a_house_is_explained_without_a_file(house, tmp_path):
    rows = (tmp_path / "looks.jsonl").read_text().splitlines()
    (tmp_path / "bad.jsonl").write_text(json.dumps(json.loads(rows[0]) | {"looked_at": "later"}) + "\n")
    assert (
        rekenschap("intake", tmp_path / "bad.jsonl", "--profile", "native-jsonl", "--home", house).code == 6
    )
    report = tmp_path / "report.html"
    ran = rekenschap("audit", "--home", house, "--json", "--report", report)
    assert (ran.code, sum(ran.told["quarantined"].values())) == (0, 1), ran.err
    again = rekenschap(
        "audit", tmp_path / "looks.jsonl", "--profile", "native-jsonl", "--home", house, "--json"
    )
    same = ("looks", "explained", "findings", "size")
    assert [ran.told.get(name) for name in same] == [again.told.get(name) for name in same]
    assert report.exists()


def test_an_audit_of_nothing_at_all_says_what_to_name(house, tmp_path):
    for wrong in ((), ("--home", tmp_path / "nowhere")):
        ran = rekenschap("audit", *wrong)
        assert (ran.code, "name files, or the house with --home" in ran.err) == (3, True)
    assert not (tmp_path / "nowhere").exists()
    ran = rekenschap("audit", tmp_path / "looks.jsonl", "--home", house)
    assert (ran.code, "--profile" in ran.err) == (4, True)


def test_a_house_without_its_anchor_is_not_explained(house, tmp_path):
    for path in (house / "ledger").glob("anchor.db*"):
        path.rename(tmp_path / path.name)
    assert rekenschap("audit", "--home", house).code == 5


def test_a_demo_never_removes_what_somebody_took_in_since(house, tmp_path):
    mark = {"demo": "Veldhaven", "size": None}
    beside = tmp_path / "beside"
    shutil.copytree(house, beside)
    (beside / "this-is-a-demo.json").write_text(json.dumps(mark))
    inside = tmp_path / "inside"
    shutil.copytree(house, inside / "house")
    (inside / "this-is-a-demo.json").write_text(json.dumps(mark | {"size": 17}))
    for place in (beside, inside):
        ran = rekenschap("demo", "--into", place)
        assert (ran.code, "expected an empty directory" in ran.err) == (3, True)
    assert (beside / "ledger" / "checkpoint").exists() and (
        inside / "house" / "ledger" / "checkpoint"
    ).exists()


def test_a_house_without_its_anchor_is_an_alarm_and_a_copy_without_it_says_so(house, tmp_path):
    keys = house / "public-keys.txt"
    copy = tmp_path / "copy"
    shutil.copytree(house / "ledger", copy)
    for ledger in (house / "ledger", copy):
        (ledger / "anchor.db").unlink()
    ran = rekenschap("check", house, "--public-key", keys)
    assert (ran.code, "the anchor of this house" in ran.err) == (5, True)
    ran = rekenschap("check", copy, "--public-key", keys, "--language", "en")
    assert (ran.code, "Without the anchor" in ran.out) == (0, True)


def test_a_check_says_with_how_much_it_compared_and_what_it_cannot_see(house):
    answer = rekenschap("check", house, "--language", "en").out
    assert "Compared with 2 checkpoints" in answer
    assert "put back as a whole" in answer


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_no_proof_no_key_and_no_source(house, device):
    keys = house / "public-keys.txt"
    for command in (
        ("verify", device, "--public-key", keys),
        ("check", house, "--public-key", device),
        ("audit", device, "--profile", "native-jsonl"),
    ):
        ran = rekenschap(*command)
        assert (ran.code, ran.err.count("expected")) == (4, 1), ran.err


def test_a_pipe_in_the_ledger_does_not_keep_the_check_waiting(house):
    pack = next((house / "ledger" / "segments").glob("*.pack"))
    pack.unlink()
    os.mkfifo(pack)
    ran = rekenschap("check", house)
    assert ran.code in (4, 5)
    assert ran.err.count("expected") == 1


def test_a_closed_stream_is_no_fault(house):
    for closed in (">&-", "2>&-"):
        command = f"exec {sys.executable} -m rekenschap check {house} {closed}"
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)


def test_a_reader_who_has_seen_enough_is_no_fault(house):
    command = f"{sys.executable} -m rekenschap check {house}; echo $? >&2"
    piped = f"({command}) | true"
    done = subprocess.run(["sh", "-c", piped], capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith("0"), done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_broken_off_says_so_and_can_be_done_again(house, tmp_path):
    many = write_looks(tmp_path / "many.jsonl", count=200_000)
    command = [
        sys.executable,
        "-m",
        "rekenschap",
        "intake",
        many,
        "--profile",
        "native-jsonl",
        "--home",
        house,
    ]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert "…" in running.stderr.readline()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "broken off" in said and "Traceback" not in said
    assert rekenschap("check", house).code == 0
    again = rekenschap("intake", many, "--profile", "native-jsonl", "--home", house)
    assert (again.code, rekenschap("check", house).code) == (0, 0), again.err
