# SPDX-License-Identifier: EUPL-1.2
"""The doors of our witness: each question its status of C2SP tlog-witness, and never a traceback."""

import asyncio
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekenschap.errors import StoreError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import Note, check_note
from rekenschap.tlog.vkey import SignatureKind
from rekenschap.tlog.witnessing import MAX_PATH, MAX_REQUEST, SIZE_TYPE, AddCheckpoint, cosignatures_in
from rekenschap.witness.app import Answer, WitnessApp
from rekenschap.witness.memory import MAX_REFUSED, WitnessMemory
from tests.witnessing import LOG, NOON, STRANGER, Clock, Signers, Tree

SIGNERS = Signers()


@pytest.fixture
def app(tmp_path: Path) -> WitnessApp:
    memory = WitnessMemory.found(tmp_path / "memory.db")
    return WitnessApp(memory=memory, signers=SIGNERS.pairs, logs={LOG: Tree().verifiers()}, clock=Clock())


def body(tree: Tree, old: int) -> bytes:
    return AddCheckpoint(old_size=old, proof=tree.proof(old), note=tree.note).to_bytes()


def post(app: WitnessApp, raw: bytes) -> Answer:
    return app.guarded("POST", "/add-checkpoint", raw)


def test_the_request_is_written_as_the_specification_shows():
    tree = Tree().grow(7)
    written = body(tree, 3)
    head, note = written.split(b"\n\n", 1)
    assert head.split(b"\n")[0] == b"old 3"
    assert [len(line) for line in head.split(b"\n")[1:]] == [44] * len(tree.proof(3))
    assert note == tree.note
    assert AddCheckpoint.from_bytes(written).to_bytes() == written


def test_the_answer_is_signature_lines_with_the_time(app: WitnessApp):
    tree = Tree().grow(7)
    answer = post(app, body(tree, 0))
    assert answer.status == 200
    lines = answer.body.decode().splitlines(keepends=True)
    assert all(line.startswith("\u2014 witness.example/w1 ") and line.endswith("\n") for line in lines)
    note = Note(text=tree.checkpoint.to_text(), signatures=cosignatures_in(answer.body))
    held = check_note(note, SIGNERS.verifiers)
    assert {each.kind for each in held} == {SignatureKind.ED25519_COSIGNATURE, SignatureKind.ML_DSA_44}
    assert {each.timestamp for each in held} == {int(NOON.timestamp())}


def test_each_reason_has_its_status_in_the_order_of_the_specification(app: WitnessApp):
    tree = Tree().grow(9)
    assert post(app, body(tree, 0)).status == 200
    other, same_size = tree.cut(4).grow(20, "other"), tree.cut(8).grow(1, "other")
    unknown = Tree(origin="example.org/unheard-of").grow(3)
    stranger = Tree(keys=STRANGER).grow(20)
    held = Note.from_bytes(tree.note).signatures
    broken = Note(text=tree.grow(1).checkpoint.to_text(), signatures=held).to_bytes()
    cases = {
        "unknown log": (AddCheckpoint(old_size=99, proof=(), note=unknown.note), 404),
        "unknown keys only": (AddCheckpoint(old_size=99, proof=(), note=stranger.note), 403),
        "known key that does not hold": (AddCheckpoint(old_size=9, proof=(), note=broken), 403),
        "old size beyond the new one": (AddCheckpoint(old_size=99, proof=(), note=tree.note), 400),
        "old size it does not know": (AddCheckpoint(old_size=4, proof=(), note=other.note), 409),
        "another root of the same size": (
            AddCheckpoint(old_size=9, proof=(), note=same_size.note),
            422,
        ),
        "another history": (AddCheckpoint(old_size=9, proof=other.proof(9), note=other.note), 422),
        "no proof": (AddCheckpoint(old_size=9, proof=(), note=tree.grow(5).note), 422),
        "a proof where none belongs": (AddCheckpoint(old_size=9, proof=other.proof(9), note=tree.note), 422),
    }
    for why, (request, status) in cases.items():
        assert post(app, request.to_bytes()).status == status, why
    known = post(app, cases["old size it does not know"][0].to_bytes())
    assert (known.kind, known.body) == (SIZE_TYPE, b"9\n") == ("text/x.tlog.size", b"9\n")
    assert post(app, body(tree, 9)).status == 200


