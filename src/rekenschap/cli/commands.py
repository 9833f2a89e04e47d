# SPDX-License-Identifier: EUPL-1.2
"""The commands and their options; what each does stands in the module it calls.

Each command imports that module itself: checking a proof must not wait for statistics to load.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rekenschap.cli.asking import HOME, HomeOption, JsonOption, LanguageOption
from rekenschap.cli.custody.erasure_commands import erasure_app
from rekenschap.cli.custody.key_commands import keys_app
from rekenschap.cli.evaluating import evaluate
from rekenschap.cli.grounds import grounds_app
from rekenschap.cli.ledgers.on_witnesses import witness_app
from rekenschap.cli.mailing import mail_app
from rekenschap.cli.packing import pack_app
from rekenschap.cli.profiling import profile_app
from rekenschap.cli.reading import read_app
from rekenschap.cli.registering import register_app
from rekenschap.cli.serving import person, serve
from rekenschap.cli.standing import sources
from rekenschap.cli.taking import intake_app
from rekenschap.cli.texts import Language
from rekenschap.cli.town import town
from rekenschap.cli.upkeep import backup_app, derive, doctor
from rekenschap.cli.waiting import quarantine_app
from rekenschap.contracts.contract import Contract, FindingForm
from rekenschap.model.planting import Among

app = typer.Typer(
    name="rekenschap",
    help="Who looked at whose data, why, and how you can check it. / Wie bekeek wiens gegevens, en waarom?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(intake_app)
app.add_typer(mail_app)
app.add_typer(witness_app)
app.add_typer(keys_app)
app.add_typer(erasure_app)
app.add_typer(profile_app)
app.add_typer(quarantine_app)
app.add_typer(backup_app)
app.add_typer(pack_app)
app.add_typer(grounds_app)
app.add_typer(read_app)
app.add_typer(register_app)
app.command()(evaluate)
app.command()(sources)
app.command()(derive)
app.command()(doctor)
app.command()(serve)
app.command()(person)
app.command()(town)

ProfileOption = Annotated[
    str, typer.Option("--profile", help="Source profile: a name, or a YAML file of yours.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="The seed of everything drawn by lot.")]
KeyOption = Annotated[
    str | None,
    typer.Option("--public-key", help="public-keys.txt or one of its lines; from elsewhere is best."),
]
FilesArgument = Annotated[
    list[Path], typer.Argument(help="Files to take in.", show_default=False, readable=False)
]
TargetArgument = Annotated[
    str, typer.Argument(help="A directory, or an address that begins with s3://", show_default=False)
]
SourceArgument = Annotated[
    str, typer.Argument(help="A copy: a directory, or an address that begins with s3://", show_default=False)
]
LedgerOption = Annotated[Path, typer.Option("--ledger", help="A ledger, or its house.")]
LedgerArgument = Annotated[Path, typer.Argument(help="A ledger, or its house.", readable=False)]


@app.command()
def demo(
    *,
    into: Annotated[Path, typer.Option(help="Where the demo writes.")] = Path("rekenschap-demo"),
    seed: SeedOption = 1,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Show the whole chain on a fictional municipality."""
    from rekenschap.cli import on_looks

    return on_looks.demo(into, seed=seed, language=language, as_json=as_json)


