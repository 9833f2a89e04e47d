# SPDX-License-Identifier: EUPL-1.2
"""What the commands on packs do and say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.adapters.keys.own_file import read_own_key
from rekenschap.audit.answer import rules_in
from rekenschap.audit.desk.people import reading
from rekenschap.audit.packs.changing import add_pack, remove_pack
from rekenschap.audit.packs.trying import Tried, check_pack, try_pack
from rekenschap.cli.speak import check_can_write, progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.contracts.findings import GivenRule, sigma_text
from rekenschap.detect import queries
from rekenschap.errors import ConfigurationError, ExitCode, RefusedError
from rekenschap.given import read_verifiers
from rekenschap.house import House, right_now
from rekenschap.model.bsn import bsns_in
from rekenschap.packs import Pack, check_signature, read_pack, sign_pack
from rekenschap.packs.held import checked_packs
from rekenschap.packs.pack import AT_ONCE
from rekenschap.sql.query import InTwo, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Who decided in which house, and why."""

    home: Path
    by: str
    because: str


def list_packs(home: Path, *, language: Language, as_json: bool) -> int:
    """Say which packs there are; raises VerificationError when they are not those of the ledger."""
    words, house = words_in(language), founded(home)
    packs = checked_packs(house.root, reading(house))
    if as_json:
        say_json({"packs": [_told(each, words) for each in packs]})
    else:
        say(*(_line(each, words) for each in packs) if packs else [words("pack_none")])
    return ExitCode.FINE


def check(folder: Path, public_key: str | None, *, language: Language, as_json: bool) -> int:
    """Check a pack by itself."""
    words, pack = words_in(language), read_pack(folder)
    cases = _cases(pack, words, quiet=as_json)
    signed = check_signature(folder, read_verifiers(public_key)) if public_key else None
    if as_json:
        say_json({**_told(pack, words), "cases": cases, "signed_by": signed})
    else:
        say(_line(pack, words), words("pack_cases", count=cases))
        say(words("pack_signed", name=signed) if signed else words("pack_signature_not_checked"))
    return ExitCode.FINE


def try_it(folder: Path, *, home: Path, seed: int, language: Language, as_json: bool) -> int:
    """Say what a pack would have done."""
    words, house, pack = words_in(language), founded(home), read_pack(folder)
    cases = _cases(pack, words, quiet=as_json)
    steps = ["before", "after"]
    with progress(words("pack_step_try"), quiet=as_json) as step:
        tried = try_pack(house, pack, seed=seed, told=lambda name: step(steps.index(name), 2))
    if as_json:
        say_json({**_told(pack, words), "cases": cases, **_tried(tried)})
    else:
        say(_line(pack, words), *_in_words(tried, words))
    return ExitCode.FINE


def add(folder: Path, decided: Decided, *, public_key: str | None, unsigned: bool, language: Language) -> int:
    """Add a pack, signed by a key that was given, or unsigned when that was asked for."""
    words, house, pack = words_in(language), founded(decided.home), read_pack(folder)
    check_words(decided)
    if public_key:
        say(words("pack_signed", name=check_signature(folder, read_verifiers(public_key))))
    elif not unsigned:
        raise RefusedError(
            expected="the author's public key with --public-key", found="none",
            remedy="ask the author for it, or give --unsigned for a pack you made yourself", rule="pack",
        )  # fmt: skip
    _cases(pack, words, quiet=False)
    add_pack(house, pack, by=decided.by, because=decided.because, now=right_now())
    say(words("pack_added", name=pack.name, version=pack.version))
    return ExitCode.FINE


def remove(name: str, decided: Decided, *, language: Language) -> int:
    """Take a pack away."""
    check_words(decided)
    house = founded(decided.home)
    remove_pack(house, name, by=decided.by, because=decided.because, now=right_now())
    say(words_in(language)("pack_removed", name=name))
    return ExitCode.FINE


def sign(folder: Path, key: Path, *, language: Language) -> int:
    """Check a pack and sign it."""
    words, pair, pack = words_in(language), read_own_key(key), read_pack(folder)
    _cases(pack, words, quiet=False)
    sign_pack(folder, pair)
    say(words("pack_is_signed", name=pack.name, signer=pair.name))
    return ExitCode.FINE


