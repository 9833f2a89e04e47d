# SPDX-License-Identifier: EUPL-1.2
"""The command of the mail filter: counts, on a mail server, what leaves by mail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.speak import say
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ExitCode

mail_app = typer.Typer(
    name="mail-filter",
    help="Between two mail servers: counts how many people a message is about, and passes it on unchanged.",
    no_args_is_help=True,
)


@mail_app.callback()
def mail_filter() -> None:
    """Between two mail servers: counts how many people a message is about, and passes it on unchanged."""


@mail_app.command()
def serve(
    *,
    settings: Annotated[
        Path, typer.Option(help="The TOML file with addresses, spool and domains.", readable=False)
    ] = Path("mail-filter.toml"),
    language: Annotated[
        Language,
        typer.Option("--language", envvar="REKENSCHAP_LANGUAGE", help="Language of the answer: nl or en."),
    ] = Language.NL,
) -> int:
    """Pass mail on until stopped; what left is kept in the spool, to be taken in."""
    from rekenschap.house import right_now
    from rekenschap.mail.serving import serve as serve_mail
    from rekenschap.mail.settings import read_settings

    words, read = words_in(language), read_settings(settings)

    def ready(host: str, port: int, recovered: int) -> None:
        say(words("mail_serves", address=f"{host}:{port}", spool=read.spool))
        if recovered:
            say(words("mail_recovered", count=recovered))
        sys.stdout.flush()

    def trouble(why: str) -> None:
        typer.echo(words("mail_unnoted", why=why), err=True)

    unnoted = serve_mail(read, clock=right_now, ready=ready, trouble=trouble)
    say(words("mail_stopped", count=unnoted))
    return ExitCode.FINE