@app.command()
def audit(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files to take in; none for what the house at --home holds.",
            show_default=False,
            readable=False,
        ),
    ] = None,
    *,
    profile: Annotated[
        str | None,
        typer.Option("--profile", help="Source profile of the files: a name, or a YAML file of yours."),
    ] = None,
    plant: Annotated[
        int, typer.Option(min=0, max=100_000, help="Plant this many random looks and say how they rank.")
    ] = 0,
    among: Annotated[Among, typer.Option(help="Whom the planted looks are about.")] = Among.OPEN,
    seed: SeedOption = 1,
    home: Annotated[
        Path | None, typer.Option(help="Keep the ledger here; without it nothing of the files is kept.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report to this file.")] = None,
    spark: Annotated[
        str,
        typer.Option(
            help="Run on Spark, at this address (spark://host:7077): its workers read the ledger themselves.",
            show_default=False,
        ),
    ] = "",
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Run the whole chain on files, or on what a house holds: ledger, explanations, findings, and a report if
    you want one.
    """
    from rekenschap.cli import on_looks

    wish = on_looks.Wish(plant=plant, among=among, seed=seed, home=home, report=report, spark=spark)
    return on_looks.audit(files or [], profile or "", wish=wish, language=language, as_json=as_json)


@app.command()
def check(
    ledger: LedgerArgument,
    *,
    public_key: KeyOption = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            help="A checkpoint kept elsewhere: a signed note, or origin, size and root on three lines.",
            readable=False,
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(help="Which witnesses must have cosigned (C2SP tlog-policy).", readable=False),
    ] = None,
    timestamp_roots: Annotated[
        Path | None,
        typer.Option(help="Root certificates (PEM) of timestamp authorities you trust.", readable=False),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=0, help="Read all tiles, but only the rows of so many segments, drawn by chance."),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed draws the same segments.")] = 0,
    since: Annotated[
        Path | None,
        typer.Option(help="An earlier checkpoint that was good: read only what came after.", readable=False),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="File in which a long check notes how far it is, and from which it goes on."),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Threads that share the work; 0 for one on each core.")
    ] = 0,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Check every row, the tree and the signatures; an alarm names the first entry that differs."""
    from rekenschap.cli.ledgers import on_ledgers, on_witnesses

    elsewhere = on_witnesses.bring(against or [], policy, timestamp_roots)
    much = on_ledgers.how_much(sample=sample, seed=seed, since=since, resume=resume, workers=workers)
    return on_ledgers.check_ledger(
        ledger, public_key, elsewhere=elsewhere, much=much, language=language, as_json=as_json
    )


@app.command()
def replicate(
    target: TargetArgument,
    *,
    ledger: LedgerOption = HOME,
    every: Annotated[int, typer.Option(min=0, help="Seconds between two rounds; 0 for one round.")] = 60,
    public_key: KeyOption = None,
    language: LanguageOption = Language.NL,
) -> int:
    """Keep a copy of the ledger up to date until you stop it; it never goes back."""
    from rekenschap.cli import on_copies

    return on_copies.replicate(ledger, target, public_key, every=every, language=language)


