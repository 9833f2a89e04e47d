# SPDX-License-Identifier: EUPL-1.2
"""The command `rekenschap town` and its options; what it does stands in the module it calls."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import JsonOption, LanguageOption
from rekenschap.cli.texts import Language


def town(
    directory: Annotated[
        Path, typer.Argument(help="A new or empty directory for the source files.", readable=False)
    ],
    *,
    staff: Annotated[int, typer.Option(min=1, max=30_000, help="How many members of staff.")] = 200,
    days: Annotated[int, typer.Option(min=1, max=3_660, help="How many days.")] = 90,
    seed: Annotated[int, typer.Option(min=0, help="The seed of everything drawn by lot.")] = 1,
    start: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day.", show_default="2026-03-01")
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            help="KEY=3 for three episodes, KEY=0.5 for half a one a year per 1,000 staff, ALL=3, or NONE. "
            "Once or more; without it all, as often as the catalogue says.",
            show_default=False,
        ),
    ] = None,
    noise: Annotated[
        list[str] | None,
        typer.Option(help="NAME=RATE for another rate of honest noise.", show_default=False),
    ] = None,
    without_noise: Annotated[
        list[str] | None, typer.Option(help="NAME of honest noise to leave out, or ALL.", show_default=False)
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(help="Write the truth to this .parquet or .csv; outside the directory.", readable=False),
    ] = None,
    otlp: Annotated[
        bool, typer.Option("--otlp", help="The looks as OpenTelemetry requests, in the folder otlp.")
    ] = False,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Draw an invented town and write the files that its systems would have written."""
    from rekenschap.cli.town import drawing

    wish = drawing.Wish(
        staff=staff,
        days=days,
        seed=seed,
        start=start.date() if start else None,
        scenarios=tuple(scenario or ()),
        rates=tuple(noise or ()),
        without=tuple(without_noise or ()),
        truth=truth,
        requests=otlp,
    )
    return drawing.draw(directory, wish, language=language, as_json=as_json)
