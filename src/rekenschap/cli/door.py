# SPDX-License-Identifier: EUPL-1.2
"""Turns whatever goes wrong into one sentence and an exit code; the only place that catches everything."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import typer
from typer.exceptions import Abort, TyperException

from rekenschap.cli.commands import app
from rekenschap.cli.speak import program, tell
from rekenschap.errors import ExitCode, RekenschapError, StoreError

_INTERRUPTED = 130
_BROKEN_OFF = (
    "rekenschap: broken off; what was acknowledged is in the ledger and nothing is half in it, "
    "so run the command again"
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code."""
    _have_streams()
    leave(guarded(lambda: _run(arguments)))


def _have_streams() -> None:
    """Give a command that was started with a closed output or error stream somewhere to write to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def leave(code: int) -> NoReturn:
    """End at once: what had to be durable is, and both streams are written out.

    Not by `sys.exit`: about one in forty times a thread pool inside a native library then outlives its owner
    while Python takes itself down, and the whole ends in an abort instead of our exit code.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)


def guarded(command: Callable[[], int]) -> int:
    """Run `command`; give its exit code, or say in one sentence what went wrong and give that code."""
    try:
        return command()
    except RekenschapError as error:
        return _say(error)
    except TyperException as error:
        return _say_usage(error)
    except (KeyboardInterrupt, Abort):
        tell(_BROKEN_OFF)
        return _INTERRUPTED
    except (BrokenPipeError, SystemExit):  # typer turns the first into the second
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FINE
    except OSError as error:
        return _say(_of_the_world(error))
    except Exception as error:
        return _internal(error)


def _run(arguments: Sequence[str] | None) -> int:
    outcome = typer.main.get_command(app).main(
        args=None if arguments is None else list(arguments), prog_name="rekenschap", standalone_mode=False
    )
    if outcome == _INTERRUPTED:
        raise KeyboardInterrupt
    return outcome if isinstance(outcome, int) else ExitCode.FINE


def _say(error: RekenschapError) -> int:
    tell(f"rekenschap: {error}")
    return error.exit_code


def _say_usage(error: TyperException) -> int:
    """Say in one line what is wrong and whose help to ask; nothing when the help was given already."""
    message = " ".join(error.format_message().split())
    if message:
        context = getattr(error, "ctx", None)
        asked = context.command_path if context is not None else "rekenschap"
        tell(f"rekenschap: {message} See `{asked.replace('rekenschap', program(), 1)} --help`.")
    return ExitCode.USAGE


def _of_the_world(error: OSError) -> StoreError:
    """Name the kind of trouble only: the text of an OSError may hold a path with a name in it."""
    return StoreError(
        expected="a disk and files that can be read and written",
        found=(os.strerror(error.errno) if error.errno else type(error).__name__).lower(),
        remedy="mend that and run the command again; what was acknowledged is safe",
    )


def _internal(error: Exception) -> int:
    """Say where, never what: the message of a foreign exception may repeat a personal value."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    if os.environ.get("REKENSCHAP_DEBUG"):
        tell("".join(traceback.format_exception(error)).rstrip())
    tell(
        f"rekenschap: expected no fault of our own, found {type(error).__name__} in "
        f"{Path(place.filename).name} line {place.lineno}; "
        "report that line (REKENSCHAP_DEBUG=1 shows more, and may show personal values)"
    )
    return ExitCode.TROUBLE
