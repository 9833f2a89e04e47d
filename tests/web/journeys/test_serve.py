# SPDX-License-Identifier: EUPL-1.2
"""`rekenschap serve` as a process: one address, a log-in for each role, and an end that leaves nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from rekenschap.cli.serving.ports import free_port
from rekenschap_web.tryout.cast import CAST, Player
from tests.web.signin.provider import Browser

pytestmark = pytest.mark.slow

FIRST_PAGE = {
    "integriteit": "/werklijst/",
    "manager": "/werklijst/",
    "tweede": "/werklijst/",
    "fg": "/verantwoording/",
    "ciso": "/verantwoording/",
    "auditor": "/verantwoording/",
    "medewerker": "/mijn-raadplegingen/",
    "beheer": "/mijn-raadplegingen/",
}


@dataclass(slots=True)
class Serving:
    """`serve` at work: its process and what it said."""

    process: subprocess.Popen[bytes]
    said: Path
    address: str

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        until = time.monotonic() + 240
        while "Stoppen: Ctrl-C." not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < until, self.text()
            time.sleep(0.2)

    def word_of(self, player: Player) -> str:
        found = re.search(rf"^\s*{re.escape(player.email)}\s+(\S+)", self.text(), flags=re.MULTILINE)
        assert found, self.text()
        return found[1]

    def programs(self) -> set[int]:
        """Name every process that descends from this one."""
        listed = subprocess.run(
            ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout
        parents = {int(pid): int(parent) for pid, parent in map(str.split, listed.splitlines())}
        found, before = {self.process.pid}, set[int]()
        while found != before:
            before = set(found)
            found |= {pid for pid, parent in parents.items() if parent in found}
        return found - {self.process.pid}


def _begin(into: Path, said: Path) -> Serving:
    port = free_port(0)
    with said.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "rekenschap", "serve", "--into", str(into), "--port", str(port)],
            stdout=file,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            start_new_session=True,
        )
    return Serving(process=process, said=said, address=f"http://localhost:{port}")


def _end(serving: Serving) -> None:
    if serving.process.poll() is None:
        serving.process.terminate()
        serving.process.wait(60)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve") / "town"


@pytest.fixture(scope="module")
def serving(place: Path) -> Iterator[Serving]:
    begun = _begin(place, place.with_name("said"))
    try:
        begun.wait_until_ready()
        yield begun
    finally:
        _end(begun)


def test_it_prints_the_address_of_each_page_and_a_log_in_for_each_role(serving: Serving) -> None:
    said = serving.text()
    addresses = re.findall(r"https?://\S+", said)
    assert addresses[0] == serving.address
    assert len(addresses) == 2, "the desk and the page for citizens"
    assert all(player.email in said and player.name in said for player in CAST)
    assert {"burger@veldhaven.example", "burger2@veldhaven.example"} <= set(re.findall(r"\S+@\S+", said))


@pytest.mark.parametrize("player", CAST, ids=lambda player: player.role.value)
def test_each_role_signs_in_and_comes_to_the_own_first_page(serving: Serving, player: Player) -> None:
    browser = Browser()
    start = browser.get(f"{serving.address}/")
    assert start.url.startswith(f"{serving.address}/inloggen/")
    choice = browser.get(f"{serving.address}/inloggen/organisatie/?next=/")
    page = browser.send(choice, login=player.email, password=serving.word_of(player))
    assert page.url == f"{serving.address}{FIRST_PAGE[player.word]}", page.url
    assert page.status_code == 200, page.text
    assert player.name in page.text
    assert "<h1>" in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_a_wrong_password_does_not_come_in(serving: Serving) -> None:
    browser = Browser()
    choice = browser.get(f"{serving.address}/inloggen/organisatie/?next=/")
    page = browser.send(choice, login=CAST[0].email, password="not-the-word")  # noqa: S106
    assert not page.url.startswith(serving.address)


def test_what_does_not_wait_stands_on_the_work_list_soon_after_it_comes_in(
    serving: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mail with many people in it to an own address, and a look at somebody who is shielded."""
    officer = next(each for each in CAST if each.word == "integriteit")
    browser = Browser()
    choice = browser.get(f"{serving.address}/inloggen/organisatie/?next=/werklijst/")
    browser.send(choice, login=officer.email, password=serving.word_of(officer))
    before = _numbers(browser.get(f"{serving.address}/werklijst/?wanneer=alles").text)
    began = time.monotonic()
    sent = requests.post(
        f"{_front_door(serving)}/v1/facts", json={"facts": _at_once(datetime.now(UTC))}, timeout=30
    )
    assert sent.status_code == 202, sent.text
    fresh: set[str] = set()
    while len(fresh) < 2 and time.monotonic() < began + 240:
        time.sleep(1)
        fresh = _numbers(browser.get(f"{serving.address}/werklijst/?wanneer=alles").text) - before
    took = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\nfrom arrival to the work list: {took:.0f} s\n")
    assert len(fresh) == 2
    pages = [browser.get(f"{serving.address}/bevindingen/{number}/") for number in sorted(fresh)]
    assert [page.status_code for page in pages] == [200, 200]
    told = "".join(page.text for page in pages)
    assert told.count("Dit wacht niet op de weektelling.") == 2
    assert "gegevens van 40 personen" in told
    assert "Waarom ging dit naar buiten?" in told
    assert "Waarom is deze raadpleging niet verklaard?" in told