def write_sigma(out: Path, form: str, *, home: Path, language: Language) -> int:
    """Write the rules of a house as Sigma; raises VerificationError when its packs are not the ledger's."""
    check_can_write(out, "--out")
    house = founded(home)
    counted = [each for each in queries() if each.folder.parent.name == "rules" and each.severity != AT_ONCE]
    named = [*rules_in(house.root, reading(house)), *counted]
    rules = [_given(each) for each in named]
    rules.append(
        GivenRule(
            id="of_the_week", title="Stood out at the end of a week",
            question="Who stood out in a channel that is counted by the week?", law="GDPR art. 32",
            blind_spots=("what stands out is not what is wrong",), waits=True,
            but_for=tuple(each.id for each in named),
        )
    )  # fmt: skip
    out.write_text(sigma_text(rules, form=form), encoding="utf-8")
    say(words_in(language)("pack_sigma", count=len(rules), path=out))
    return ExitCode.FINE


def founded(home: Path) -> House:
    """Give the house that stands there; raises RefusedError when there is none."""
    house = House.at(home)
    if not house.is_founded:
        raise RefusedError(
            expected="a house with a ledger", found="none", remedy="name it with --home", rule="home"
        )
    return house


def check_words(decided: Decided) -> None:
    """Keep out of the ledger what it could never forget."""
    if not 5 <= len(decided.because.strip()) <= 500 or any(bsns_in(decided.because)):
        raise ConfigurationError(
            expected="a reason of 5 to 500 letters without numbers of people",
            found="another text",
            remedy="write it so with --because",
        )
    if not decided.by.strip():
        raise ConfigurationError(expected="your staff number", found="nothing", remedy="give it with --by")


def _given(rule: Query) -> GivenRule:
    return GivenRule(
        id=rule.id, title=rule.title.en, question=rule.question, law=rule.law or "GDPR art. 32",
        blind_spots=rule.blind_spots, waits=rule.severity != AT_ONCE,
    )  # fmt: skip


def _cases(pack: Pack, words: Words, *, quiet: bool) -> int:
    engine = DuckDbEngine()
    try:
        with progress(words("pack_step_cases"), quiet=quiet):
            return check_pack(pack, engine)
    finally:
        engine.close()


def _line(pack: Pack, words: Words) -> str:
    return words(
        "pack_line", name=pack.name, version=pack.version, author=pack.author, title=_in(pack.title, words),
        grounds=len(pack.grounds), rules=len(pack.rules), profiles=len(pack.profiles),
    )  # fmt: skip


def _in(text: InTwo, words: Words) -> str:
    return text.nl if words.language is Language.NL else text.en


def _told(pack: Pack, words: Words) -> dict[str, object]:
    return {
        "name": pack.name, "version": pack.version, "author": pack.author, "licence": pack.licence,
        "title": _in(pack.title, words), "grounds": [each.id for each in pack.grounds],
        "rules": [each.id for each in pack.rules],
        "profiles": [each.name for each in pack.profiles],
    }  # fmt: skip


def _tried(tried: Tried) -> dict[str, object]:
    return {
        "looks": tried.looks,
        "explained_share": {"before": tried.explained_before, "after": tried.explained_after},
        "null_explained_share": {"before": tried.null_before, "after": tried.null_after},
        "newly_explained": tried.newly,
        "findings": {
            "before": tried.findings_before, "after": tried.findings_after, "gone": tried.findings_gone,
        },
        "grounds": [
            {"ground": each.ground, "weight": str(each.weight), "share": each.share,
             "null_share": each.null_share, "strength": each.strength}
            for each in tried.grounds
        ],
        "rules": [
            {"rule": each.rule, "times": each.times, "staff": each.staff, "weeks": each.weeks}
            for each in tried.rules
        ],
        "weeks": tried.weeks,
    }  # fmt: skip


def _in_words(tried: Tried, words: Words) -> Iterator[str]:
    yield words("pack_newly", count=words.number(tried.newly), looks=words.number(tried.looks))
    yield words(
        "pack_shares", before=words.share(tried.explained_before), after=words.share(tried.explained_after),
        null_before=words.share(tried.null_before), null_after=words.share(tried.null_after),
    )  # fmt: skip
    yield words(
        "pack_findings", before=tried.findings_before, after=tried.findings_after, gone=tried.findings_gone
    )
    for each in tried.grounds:
        yield words(
            "pack_ground", ground=each.ground, share=words.share(each.share),
            null=words.share(each.null_share), strength=words.decimal(each.strength, sign=True),
        )  # fmt: skip
    for rule in tried.rules:
        yield words(
            "pack_rule", rule=rule.rule, times=words.number(rule.times), staff=words.number(rule.staff),
            weeks=rule.weeks, all=tried.weeks,
        )  # fmt: skip
    yield words("pack_nothing_kept")