@app.command()
def restore(
    source: SourceArgument,
    *,
    home: HomeOption = HOME,
    public_key: Annotated[str, typer.Option("--public-key", help="public-keys.txt or one of its lines.")],
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Bring a ledger back from a copy; refused when this place has seen a newer one."""
    from rekenschap.cli import on_copies

    return on_copies.restore(source, home, public_key, language=language, as_json=as_json)


@app.command()
def repair(
    source: SourceArgument,
    *,
    home: HomeOption = HOME,
    public_key: KeyOption = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Put back files that differ from a copy which proves itself; what stood there is kept as evidence."""
    from rekenschap.cli import on_copies

    return on_copies.mend(source, home, public_key, language=language, as_json=as_json)


@app.command()
def sequencer(*, home: HomeOption = HOME, language: LanguageOption = Language.NL) -> int:
    """Keep the ledger open for many programs at once: durable at once, signed every second, until stopped."""
    from rekenschap.cli.ledgers import on_sequencer

    return on_sequencer.sequence(home, language=language)


@app.command()
def recover(
    *,
    home: HomeOption = HOME,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Bring a ledger to rest after a crash, and say what was found and done."""
    from rekenschap.cli import on_copies

    return on_copies.recover(home, language=language, as_json=as_json)


@app.command()
def timestamp(*, home: HomeOption = HOME, language: LanguageOption = Language.NL) -> int:
    """Have the latest checkpoint stamped by the timestamp authority of the configuration (RFC 3161)."""
    from rekenschap.cli.ledgers import on_witnesses

    return on_witnesses.stamp_latest(home, language=language)


@app.command()
def prove(
    entry: Annotated[int, typer.Argument(min=0, help="Index of the entry.", show_default=False)],
    *,
    ledger: Annotated[Path, typer.Option("--ledger", help="A ledger, or its house.")] = Path(
        "rekenschap-home"
    ),
    out: Annotated[Path | None, typer.Option(help="Where to write the proof; else standard output.")] = None,
    language: LanguageOption = Language.NL,
) -> int:
    """Write the proof of one entry: a file that anyone can check with the public key alone."""
    from rekenschap.cli.ledgers import on_ledgers

    return on_ledgers.prove_entry(entry, ledger, out, language=language)


@app.command()
def verify(
    proof: Annotated[Path, typer.Argument(help="A proof, or an evidence file (PDF).", readable=False)],
    *,
    public_key: Annotated[
        str | None,
        typer.Option(
            "--public-key",
            help="public-keys.txt or one of its lines; without it an evidence file is held against its own.",
        ),
    ] = None,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Check a proof, or an evidence file line by line; needs no ledger."""
    from rekenschap.cli.ledgers import on_evidence_files, on_ledgers

    if on_evidence_files.is_pdf(proof):
        return on_evidence_files.verify_file(proof, public_key, language=language, as_json=as_json)
    if public_key is None:
        raise typer.BadParameter("give public-keys.txt or one of its lines", param_hint="--public-key")
    return on_ledgers.verify_proof(proof, public_key, language=language, as_json=as_json)


@app.command()
def export(
    *,
    contract: Annotated[
        Contract, typer.Option(help="Which records: ldv, adl, consultation, or all of them as-received.")
    ],
    out: Annotated[Path, typer.Option(help="The file to write, one record a line.")],
    home: HomeOption = HOME,
    since: Annotated[str, typer.Option("--from", help="Recorded from this day or moment on.")] = "",
    until: Annotated[str, typer.Option(help="Recorded before this day or moment.")] = "",
    language: LanguageOption = Language.NL,
) -> int:
    """Give records back in the form they came in, each held against its token."""
    from rekenschap.audit.exporting import Span
    from rekenschap.cli import exporting

    span = Span(since=exporting.moment_of(since, "--from"), until=exporting.moment_of(until, "--until"))
    return exporting.export(contract, out, home=home, span=span, language=language)


@app.command()
def findings(
    *,
    form: Annotated[
        FindingForm,
        typer.Option("--as", help="How a SIEM reads it: OCSF (Detection Finding) or ECS (alert)."),
    ],
    out: Annotated[Path, typer.Option(help="The file to write, one finding a line.")],
    by: Annotated[str, typer.Option("--by", help="Your staff number: the ledger keeps who took them.")],
    home: HomeOption = HOME,
    since: Annotated[str, typer.Option("--from", help="With a look on this day or later.")] = "",
    language: LanguageOption = Language.NL,
) -> int:
    """Give the findings of the newest derivation to a SIEM, under pseudonyms; the ledger is told."""
    from rekenschap.cli import exporting
    from rekenschap.cli.exporting.findings import give_findings

    begins = exporting.moment_of(since, "--from")
    return give_findings(form, out, by=by, home=home, since=begins, language=language)


@app.command()
def leak(
    listed: Annotated[
        Path,
        typer.Argument(
            metavar="LIST",
            help="The list: a person on each line, or all of one address with ; between; - for stdin.",
            show_default=False,
            readable=False,
            allow_dash=True,
        ),
    ],
    *,
    home: HomeOption = HOME,
    first: Annotated[
        str | None, typer.Option("--from", help="The first day that counts: 2026-01-31.")
    ] = None,
    last: Annotated[str | None, typer.Option("--until", help="The last day that counts.")] = None,
    seed: SeedOption = 1,
    language: LanguageOption = Language.NL,
    as_json: JsonOption = False,
) -> int:
    """Say who is the common factor of a leaked list: whose looks without a reason meet it beyond chance."""
    from rekenschap.cli import on_leaks

    return on_leaks.leak(
        listed, home=home, first=first, last=last, seed=seed, language=language, as_json=as_json
    )


@app.command()
def profiles(*, language: LanguageOption = Language.NL) -> int:
    """List the source profiles that come with the package."""
    from rekenschap.cli import on_looks

    return on_looks.list_profiles(language=language)
