# SPDX-License-Identifier: EUPL-1.2
"""What every witness must keep to: the one in memory, ours over HTTP, and the command that is served."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from rekenschap.adapters.keys.signatures import PublicKey, verifier_of
from rekenschap.adapters.witnesses import HttpWitness, MemoryWitness
from rekenschap.errors import ConfigurationError, ForkError, WitnessError, WitnessSizeError
from rekenschap.seams.witness import Witness
from rekenschap.tlog.note import Note
from rekenschap.tlog.vkey import SignatureKind
from rekenschap.witness.app import WitnessApp
from rekenschap.witness.memory import WitnessMemory
from tests.witnessing import NOON, STRANGER, Clock, Signers, Tree, held

ORIGINS = [f"example.org/log/{number}" for number in range(40)]


@dataclass
class Asked:
    """A witness, its public keys, and a log that it watches and has seen nothing of."""

    witness: Witness
    keys: list[PublicKey]
    log: Tree

    def cosign(self, tree: Tree, old: int):
        return self.witness.cosign(old_size=old, proof=tree.proof(old), note=tree.note)


class WitnessContract:
    @pytest.fixture
    def asked(self, tmp_path: Path) -> Asked:
        raise NotImplementedError

    def test_a_first_checkpoint_is_cosigned_with_every_key(self, asked: Asked):
        tree = asked.log.grow(7)
        signatures = asked.cosign(tree, 0)
        known = held(tree, signatures, asked.keys)
        assert {each.kind for each in known} == {SignatureKind.ED25519_COSIGNATURE, SignatureKind.ML_DSA_44}
        assert all(each.timestamp > 1_700_000_000 for each in known)

    def test_growth_is_cosigned_step_by_step(self, asked: Asked):
        tree, old = asked.log, 0
        for more in (1, 1, 5, 250, 1, 600):
            tree = tree.grow(more)
            assert held(tree, asked.cosign(tree, old), asked.keys)
            old = tree.size

    def test_an_empty_tree_may_be_first(self, asked: Asked):
        assert held(asked.log, asked.cosign(asked.log, 0), asked.keys)
        tree = asked.log.grow(3)
        assert held(tree, asked.cosign(tree, 0), asked.keys)

    def test_the_same_checkpoint_may_be_asked_again(self, asked: Asked):
        tree = asked.log.grow(9)
        asked.cosign(tree, 0)
        assert held(tree, asked.cosign(tree, 9), asked.keys)

    def test_another_size_than_it_knows_is_told(self, asked: Asked):
        tree = asked.log.grow(12)
        asked.cosign(tree, 0)
        for old in (0, 5, 13):
            grown = tree.grow(8)
            with pytest.raises(WitnessSizeError) as behind:
                asked.cosign(grown, old)
            assert behind.value.size == 12
            assert behind.value.retryable
        with pytest.raises(WitnessSizeError) as behind:
            asked.cosign(asked.log.grow(4), 4)
        assert behind.value.size == 12

    def test_a_log_that_went_back_is_not_cosigned(self, asked: Asked):
        tree = asked.log.grow(20)
        asked.cosign(tree, 0)
        with pytest.raises(WitnessSizeError) as larger:
            asked.cosign(tree.cut(15), 15)
        assert larger.value.size == 20

    def test_another_root_of_the_same_size_is_an_alarm(self, asked: Asked):
        asked.cosign(asked.log.grow(20), 0)
        with pytest.raises(ForkError, match="20"):
            asked.cosign(asked.log.grow(19).grow(1, "other"), 20)

    def test_another_history_that_is_longer_is_an_alarm(self, asked: Asked):
        asked.cosign(asked.log.grow(20), 0)
        with pytest.raises(ForkError, match="size 31"):
            asked.cosign(asked.log.grow(10).grow(21, "other"), 20)

    @pytest.mark.parametrize("wrong", ["empty", "short", "long", "swapped"])
    def test_a_proof_that_proves_nothing_is_an_alarm(self, asked: Asked, wrong: str):
        tree = asked.log.grow(11)
        asked.cosign(tree, 0)
        grown = tree.grow(30)
        proof = grown.proof(11)
        made = {"empty": (), "short": proof[:-1], "long": (*proof, proof[0]), "swapped": proof[::-1]}[wrong]
        with pytest.raises(ForkError):
            asked.witness.cosign(old_size=11, proof=made, note=grown.note)

    def test_what_was_refused_changes_nothing(self, asked: Asked):
        tree = asked.log.grow(8)
        asked.cosign(tree, 0)
        with pytest.raises(ForkError):
            asked.cosign(asked.log.grow(4).grow(20, "other"), 8)
        grown = tree.grow(1)
        assert held(grown, asked.cosign(grown, 8), asked.keys)

    def test_a_log_it_does_not_watch_is_not_cosigned(self, asked: Asked):
        with pytest.raises(WitnessError) as unknown:
            asked.cosign(Tree(origin="example.org/unheard-of").grow(3), 0)
        assert not unknown.value.retryable
        assert not isinstance(unknown.value, WitnessSizeError)

    def test_a_stranger_is_not_cosigned(self, asked: Asked):
        stranger = Tree(origin=asked.log.origin, keys=STRANGER).grow(3)
        with pytest.raises(WitnessError) as unknown:
            asked.cosign(stranger, 0)
        assert not unknown.value.retryable

    def test_a_known_signature_that_does_not_hold_is_not_cosigned(self, asked: Asked):
        honest, other = asked.log.grow(3), asked.log.grow(3, "other")
        note = Note(text=other.checkpoint.to_text(), signatures=Note.from_bytes(honest.note).signatures)
        with pytest.raises(WitnessError):
            asked.witness.cosign(old_size=0, proof=(), note=note.to_bytes())
        assert asked.cosign(honest, 0)

    def test_signatures_of_others_are_passed_over(self, asked: Asked):
        tree = asked.log.grow(3)
        others = Note.from_bytes(Tree(origin=tree.origin, keys=STRANGER).grow(3).note).signatures
        note = Note.from_bytes(tree.note)
        crowded = Note(text=note.text, signatures=(*others, *note.signatures)).to_bytes()
        assert held(tree, asked.witness.cosign(old_size=0, proof=(), note=crowded), asked.keys)

    def test_of_many_histories_at_once_one_is_cosigned(self, asked: Asked):
        trees = [asked.log.grow(5, f"history {number}") for number in range(8)]

        def ask(tree: Tree) -> bool:
            try:
                return bool(asked.cosign(tree, 0))
            except (ForkError, WitnessSizeError):
                return False

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(ask, trees))
        assert sum(won) == 1
        winner = trees[won.index(True)].grow(1)
        assert held(winner, asked.cosign(winner, 5), asked.keys)


class TestMemoryWitness(WitnessContract):
    @pytest.fixture
    def asked(self, tmp_path: Path) -> Asked:
        log, signers = Tree(origin=ORIGINS[0]), Signers()
        witness = MemoryWitness(
            name=signers.name, signers=signers.pairs, logs={log.origin: log.verifiers()}, clock=Clock()
        )
        return Asked(witness=witness, keys=signers.verifiers, log=log)


@contextmanager
def served_by(
    answer: Callable[[str, str, bytes], tuple[int, str, bytes]], *, hangs_up: bool = False
) -> Iterator[str]:
    """Serve a function of method, path and body on a free port; gives the address."""

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, said = answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)
            if hangs_up:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestHttpWitness(WitnessContract):
    @pytest.fixture
    def asked(self, tmp_path: Path) -> Iterator[Asked]:
        log, signers = Tree(origin=ORIGINS[0]), Signers()
        memory = WitnessMemory.found(tmp_path / "memory.db")
        app = WitnessApp(
            memory=memory, signers=signers.pairs, logs={log.origin: log.verifiers()}, clock=lambda: NOON
        )

        def answer(method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
            found = app.guarded(method, path, body)
            return found.status, found.kind, found.body

        with served_by(answer) as url, closing_witness(url) as witness:
            yield Asked(witness=witness, keys=signers.verifiers, log=log)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[PublicKey], list[str]]]:
    home = tmp_path_factory.mktemp("witness") / "home"
    made = command("witness", "keys", "--home", home, "--name", "witness.example/w2")
    keys = [verifier_of(line) for line in made.splitlines() if line.startswith("witness.example/w2+")]
    logs = home / "logs.txt"
    texts = [text for origin in ORIGINS for text in Tree(origin=origin).keys.verifier_texts(origin)]
    logs.write_text("# the logs we watch\n\n" + "\n".join(texts) + "\n", encoding="utf-8")
    with served_command(home) as url:
        yield url, keys, [*ORIGINS]


class TestServedWitness(WitnessContract):
    """The command, in a process of its own, as its owner starts it."""

    @pytest.fixture
    def asked(self, served: tuple[str, list[PublicKey], list[str]]) -> Iterator[Asked]:
        url, keys, origins = served
        with closing_witness(url) as witness:
            yield Asked(witness=witness, keys=keys, log=Tree(origin=origins.pop()))


@contextmanager
def closing_witness(url: str) -> Iterator[HttpWitness]:
    witness = HttpWitness(url)
    yield witness
    witness.close()


def command(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "rekenschap", *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def served_command(home: Path) -> Iterator[str]:
    """Run `rekenschap witness serve` until it answers; stop it as a person would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "rekenschap", "witness", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        said, complained = process.communicate(timeout=20)
    assert process.returncode == 0, (said, complained)
    assert complained == ""


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("expected a witness that listens within ten seconds, found none")