def test_an_empty_tree_with_a_root_is_no_tree(app: WitnessApp):
    text = f"{LOG}\n0\n{Tree().grow(1).checkpoint.root.to_base64()}\n"
    raw = b"old 0\n\n" + Note(text=text, signatures=Note.from_bytes(Tree().note).signatures).to_bytes()
    assert post(app, raw).status == 422


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"old 0\n",
        b"old 0\n\n",
        b"old 0\n\nnote\n",
        b"old -1\n\n" + Tree().note,
        b"old 00\n\n" + Tree().note,
        b"old 0 \n\n" + Tree().note,
        b"old  0\n\n" + Tree().note,
        b"Old 0\n\n" + Tree().note,
        b"old 9223372036854775808\n\n" + Tree().note,
        b"old 0\nnot base64\n\n" + Tree().note,
        b"old 0\n" + b"A" * 43 + b"=\n" * (MAX_PATH + 1) + b"\n" + Tree().note,
        b"old 0\n" + (b"A" * 43 + b"=\n") * (MAX_PATH + 1) + b"\n" + Tree().note,
        b"old 0\r\n\r\n" + Tree().note,
        b"old 0\n\n" + Tree().note[:-1],
        b"old 0\n\n" + Tree().note.replace(b"\n\n", b"\nextension\n\n", 1),
        b"\xff\xfe" * 40,
    ],
)
def test_what_is_no_request_is_told_so(app: WitnessApp, raw: bytes):
    answer = post(app, raw)
    assert answer.status == 400
    assert answer.body.startswith(b"expected ")
    assert answer.body.count(b"\n") == 1


@settings(max_examples=150, deadline=None)
@given(
    raw=st.binary(max_size=300),
    at=st.integers(0, 10**6),
    method=st.sampled_from(["POST", "GET", "HEAD", "PUT"]),
)
def test_no_question_at_all_is_a_fault(tmp_path_factory, raw: bytes, at: int, method: str):
    memory = WitnessMemory(path=tmp_path_factory.getbasetemp() / "shared.db")
    if not memory.path.exists():
        WitnessMemory.found(memory.path)
    app = WitnessApp(memory=memory, signers=SIGNERS.pairs, logs={LOG: Tree().verifiers()}, clock=Clock())
    whole = body(Tree().grow(9), 0)
    mixed = whole[: at % len(whole)] + raw + whole[at % len(whole) + len(raw) :]
    for sent in (raw, mixed):
        assert app.guarded(method, "/add-checkpoint", sent).status in {200, 400, 403, 404, 405, 409, 422}
    assert app.guarded(method, "/" + raw.decode("latin-1"), b"").status in {404, 405}


def test_a_body_that_never_ends_is_cut_off(app: WitnessApp):
    assert post(app, b"x" * (MAX_REQUEST + 1)).status == 413


def test_other_methods_and_addresses_are_refused(app: WitnessApp):
    assert app.guarded("GET", "/add-checkpoint", b"").allow == "POST"
    assert app.guarded("DELETE", f"/{'0' * 64}/checkpoint", b"").status == 405
    for path in ("/", "/checkpoint", "/x/checkpoint", f"/{'A' * 64}/checkpoint", "/add-checkpoint/", "//"):
        assert app.guarded("GET", path, b"").status == 404, path


def test_monitors_read_what_was_cosigned(app: WitnessApp):
    address = f"/{sha256(LOG.encode()).hexdigest()}/checkpoint"
    assert app.guarded("GET", address, b"").status == 404
    old = 0
    for more in (3, 8):
        tree = Tree().grow(old).grow(more)
        others = Note.from_bytes(Tree(keys=STRANGER).note).signatures
        crowded = Note.from_bytes(tree.note).with_signatures(others)
        request = AddCheckpoint(old_size=old, proof=tree.proof(old), note=crowded.to_bytes())
        lines = cosignatures_in(post(app, request.to_bytes()).body)
        old = tree.size
        read = app.guarded("GET", address, b"")
        assert (read.status, read.kind) == (200, "text/plain; charset=utf-8")
        note = Note.from_bytes(read.body)
        assert Checkpoint.from_text(note.text) == tree.checkpoint
        # The signatures of the log that were verified and our own; nobody else's.
        assert note.signatures == (*Note.from_bytes(tree.note).signatures, *lines)


def test_refused_histories_are_kept_as_evidence_but_not_without_end(app: WitnessApp):
    tree = Tree().grow(5)
    post(app, body(tree, 0))
    for number in range(MAX_REFUSED + 5):
        fork = tree.cut(4).grow(1, f"fork {number}")
        for _ in range(2):
            assert post(app, AddCheckpoint(old_size=5, proof=(), note=fork.note).to_bytes()).status == 422
    kept = app.memory.refused(LOG)
    assert len(kept) == len({*kept}) == MAX_REFUSED
    stranger = AddCheckpoint(old_size=5, proof=(), note=Tree(keys=STRANGER).grow(5).note)
    assert post(app, stranger.to_bytes()).status == 403
    assert len(app.memory.refused(LOG)) == MAX_REFUSED


