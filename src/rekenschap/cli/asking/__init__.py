# SPDX-License-Identifier: EUPL-1.2
"""What many commands ask in the same words, and how a group is called of which one command needs no name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.texts import Language

LanguageOption = Annotated[
    Language,
    typer.Option("--language", envvar="REKENSCHAP_LANGUAGE", help="Language of the answer: nl or en."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="End with one JSON object as the last line.")]
HomeOption = Annotated[
    Path, typer.Option("--home", envvar="REKENSCHAP_HOME", help="Where ledger and keys are.")
]
HOME = Path("rekenschap-home")
"""Where ledger and keys are when nobody says so."""
