# SPDX-License-Identifier: EUPL-1.2
"""The outermost door: one sentence and an exit code, and never what a foreign exception says."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from typer.exceptions import TyperException

from rekenschap.cli.door import guarded
from rekenschap.errors import ExitCode, ForkError, RefusedError, RejectedRecordError, StoreError

PERSON = "J. de Voorbeeld 999990019"


def raising(error):
    def command():
        raise error

    return command


def family(kind):
    return kind(expected="a thing", found="another", remedy="do this")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (family(RefusedError), 3),
        (family(StoreError), 4),
        (family(ForkError), 5),
        (RejectedRecordError(reasons={"missing": 2}), 6),
        (OSError(errno.ENOSPC, PERSON, PERSON), 4),
        (ValueError(PERSON), 4),
        (TyperException("no such option."), 2),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda x: type(x).__name__ if isinstance(x, BaseException) else "",
)
def test_each_family_has_its_code_and_says_one_sentence(capsys, error, code):
    assert guarded(raising(error)) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert PERSON not in said.err and "Traceback" not in said.err


def test_a_full_disk_is_named_without_the_path(capsys):
    guarded(raising(OSError(errno.ENOSPC, "x", PERSON)))
    assert "no space left on device" in capsys.readouterr().err


def test_a_fault_of_our_own_says_where(capsys):
    guarded(raising(ValueError(PERSON)))
    assert "ValueError in test_door.py line" in capsys.readouterr().err


def test_a_command_that_ends_well_gives_its_own_code(capsys):
    assert guarded(lambda: ExitCode.FINE) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_under_standard_error_does_not_change_the_exit_code(tmp_path):
    command = [sys.executable, "-m", "rekenschap", "check", str(tmp_path / "none")]
    well = subprocess.run(command, capture_output=True, check=False)
    with open("/dev/full", "wb") as full:  # noqa: PTH123 — a device, not a file
        told = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=full, check=False)
    assert told.returncode == well.returncode == ExitCode.TROUBLE
