# SPDX-License-Identifier: EUPL-1.2
"""The commands on a ledger that is there: check, prove, verify."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rekenschap.cli.custody.originals import check_originals
from rekenschap.cli.ledgers.on_witnesses import NOTHING_KEPT, Elsewhere, held_against, signed_in, size_in
from rekenschap.cli.speak import check_can_write, progress, say, say_json
from rekenschap.cli.texts import Language, Words, words_in
from rekenschap.cli.upkeep.asking_desk import check_desk, has_desk
from rekenschap.errors import ExitCode, MalformedProofError, SourceError
from rekenschap.given import read_policy, read_verifiers
from rekenschap.house import LedgerPlace
from rekenschap.ledger.check import CheckReport, Mode, check
from rekenschap.ledger.prove import MAX_PROOF, Proven, prove, verify
from rekenschap.ledger.state import published_note
from rekenschap.model.columns import Column, Kind
from rekenschap.model.ids import Pseudonym
from rekenschap.packs.held import checked_packs
from rekenschap.tlog.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class HowMuch:
    """How much of a ledger is checked, and with how many processes; see `rekenschap.ledger.check`."""

    sample: int | None = None
    seed: int = 0
    since: bytes | None = None
    resume: Path | None = None
    workers: int | None = None


EVERYTHING = HowMuch()
_MOST_SHOWN = 5


def how_much(
    *, sample: int | None, seed: int, since: Path | None, resume: Path | None, workers: int
) -> HowMuch:
    """Read what limits a check, before the long work begins."""
    return HowMuch(
        sample=sample,
        seed=seed,
        since=None if since is None else signed_in(since),
        resume=resume,
        workers=workers or None,
    )


def check_ledger(
    ledger: Path,
    public_key: str | None,
    *,
    elsewhere: Elsewhere = NOTHING_KEPT,
    much: HowMuch = EVERYTHING,
    language: Language,
    as_json: bool,
) -> int:
    """Check a whole ledger and say that it holds; raises AlarmError when it does not."""
    words, place = words_in(language), LedgerPlace.of(ledger)
    verifiers, anchor = place.verifiers(public_key), place.anchor
    place.check_anchored()
    with progress(words("step_check"), quiet=as_json) as step:
        found = check(
            place.store,
            anchor=anchor,
            verifiers=verifiers,
            progress=step,
            workers=much.workers,
            sample=much.sample,
            seed=much.seed,
            since=much.since,
            resume=much.resume,
            journal=place.journal,
            beside=place.beside,
        )
    at_desk: Mapping[str, int] = {}
    if place.is_at_home and found.mode is Mode.FULL:
        check_originals(place, place.path.parent)
        checked_packs(place.path.parent, place.ledger())
        at_desk = check_desk(place.path.parent) if has_desk(place.path.parent) else {}
    outside = held_against(
        place,
        _with_own_policy(elsewhere, place),
        verifiers=verifiers,
        checkpoint=Checkpoint(origin=place.ledger().origin, size=found.size, root=found.root),
    )
    if as_json:
        desk = {"desk": dict(at_desk)} if at_desk else {}
        say_json(_as_json(found, anchored=anchor is not None) | outside.as_json() | desk)
        return _ended(found)
    say(_first_line(words, found))
    origin = place.ledger().origin
    say(
        words(
            "check_root",
            origin=origin,
            root=found.root.to_base64(),
            segments=words.number(found.segments),
            signatures=len(found.signatures),
        )
    )
    say(*_further(words, found), *_of_desk(words, at_desk))
    if public_key is None:
        say(words("check_own_keys"))
    if anchor is None:
        say(words("check_no_anchor"))
    else:
        say(words("check_anchor", count=words.number(len(anchor.history()))))
    say(*(outside.lines(words) or [words("check_put_back")]))
    return _ended(found)


def _ended(found: CheckReport) -> int:
    """An erasure that waits is no alarm, and nothing a watchman may read over either."""
    return ExitCode.PENDING if found.pending or found.leftovers else ExitCode.FINE


def _with_own_policy(elsewhere: Elsewhere, place: LedgerPlace) -> Elsewhere:
    """Ask of a house what it asked of itself: the witnesses of its own policy, unless another was given.

    Before anything was ever published there is nothing to cosign.
    """
    own = place.config.policy if place.config is not None else None
    published = published_note(place.store)
    if elsewhere.policy is not None or own is None or published is None or not size_in(published):
        return elsewhere
    return replace(elsewhere, policy=read_policy(own))


def _first_line(words: Words, found: CheckReport) -> str:
    size, hashed = words.number(found.size), words.number(found.rows_hashed)
    if found.mode is Mode.FULL:
        return words("check_fine", size=size)
    return words("check_sampled" if found.mode is Mode.SAMPLE else "check_since", size=size, hashed=hashed)


def _further(words: Words, found: CheckReport) -> list[str]:
    """Tell of erasures and of what is not sealed yet."""
    lines = {
        "check_erased": found.erased,
        "check_pending": found.pending,
        "check_leftovers": len(found.leftovers),
        "check_unclosed": found.unclosed,
        "check_unsealed": found.unsealed,
    }
    said = [words(name, count=words.number(count)) for name, count in lines.items() if count]
    if found.recovered:
        entries = sum(last - first + 1 for first, last in found.recovered)
        shown = ", ".join(f"{first}-{last}" for first, last in found.recovered[-_MOST_SHOWN:])
        times, count = len(found.recovered), words.number(entries)
        said.append(words("check_recovered", count=count, times=times, ranges=shown))
    return said


def _of_desk(words: Words, told: Mapping[str, int]) -> list[str]:
    """Tell that the database of the desk agrees, and what waits there."""
    if not told:
        return []
    rows, acts = words.number(told["rows"]), words.number(told["acts"])
    said = [words("check_desk_fine", rows=rows, acts=acts)]
    return said + (
        [words("check_desk_waiting", count=words.number(told["waiting"]))] if told["waiting"] else []
    )


def prove_entry(entry: int, ledger: Path, out: Path | None, *, language: Language) -> int:
    """Write the proof of an entry to a file, or to standard output."""
    if out is not None:
        check_can_write(out, "--out")
    text = prove(LedgerPlace.of(ledger).ledger(), entry)
    if out is None:
        say(text.rstrip("\n"))
    else:
        out.write_text(text, encoding="utf-8")
        say(words_in(language)("proof_written", entry=entry, path=out))
    return ExitCode.FINE


def verify_proof(proof: Path, public_key: str, *, language: Language, as_json: bool) -> int:
    """Check a proof file and say what it proves; raises VerificationError on any doubt."""
    words = words_in(language)
    proven = verify(_text_of(proof), read_verifiers(public_key))
    if as_json:
        say_json(_proven_as_json(proven))
        return ExitCode.FINE
    relation = proven.relation.name
    say(words("verify_fine", entry=proven.entry, relation=relation, origin=proven.origin, size=proven.size))
    given = [column for column in proven.relation if proven.values[column.name] is not None]
    say(*(words("value", name=column.name, value=_shown(column, proven)) for column in given))
    return ExitCode.FINE


def _shown(column: Column, proven: Proven) -> str:
    """Print a value; a token also by the short name that reports use."""
    value = str(proven.values[column.name])
    if column.kind is not Kind.TOKEN or column.domain not in ("staff", "subject", "zaak"):
        return value
    hi = int.from_bytes(urlsafe_b64decode(value + "=" * (-len(value) % 4))[:8], "big", signed=True)
    return f"{Pseudonym(domain=column.domain, hi=hi).short} ({value})"


def _text_of(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise OSError
        if path.stat().st_size > MAX_PROOF:
            raise MalformedProofError(
                expected=f"a proof file of at most {MAX_PROOF} bytes",
                found="a larger one",
                remedy="give the file that `rekenschap prove` wrote",
            )
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MalformedProofError(
            expected="a proof file in JSON",
            found="a binary file",
            remedy="give the file that `rekenschap prove` wrote",
        ) from error
    except OSError as error:
        raise _no_proof(path, "a directory" if path.is_dir() else "none that can be read") from error
    if not text.strip():
        raise _no_proof(path, "an empty file")
    return text


def _no_proof(path: Path, found: str) -> SourceError:
    return SourceError(expected=f"a proof file {path.name}", found=found, remedy="correct the path")


def _as_json(found: CheckReport, *, anchored: bool) -> dict[str, object]:
    return {
        "fine": True,
        "size": found.size,
        "root": found.root.to_base64(),
        "entries": dict(found.entries),
        "segments": found.segments,
        "signatures": len(found.signatures),
        "anchored": anchored,
        "mode": str(found.mode),
        "rows_hashed": found.rows_hashed,
        "checkpoints": found.checkpoints,
        "erased": found.erased,
        "pending": found.pending,
        "leftovers": list(found.leftovers),
        "unclosed": found.unclosed,
        "unsealed": found.unsealed,
        "recovered": [[first, last] for first, last in found.recovered],
    }


def _proven_as_json(proven: Proven) -> dict[str, object]:
    return {
        "fine": True,
        "entry": proven.entry,
        "relation": proven.relation.name,
        "values": proven.values,
        "origin": proven.origin,
        "size": proven.size,
    }