@pytest.mark.parametrize(
    ("status", "kind", "body", "retryable"),
    [
        (200, "text/plain", b"", False),
        (200, "text/plain", b"no signature\n", False),
        (200, "text/plain", "— w AAAAAA==".encode(), False),
        (200, "text/plain", b"\xff\xfe\n", False),
        (200, "text/plain", b"x" * 500_000, False),
        (302, "text/plain", b"", False),
        (409, "text/x.tlog.size", b"no number\n", False),
        (409, "text/x.tlog.size", b"0\n", False),
        (429, "text/plain", b"", True),
        (503, "text/plain", b"later\n", True),
    ],
)
def test_an_answer_that_is_none_is_trouble(status, kind, body, retryable):
    with served_by(lambda *_: (status, kind, body)) as url, closing_witness(url) as witness:
        with pytest.raises(WitnessError, match=r"127\.0\.0\.1") as trouble:
            witness.cosign(old_size=0, proof=(), note=Tree().grow(2).note)
        assert trouble.value.retryable is retryable


@pytest.mark.parametrize("status", [409, 422])
def test_both_statuses_for_another_root_are_an_alarm(status):
    """Version 1.0.0 of the protocol says 409 without a size, the later text 422."""
    with (
        served_by(lambda *_: (status, "text/plain", b"another root\n")) as url,
        closing_witness(url) as witness,
        pytest.raises(ForkError),
    ):
        witness.cosign(old_size=2, proof=(), note=Tree().grow(2).note)


