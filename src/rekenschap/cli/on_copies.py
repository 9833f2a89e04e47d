# SPDX-License-Identifier: EUPL-1.2
"""The commands that move a ledger or get it going again: backup, replicate, restore, repair, recover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import sleep

from rekenschap.cli.speak import program, progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.errors import ExitCode, RefusedError
from rekenschap.given import read_verifiers
from rekenschap.house import House, LedgerPlace, copy_at, right_now
from rekenschap.ledger.copying import Copied, Site, copy, repair
from rekenschap.ledger.keeping.erasing import finish_erasures
from rekenschap.tlog.note import Verifier

EVIDENCE_DIRECTORY = "evidence"


def backup(ledger: Path, target: str, public_key: str | None, *, language: Language, as_json: bool) -> int:
    """Bring a copy elsewhere up to the ledger, and check it there."""
    words, place = words_in(language), LedgerPlace.of(ledger)
    copied = _copied(place.site, copy_at(target), place.verifiers(public_key), words, quiet=as_json)
    _say_copied(copied, words, "backup_done", place=target, as_json=as_json)
    if not as_json:
        say(words("backup_next"))
    return ExitCode.FINE


def replicate(ledger: Path, target: str, public_key: str | None, *, every: int, language: Language) -> int:
    """Keep a copy elsewhere up to date until it is stopped; what is bad here never reaches what is there."""
    words, place = words_in(language), LedgerPlace.of(ledger)
    verifiers = place.verifiers(public_key)
    while True:
        copied = _copied(place.site, copy_at(target), verifiers, words, quiet=True)
        at = right_now().strftime("%H:%M:%S")
        size, blobs = words.number(copied.report.size), words.number(copied.blobs)
        say(words("replicate_done", at=at, size=size, blobs=blobs))
        if not every:
            return ExitCode.FINE
        sleep(every)


def restore(source: str, home: Path, public_key: str, *, language: Language, as_json: bool) -> int:
    """Bring a ledger back from a copy into a house that has none, or an older one of the same history."""
    words, house = words_in(language), House.at(home)
    copied = _copied(copy_at(source), house.site, read_verifiers(public_key), words, quiet=as_json)
    house.keep_public_keys(public_key)
    _say_copied(copied, words, "restore_done", place=str(home), as_json=as_json)
    if not as_json:
        say(words("restore_keys", program=program()))
    return ExitCode.FINE


def mend(source: str, home: Path, public_key: str | None, *, language: Language, as_json: bool) -> int:
    """Put back files that differ from a copy which proves itself; what stood there is kept."""
    words, place = words_in(language), LedgerPlace.of(home)
    aside = home / EVIDENCE_DIRECTORY / right_now().strftime("%Y%m%dT%H%M%SZ")
    with progress(words("step_check"), quiet=as_json):
        mended = repair(
            place.site, copy_at(source), verifiers=place.verifiers(public_key), put_aside=_into(aside)
        )
    if as_json:
        say_json({"put_back": [*mended], "evidence": str(aside) if aside.exists() else None})
        place.check_anchored()
        return ExitCode.FINE
    say(words("repair_done" if mended else "repair_none", count=words.number(len(mended))))
    say(*(f"   {name}" for name in mended))
    if aside.exists():
        say(words("repair_evidence", path=aside))
    place.check_anchored()
    say(words("repair_next", program=program(), path=home))
    return ExitCode.FINE


def recover(home: Path, *, language: Language, as_json: bool) -> int:
    """Bring a ledger to rest after a crash: say what was found, sign and seal what was promised."""
    words, house = words_in(language), House.at(home)
    if not house.is_founded:
        raise RefusedError(
            expected="a house with a ledger",
            found="none",
            remedy="give --home, or restore the ledger from a copy",
            rule="a ledger",
        )
    with progress(words("step_recover"), quiet=as_json), house.sequencer(background=False) as sequencer:
        found, size = sequencer.recovered, sequencer.size
    ledger = LedgerPlace.of(home).ledger()
    gone = finish_erasures(ledger, every=True).rows
    house.ledger(origin=ledger.origin)  # says in the ledger what is gone
    if as_json:
        say_json(
            {
                "size": size,
                "was_sealed": found.sealed,
                "was_signed": found.signed,
                "recovered": None if found.unsigned is None else [*found.unsigned],
                "torn_bytes": found.torn,
                "cleared": [*found.cleared],
                "remade": [[first, last] for first, last in found.remade],
                "erased": gone,
            }
        )
        return ExitCode.FINE
    say(words("recover_done", size=words.number(size)))
    if found.size > found.sealed:
        say(words("recover_sealed", sealed=words.number(found.size - found.sealed)))
    if found.unsigned is not None:
        first, last = found.unsigned
        count = words.number(last - first + 1)
        say(words("recover_signed", count=count, first=first, last=last))
    if found.remade:
        ranges = ", ".join(f"{first}-{last}" for first, last in found.remade)
        say(words("recover_remade", ranges=ranges))
    if found.torn:
        say(words("recover_torn", torn=words.number(found.torn)))
    if found.cleared:
        say(words("recover_cleared", count=words.number(len(found.cleared))))
    if gone:
        say(words("recover_erased", rows=words.number(gone)))
    say(words("recover_next", program=program(), path=home))
    return ExitCode.FINE


def _copied(
    source: Site, target: Site, verifiers: Sequence[Verifier], words: Words, *, quiet: bool
) -> Copied:
    with progress(words("step_copy"), quiet=quiet) as step:
        return copy(source, target, verifiers=verifiers, progress=step)


def _say_copied(copied: Copied, words: Words, done: str, *, place: str, as_json: bool) -> None:
    report = copied.report
    if as_json:
        say_json(
            {
                "size": report.size,
                "root": report.root.to_base64(),
                "blobs": copied.blobs,
                "bytes": copied.bytes,
                "removed": copied.removed,
            }
        )
        return
    say(words(done, place=place, size=words.number(report.size)))
    say(words("copied", blobs=words.number(copied.blobs), megabytes=words.decimal(copied.bytes / 1e6)))
    if copied.removed:
        say(words("copied_removed", count=words.number(copied.removed)))
    say(words("copied_checked", root=report.root.to_base64()))


def _into(aside: Path) -> Callable[[str, bytes], None]:
    """Give what keeps a blob as evidence under `aside`."""

    def put(name: str, blob: bytes) -> None:
        place = aside / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.write_bytes(blob)

    return put
