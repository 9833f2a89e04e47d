# SPDX-License-Identifier: EUPL-1.2
"""The command on an evidence file: is every line of this PDF what the ledger says?"""

from __future__ import annotations

from pathlib import Path

from rekenschap.audit.desk.evidence_file import Held, check_evidence_file, lines_of
from rekenschap.cli.speak import say, say_json
from rekenschap.cli.texts import Language, words_in
from rekenschap.errors import ExitCode, MalformedProofError, SourceError
from rekenschap.given import read_verifiers
from rekenschap.report.evidence_file.reading import MAX_FILE

_HEAD = b"%PDF-"


def is_pdf(path: Path) -> bool:
    """Say whether a file begins as a PDF does; False for what cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


def verify_file(path: Path, public_key: str | None, *, language: Language, as_json: bool) -> int:
    """Check an evidence file and say each line that holds; raises VerificationError on any doubt."""
    verifiers = () if public_key is None else read_verifiers(public_key)
    held = check_evidence_file(_bytes_of(path), verifiers)
    if as_json:
        say_json(_as_json(held, own_keys=public_key is None))
        return ExitCode.FINE
    words = words_in(language)
    count, size = words.number(len(held.facts)), words.number(held.size)
    say(words("evidence_fine", number=held.number, count=count, origin=held.origin, size=size))
    say(*(words("evidence_line", line=line) for line in lines_of(held)))
    say(words("evidence_signed", names=", ".join(dict.fromkeys(held.signatures))))
    again = "evidence_set_again" if held.set_again else "evidence_not_set_again"
    say(words(again, typesetter=held.typesetter))
    if public_key is None:
        say(words("evidence_own_keys"))
    return ExitCode.FINE


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise MalformedProofError(
                expected=f"an evidence file of at most {MAX_FILE} bytes",
                found="a larger one",
                remedy="give the file that the desk made",
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            expected="an evidence file", found=type(error).__name__, remedy="correct the path"
        ) from None


def _as_json(held: Held, *, own_keys: bool) -> dict[str, object]:
    return {
        "number": held.number,
        "origin": held.origin,
        "size": held.size,
        "signatures": list(held.signatures),
        "facts": [
            {"entry": each.entry, "relation": each.relation, "values": dict(each.values)}
            for each in held.facts
        ],
        "set_again": held.set_again,
        "typesetter": held.typesetter,
        "own_keys": own_keys,
    }
