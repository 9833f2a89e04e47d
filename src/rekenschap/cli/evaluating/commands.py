# SPDX-License-Identifier: EUPL-1.2
"""The command and its options; what it does stands in the module beside this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import JsonOption, LanguageOption
from rekenschap.cli.texts import Language


def evaluate(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small and in under a minute: says whether it works, little more.")
    ] = False,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="Towns with misuse; 10 unless said, 2 with --quick.")
    ] = None,
    staff: Annotated[
        int | None, typer.Option(min=50, help="Staff of a town; 2000 unless said, 300 with --quick.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=28, help="Days of a town; 91 unless said, 63 with --quick.")
    ] = None,
    quiet_towns: Annotated[
        int | None,
        typer.Option(
            "--quiet-towns", min=0, help="Towns without misuse; twice as many as with it unless said."
        ),
    ] = None,
    town: Annotated[bool, typer.Option("--town", help="Only drawn towns.")] = False,
    logs: Annotated[bool, typer.Option("--logs", help="Only real logs.")] = False,
    noises: Annotated[
        bool, typer.Option("--noises", help="Also each honest noise alone, three times as common: slow.")
    ] = False,
    facts: Annotated[
        Path | None,
        typer.Option(
            help="Evaluate on this folder of files instead: lines of JSON (native-jsonl), tables that are "
            "named after a relation (consultation.csv, zaak.parquet), or what --profile reads."
        ),
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(
            help="What is true of --facts: CSV, Parquet or lines of JSON with a row for each look: staff, "
            "citizen, looked_at, and story or episode."
        ),
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            help="PROFILE reads all of --facts, 'PATTERN=PROFILE' the files of that name. Once or more.",
            show_default=False,
        ),
    ] = None,
    truth_column: Annotated[
        list[str] | None,
        typer.Option(
            help="OURS=THEIRS: how the truth calls a column, as citizen=klant. Once or more.",
            show_default=False,
        ),
    ] = None,
    honest: Annotated[
        list[str] | None,
        typer.Option(
            help="What the truth calls a look of no story, besides nothing, none, no, false and 0.",
            show_default=False,
        ),
    ] = None,
    pack: Annotated[
        list[Path] | None,
        typer.Option(help="With the grounds of this pack as well. Once or more.", show_default=False),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="NAME of a ground or a channel to leave out. Once or more.", show_default=False),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=VALUE, or GROUND.NAME=VALUE: another setting of grounds and channels. Once or more.",
            show_default=False,
        ),
    ] = None,
    beside: Annotated[Path, typer.Option("--data", help="The folder of real logs.")] = Path("../shared/data"),
    write: Annotated[Path | None, typer.Option(help="Write the report as a page (Markdown).")] = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Measure: on drawn towns, on real logs or on your own files, beside the usual detectors in one run."""
    from rekenschap.cli.evaluating import running

    asked = running.Asked(
        quick=quick,
        seeds=seeds,
        staff=staff,
        days=days,
        quiet=quiet_towns,
        towns=town or not logs,
        logs=logs or not town,
        noises=noises,
        facts=facts,
        truth=truth,
        profiles=tuple(profile or ()),
        columns=tuple(truth_column or ()),
        honest=tuple(honest or ()),
        packs=tuple(pack or ()),
        without=tuple(without or ()),
        settings=tuple(setting or ()),
        folder=beside,
        page=write,
    )
    return running.run(asked, language=language, as_json=as_json)