def test_a_witness_that_never_answers_costs_its_time_only():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        witness = HttpWitness(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        began = time.monotonic()
        with pytest.raises(WitnessError, match="in time") as trouble:
            witness.cosign(old_size=0, proof=(), note=Tree().grow(2).note)
        assert time.monotonic() - began < 2
        assert trouble.value.retryable
        witness.close()


def test_a_witness_that_is_not_there_is_named():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(WitnessError, match=f"127.0.0.1:{port}.*nobody") as trouble:
        HttpWitness(f"http://127.0.0.1:{port}/w1/").cosign(old_size=0, proof=(), note=Tree().grow(2).note)
    assert trouble.value.retryable


@pytest.mark.parametrize("keeps_open", [True, False])
def test_a_connection_that_was_closed_meanwhile_is_opened_again(keeps_open):
    """A server may close an idle connection at any time, without a word."""
    seen = []

    def answer(method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
        seen.append((method, path))
        return 409, "text/x.tlog.size", b"7\n"

    with served_by(answer, hangs_up=not keeps_open) as url, closing_witness(url + "/w1") as witness:
        for _ in range(3):
            with pytest.raises(WitnessSizeError):
                witness.cosign(old_size=0, proof=(), note=Tree().grow(2).note)
    assert seen == [("POST", "/w1/add-checkpoint")] * 3


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org",
        "example.org",
        "http://",
        "http://a:99999",
        "http://u:p@a",
        "http://a?b",
    ],
)
def test_an_address_that_is_no_plain_web_address_is_refused(url):
    with pytest.raises(ConfigurationError):
        HttpWitness(url)
