# SPDX-License-Identifier: EUPL-1.2
"""The stand-alone verifier as it is handed over: one short file, two imports beyond nothing, four answers."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.standalone.both import (
    LOG,
    LOG_PQ,
    SCRIPT,
    STANDALONE,
    STRANGER,
    WITNESS,
    WITNESS_PQ,
    Log,
    agreed,
    keys_of,
)
from tests.standalone.small import EMPTY, ENTRY, FULL, ROWS, SCHEMA, SMALL

V1 = SCRIPT.parents[2] / "vectors" / "ledger" / "v1"
PROOFS = sorted(V1.glob("proof-*.json"))


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script alone: no path of ours, no settings of the environment (-I)."""
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd="/",
        env={**os.environ, **environment},
    )


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "public-keys.txt"
    path.write_text("\n".join(keys_of(LOG)) + "\n")
    return path


def test_it_is_under_300_lines():
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 300


def test_it_needs_the_standard_library_and_cryptography_only():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    named = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    named |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named - set(sys.stdlib_module_names) == {"cryptography"}
    assert not named & {"socket", "subprocess", "urllib", "http", "os", "importlib", "ctypes", "pickle"}
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"eval", "exec", "compile", "open", "__import__", "getattr"}


@pytest.mark.parametrize("proof", PROOFS, ids=lambda path: path.stem)
def test_it_runs_alone_and_prints_what_the_command_prints(proof: Path):
    alone = run(proof, V1 / "public-keys.txt")
    assert (alone.returncode, alone.stderr) == (0, "")
    command = [
        sys.executable,
        "-m",
        "rekenschap",
        "verify",
        proof,
        "--public-key",
        V1 / "public-keys.txt",
        "--json",
    ]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    lines = dict(line.split(" = ", 1) for line in alone.stdout.splitlines() if not line.startswith("#"))
    assert {name: STANDALONE.quoted(value) for name, value in told["values"].items()} == lines
    sentence = (
        f'({told["relation"]}) is entry {told["entry"]} of "{told["origin"]}" at {told["size"]} entries.'
    )
    assert alone.stdout.splitlines()[-1].endswith(sentence)


def test_no_text_of_a_row_can_look_like_a_line_of_the_answer(tmp_path: Path, keys: Path):
    path = tmp_path / "proof.json"
    path.write_text(SMALL.proof_text(ENTRY, SCHEMA))
    said = run(path, keys).stdout
    assert 'why = "balie\\n= \\u202e\\u001b[2J\\""\n' in said
    assert "\x1b" not in said
    assert len(said.splitlines()) == len(FULL) + 3


def test_a_terminal_without_some_letter_changes_no_outcome(tmp_path: Path, keys: Path):
    path = tmp_path / "proof.json"
    path.write_text(SMALL.proof_text(ENTRY, SCHEMA))
    code = (
        f"import runpy, sys; sys.argv = ['x', {str(path)!r}, {str(keys)!r}]; "
        f"sys.stdout.reconfigure(encoding='ascii'); runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    assert 'source = "BRP \\xe9"' in said.stdout


def test_the_exit_codes_are_those_of_the_command(tmp_path: Path, keys: Path):
    good, bad, binary, twice, none = (tmp_path / name for name in ("good", "bad", "binary", "twice", "none"))
    large, largest = tmp_path / "large", tmp_path / "largest"
    good.write_text(SMALL.proof_text(ENTRY, SCHEMA))
    bad.write_text(good.read_text().replace('"index": 1', '"index": 2'))
    binary.write_bytes(b"\xff\xfe")
    twice.write_text(keys.read_text() * 2)
    none.write_text("\n \n")
    largest.write_text(good.read_text().ljust(2**24))
    large.write_text(good.read_text().ljust(2**24 + 1))
    wanted = {
        (good, keys): 0,
        (bad, keys): 5,
        (binary, keys): 5,
        (good, bad): 4,
        (good, binary): 4,
        (good, twice): 4,
        (bad, none): 4,
        (largest, keys): 0,
        (large, keys): 5,
        (good, large): 4,
        (good, tmp_path / "absent"): 4,
        (tmp_path / "absent", keys): 4,
        (tmp_path, keys): 4,
    }
    for (proof, given), code in wanted.items():
        alone = run(proof, given)
        command = [sys.executable, "-m", "rekenschap", "verify", proof, "--public-key", given]
        ours = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (alone.returncode, ours.returncode) == (code, code), (proof.name, given.name, alone, ours)
        assert "Traceback" not in alone.stderr
    assert run().returncode == run(good).returncode == run(good, keys, keys).returncode == 2


def test_every_kind_of_signature_is_read():
    everyone = (LOG, LOG_PQ, WITNESS, WITNESS_PQ, STRANGER)
    log = Log(rows=ROWS, signers=everyone, timestamp=1_790_000_000)
    assert agreed(log.proof_text(ENTRY, SCHEMA), keys_of(*everyone)).says == "holds"
    assert agreed(log.proof_text(ENTRY, SCHEMA), keys_of(LOG)).says == "holds"
    for absent in (LOG, LOG_PQ):
        fewer = Log(rows=ROWS, signers=tuple(each for each in everyone if each is not absent))
        assert agreed(fewer.proof_text(ENTRY, SCHEMA), keys_of(*everyone)).says == "alarm"
    for absent in (WITNESS, WITNESS_PQ):
        fewer = Log(rows=ROWS, signers=tuple(each for each in everyone if each is not absent))
        assert agreed(fewer.proof_text(ENTRY, SCHEMA), keys_of(*everyone)).says == "holds"


def test_every_entry_of_the_small_log_holds():
    for entry, schema in ((0, None), (1, 0), (2, 0), (3, 0), (4, None)):
        assert agreed(SMALL.proof_text(entry, schema), keys_of(LOG)).says == "holds"
    assert [value for _, value in agreed(SMALL.proof_text(2, 0), keys_of(LOG)).fact[2]][5:] == list(EMPTY[5:])
