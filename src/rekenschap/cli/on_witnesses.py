# SPDX-License-Identifier: EUPL-1.2
"""The commands of whoever runs a witness, on a machine of another organisation: make its keys, serve it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.speak import say, say_json
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ExitCode

witness_app = typer.Typer(
    name="witness",
    help="A witness: cosigns the checkpoints of somebody else's ledger, as long as each continues the last.",
    no_args_is_help=True,
)

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="REKENSCHAP_WITNESS_HOME", help="Where the witness lives.")
]
LanguageOption = Annotated[
    Language,
    typer.Option("--language", envvar="REKENSCHAP_LANGUAGE", help="Language of the answer: nl or en."),
]


@witness_app.command()
def keys(
    *,
    home: HomeOption = Path("rekenschap-witness"),
    name: Annotated[
        str, typer.Option(help="Name of a new witness, like a web address without https://.")
    ] = "witness.example/w1",
    language: LanguageOption = Language.NL,
    as_json: Annotated[
        bool, typer.Option("--json", help="End with one JSON object as the last line.")
    ] = False,
) -> int:
    """Print the public keys of a witness; makes the witness, its keys and its memory, when there is none."""
    from rekenschap.witness.home import WitnessHome

    witness, words = WitnessHome(root=home), words_in(language)
    is_new = not witness.is_founded
    texts = witness.found(name) if is_new else witness.verifier_texts()
    if as_json:
        say_json({"name": witness.name(), "new": is_new, "public_keys": [*texts]})
        return ExitCode.FINE
    say(words("witness_made" if is_new else "witness_is", name=witness.name(), path=home))
    say(*texts)
    say(words("witness_keys_for", path=home / "logs.txt"))
    return ExitCode.FINE


@witness_app.command()
def serve(
    *,
    home: HomeOption = Path("rekenschap-witness"),
    logs: Annotated[
        Path | None,
        typer.Option(
            help="Public keys of the ledgers to watch, one on each line; else logs.txt in the home."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; put a proxy with https before it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8470,
    language: LanguageOption = Language.NL,
) -> int:
    """Serve a witness until it is stopped; it refuses a ledger that was put back, rewritten or forked."""
    from rekenschap.house import right_now
    from rekenschap.witness.home import WitnessHome
    from rekenschap.witness.serving import serve as served

    words, witness = words_in(language), WitnessHome(root=home)
    app = witness.app(logs, clock=right_now)
    started = words("witness_serves", name=witness.name(), host=host, port=port, count=len(app.logs))
    served(app, host=host, port=port, ready=lambda: say(started))
    say(words("witness_stopped"))
    return ExitCode.FINE
