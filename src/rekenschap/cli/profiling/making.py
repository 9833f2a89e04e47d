# SPDX-License-Identifier: EUPL-1.2
"""Makes a profile with the person at the keyboard, or from options alone; and tries one."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from rekenschap.audit.intake import check_files
from rekenschap.audit.profiling import Proposal, Wishes, dry_run, propose
from rekenschap.cli.profiling import showing
from rekenschap.cli.speak import check_can_write, program, progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ConfigurationError, ExitCode, RefusedError
from rekenschap.house import right_now
from rekenschap.intake import Profile, load_profile
from rekenschap.intake.wizard import Trial, Wanted

_DOMAINS = ("staff", "subject", "zaak", "task", "device", "destination")
_SETTINGS = ("delimiter", "encoding", "header_row", "rows", "sheet", "quote")


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """Where the profile goes, and whether somebody is there to be asked."""

    out: Path | None
    asks: bool
    force: bool
    as_json: bool


def new(file: Path, wishes: Wishes, *, how: How, language: Language) -> int:
    """Guess, show, ask when somebody is there, and write the profile."""
    words = words_in(language)
    wishes = replace(wishes, note=words("profile_note"))
    check_files([file])
    asks = how.asks and sys.stdin.isatty()
    while True:
        proposal = propose(file, wishes, now=right_now())
        if not how.as_json:
            say(*showing.guessed(proposal, words))
        trial = None if proposal.guess.missing else _tried(file, proposal.profile, words, quiet=how.as_json)
        if trial is not None and not how.as_json:
            say(*showing.tried(trial, proposal.profile, words))
        answer = _asked(proposal, words) if asks else ""
        if not answer:
            break
        wishes = _corrected(wishes, answer)
    if trial is None:
        raise _missing(proposal)
    out = how.out or Path(f"{proposal.id}.yaml")
    _write(out, proposal.text, force=how.force)
    if how.as_json:
        say_json(
            {"profile": str(out), "id": proposal.id, "reader": proposal.kind} | showing.trial_as_json(trial)
        )
    else:
        then = "profile_mend" if trial.takes_nothing else "profile_next"
        say(words("profile_written", path=out), words(then, program=program(), file=file, path=out))
    return ExitCode.FINE


def try_file(file: Path, name: str, *, language: Language, as_json: bool) -> int:
    """Try a profile on a file; ends with 6 when rows would go to quarantine."""
    words, profile = words_in(language), load_profile(name)
    check_files([file])
    trial = _tried(file, profile, words, quiet=as_json)
    if as_json:
        say_json(showing.trial_as_json(trial))
    else:
        say(*showing.tried(trial, profile, words))
    if trial.interrupted is not None:
        raise trial.interrupted
    return ExitCode.QUARANTINED if trial.refused else ExitCode.FINE


def pairs(texts: Sequence[str] | None, option: str) -> dict[str, str]:
    """Read `name=text` options; raises ConfigurationError."""
    found: dict[str, str] = {}
    for text in texts or ():
        name, mark, rest = text.partition("=")
        if not mark or not name.strip():
            raise ConfigurationError(
                expected=f"name=text at {option}", found="something without =", remedy="write name=text"
            )
        found[name.strip()] = rest
    return found


def _tried(file: Path, profile: Profile, words: Words, *, quiet: bool) -> Trial:
    total = file.stat().st_size
    called = {domain: words(f"stand_in_{domain}") for domain in _DOMAINS}
    with progress(words("step_try"), quiet=quiet) as step:
        return dry_run(
            file, profile, now=right_now(), stand_ins=called, told=lambda read: step(min(read, total), total)
        )


def _asked(proposal: Proposal, words: Words) -> str:
    if proposal.guess.missing:
        say(words("profile_missing", names=", ".join(proposal.guess.missing)))
    return str(typer.prompt(words("profile_ask"), default="", show_default=False, err=True)).strip()


def _corrected(wishes: Wishes, answer: str) -> Wishes:
    """Take `name=text` from the keyboard: an option by its name, else a column of the fact."""
    name, mark, text = (part.strip() for part in answer.partition("="))
    wanted = wishes.wanted
    if name in ("stop", "quit"):
        raise typer.Abort
    if not mark:
        return wishes
    match name:
        case "id":
            return replace(wishes, id=text)
        case "reader":
            return replace(wishes, reader=text)
        case "double_hour":
            return replace(wishes, double_hour=text)
        case "title" | "title_nl":
            return replace(wishes, title=dict(wishes.title) | {"nl": text})
        case "title_en":
            return replace(wishes, title=dict(wishes.title) | {"en": text})
        case "relation":
            return replace(wishes, wanted=replace(wanted, relation=text, columns={}, values={}))
        case "time_zone":
            return replace(wishes, wanted=replace(wanted, zone=text))
        case "time_format":
            return replace(wishes, wanted=replace(wanted, formats=(text,)))
        case _ if name in _SETTINGS:
            return replace(wishes, settings=dict(wishes.settings) | {name: text})
    return replace(wishes, wanted=_with_column(wanted.columns, wanted.values, (name, text), wishes))


def _with_column(
    columns: Mapping[str, tuple[str, ...]], values: Mapping[str, str], said: tuple[str, str], wishes: Wishes
) -> Wanted:
    """A text in quotes is a constant, any other the name of a column."""
    name, text = said
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return replace(wishes.wanted, values=dict(values) | {name: text[1:-1]})
    return replace(wishes.wanted, columns=dict(columns) | {name: tuple(text.split("+"))})


def _missing(proposal: Proposal) -> ConfigurationError:
    name = proposal.guess.missing[0]
    return ConfigurationError(
        expected=f"a column for {name} of {proposal.guess.relation.name}",
        found="none that looks like it",
        remedy=f"say which with --column {name}=..., or what it always is with --value {name}=...",
    )


def _write(out: Path, text: str, *, force: bool) -> None:
    check_can_write(out, "--out")
    if out.exists() and not force:
        raise RefusedError(
            expected="a path where nothing is yet",
            found="a file",
            remedy="give another --out, or --force to write over it",
            rule="no-overwriting",
        )
    out.write_text(text, encoding="utf-8")