def _at_once(now: datetime) -> list[dict[str, object]]:
    """Give facts of a mail with many people in it to an own address, and of a look at who is threatened."""
    shown, earlier = now.isoformat(), (now - timedelta(days=3)).isoformat()
    return [
        {
            "relation": "disclosure", "source": "uitvoer", "disclosed_at": shown, "staff": "mw-9997",
            "kind": "mail", "destination_kind": "own", "destination": "thuis@thuis.example", "subjects": 40,
        },
        {
            "relation": "shielding", "source": "burgerzaken", "subject": "K-777777", "kind": "threatened",
            "valid_from": earlier,
        },
        {
            "relation": "consultation", "source": "burgerzaken", "looked_at": shown, "staff": "mw-9998",
            "subject": "K-777777", "register": "BRP", "search_key": "name",
        },
    ]  # fmt: skip


def _numbers(page: str) -> set[str]:
    return set(re.findall(r"/bevindingen/([0-9-]+)/", page))


def _front_door(serving: Serving) -> str:
    """Find the port of the intake among the programs that run."""
    for pid in serving.programs():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        if "intake" in words and "serve" in words:
            return f"http://127.0.0.1:{words[words.index('--port') + 1]}"
    raise AssertionError("no intake runs")


def test_only_this_machine_can_reach_it(serving: Serving) -> None:
    """Every port it opens is bound to the loopback address."""
    mine = {serving.process.pid, *serving.programs()}
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        local, state, inode = line.split()[1], line.split()[3], line.split()[9]
        if state == "0A" and _holds(mine, inode):
            assert local.startswith("0100007F:"), line


def _holds(programs: set[int], inode: str) -> bool:
    for pid in programs:
        try:
            held = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
        except OSError:
            continue
        if f"socket:[{inode}]" in held:
            return True
    return False


def test_it_ends_cleanly_when_asked_and_starts_again_where_it_was(serving: Serving, place: Path) -> None:
    programs = serving.programs()
    assert len(programs) >= 4
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(60) == 0, serving.text()
    assert _gone(programs)
    again = _begin(place, place.with_name("said-again"))
    try:
        again.wait_until_ready()
        assert "stichten" not in again.text(), "the town is founded once"
        assert again.word_of(CAST[0]) == serving.word_of(CAST[0])
        _kill_one(again)
        assert again.process.wait(60) == 4, again.text()
        assert "the worker ended" in again.text()
    finally:
        _end(again)


def _kill_one(serving: Serving) -> None:
    """Kill the worker, as the kernel does when memory is short."""
    for pid in serving.programs():
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"rekenschap_web.acts.worker" in words:
            os.kill(pid, signal.SIGKILL)
            return
    raise AssertionError("no worker runs")


def test_nothing_outlives_it_when_it_is_killed(place: Path, serving: Serving) -> None:
    begun = _begin(place, place.with_name("said-killed"))
    begun.wait_until_ready()
    programs = begun.programs()
    begun.process.kill()
    begun.process.wait(20)
    assert _gone(programs)
    with pytest.raises(requests.ConnectionError):
        requests.get(begun.address, timeout=5)


def _gone(programs: set[int]) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if not any(_runs(pid) for pid in programs):
            return True
        time.sleep(0.2)
    return False


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