def test_a_memory_that_does_not_answer_signs_nothing(app: WitnessApp):
    app.memory.path.write_bytes(b"no database" * 1000)
    answer = post(app, body(Tree().grow(3), 0))
    assert answer.status == 503
    assert b"memory of this witness" in answer.body
    with pytest.raises(StoreError):
        app.memory.published("0" * 64)


def test_a_fault_of_our_own_is_one_line_here_and_nothing_there(app: WitnessApp, capsys):
    def broken():
        raise ZeroDivisionError("something nobody may read")

    failing = WitnessApp(memory=app.memory, signers=SIGNERS.pairs, logs=app.logs, clock=broken)
    answer = post(failing, body(Tree().grow(3), 0))
    assert (answer.status, answer.body) == (500, b"a fault of this witness\n")
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "nobody may read" not in said
    # It did not sign, so it did not remember either.
    assert post(app, body(Tree().grow(2), 0)).status == 200


def asked(app: WitnessApp, *messages: dict[str, object], method: str = "POST") -> list[dict[str, object]]:
    sent: list[dict[str, object]] = []
    waiting = list(messages)

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/add-checkpoint"}
    asyncio.run(app(scope, receive, send))
    return sent


def test_a_body_in_parts_is_put_together(app: WitnessApp):
    raw = body(Tree().grow(3), 0)
    pieces = [raw[at : at + 100] for at in range(0, len(raw), 100)]
    parts = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    start, end = asked(app, *parts, {"type": "http.request", "body": b"", "more_body": False})
    assert start["status"] == 200
    assert dict(start["headers"])[b"content-length"] == str(len(end["body"])).encode()


def test_who_goes_away_is_not_answered(app: WitnessApp):
    assert (
        asked(app, {"type": "http.request", "body": b"old", "more_body": True}, {"type": "http.disconnect"})
        == []
    )


def test_an_endless_body_is_not_read_to_its_end(app: WitnessApp):
    part = {"type": "http.request", "body": b"x" * 65_536, "more_body": True}
    start, _ = asked(app, *[part] * 8)
    assert start["status"] == 413


_COSIGN = """
import sys
from pathlib import Path
from tests.unit.witness.test_app import SIGNERS, LOG, Tree, WitnessApp, WitnessMemory, Clock, body, post
app = WitnessApp(memory=WitnessMemory(path=Path(sys.argv[1])), signers=SIGNERS.pairs,
                 logs={LOG: Tree().verifiers()}, clock=Clock())
size, history = int(sys.argv[2]), sys.argv[3]
while True:
    tree = Tree().grow(size + 1, history)
    if post(app, body(tree, size)).status != 200:
        break
    size += 1
    print(size, flush=True)
"""


def test_a_witness_that_is_killed_remembers_all_it_said(tmp_path: Path):
    """Killed at a random moment, again and again: what it answered is never less than what it knows."""
    memory = WitnessMemory.found(tmp_path / "memory.db")
    address = sha256(LOG.encode()).hexdigest()
    known = 0
    for _ in range(5):
        line = [sys.executable, "-c", _COSIGN, str(memory.path), str(known), "true"]
        root = Path(__file__).parents[3]
        with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=root) as process:
            assert process.stdout is not None
            said = [int(process.stdout.readline()) for _ in range(3)]
            process.send_signal(signal.SIGKILL)
            said += [int(each) for each in process.stdout.read().split()]
        published = memory.published(address)
        assert published is not None
        remembered = Checkpoint.from_text(Note.from_bytes(published).text)
        assert remembered.size >= said[-1] > known
        assert remembered == Tree().grow(remembered.size).checkpoint
        known = remembered.size


def test_of_many_histories_at_the_same_moment_one_is_cosigned(app: WitnessApp):
    """The race of the specification: checking and remembering are one step, whoever asks meanwhile."""
    for turn in range(3):
        memory = WitnessMemory.found(app.memory.path.with_name(f"{turn}.db"))
        fresh = WitnessApp(memory=memory, signers=app.signers, logs=app.logs, clock=app.clock)
        first = Tree().grow(3)
        assert post(fresh, body(first, 0)).status == 200
        bodies = [body(first.grow(4 + number % 3, f"history {number}"), 3) for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            statuses = [each.status for each in pool.map(partial(post, fresh), bodies)]
        assert statuses.count(200) == 1, statuses
        assert set(statuses) <= {200, 409}
