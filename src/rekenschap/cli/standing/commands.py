# SPDX-License-Identifier: EUPL-1.2
"""The command `rekenschap sources` and its options; what it does stands in the module it calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.texts import Language


def sources(
    *,
    home: HomeOption = HOME,
    report: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and say when a source falls silent or is heard again.")
    ] = False,
    every: Annotated[int, typer.Option(min=1, help="Seconds between two looks, with --watch.")] = 60,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Say how every source stands and what we do not see; ends with 6 when one is silent for too long."""
    from rekenschap.cli.standing import telling

    if watch:
        return telling.watch(home, every=every, language=language, as_json=as_json)
    return telling.tell(home, report, language=language, as_json=as_json)
