# SPDX-License-Identifier: EUPL-1.2
"""The command that starts the desk with all it needs; what it does stands in the modules beside this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.casework.roles import Role
from rekenschap.cli.asking import HOME, HomeOption, LanguageOption
from rekenschap.cli.texts import Language


def serve(
    *,
    home: Annotated[
        Path | None,
        typer.Option("--home", envvar="REKENSCHAP_HOME", help="The house to serve.", show_default=False),
    ] = None,
    into: Annotated[
        Path, typer.Option(help="Where the demo town is founded, and served from, when there is no house.")
    ] = Path("rekenschap-tryout"),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the desk.")] = 8000,
    language: LanguageOption = Language.NL,
) -> int:
    """Start the desk in a browser, with the demo town when there is no house yet, until stopped."""
    from rekenschap.cli.serving import running

    return running.serve(home or into, port=port, language=language)


def person(
    email: Annotated[str, typer.Argument(help="Mail address, with which this person signs in.")],
    *,
    name: Annotated[str, typer.Option(help="What the desk calls this person.")],
    role: Annotated[
        list[Role] | None, typer.Option(help="What this person is there for; may be repeated.")
    ] = None,
    team: Annotated[str, typer.Option(help="The team, as the sources write it.")] = "",
    staff_id: Annotated[str, typer.Option(help="The staff number, as the sources write it.")] = "",
    home: HomeOption = HOME,
) -> int:
    """Give somebody an account at the desk itself; prints a link to choose a password with, once."""
    from rekenschap.cli.serving import people

    told = people.Told(email=email, name=name, roles=tuple(role or ()), team=team, staff_id=staff_id)
    return people.add(home, told)
