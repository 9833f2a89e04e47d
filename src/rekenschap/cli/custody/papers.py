# SPDX-License-Identifier: EUPL-1.2
"""Statements and orders as files that travel between officers: a text, then a note with signatures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rekenschap.cli.speak import program
from rekenschap.errors import RefusedError, SourceError, VerificationError
from rekenschap.ledger.custody.key_statements import KeyStatement
from rekenschap.ledger.custody.orders import Order, OrderAction
from rekenschap.ledger.custody.statements import read_note, sign_statement
from rekenschap.ledger.keeping.recorded import joined_notes, statement_in
from rekenschap.tlog.note import MAX_NOTE_SIZE, Note, NoteSignature, Signer

_UNSIGNED = NoteSignature(name="nobody", key_id=bytes(4), packed=bytes(1))


def read_paper(path: Path) -> tuple[str, Note | None, KeyStatement | Order]:
    """Read a statement that may be signed already: its text, the note when it is one, and what it states.

    Raises RefusedError unless it is a statement about keys or an order: nothing else gets a signature.
    """
    raw = _read(path)
    signed = b"\n\n" in raw
    try:
        note = read_note(raw) if signed else Note(text=raw.decode(), signatures=(_UNSIGNED,))
        found = statement_in(note)
    except (VerificationError, UnicodeDecodeError) as error:
        raise RefusedError(
            expected="a statement about keys, or an order, as rekenschap wrote it",
            found="another text",
            remedy="do not sign it; ask for the file anew",
            rule="four eyes",
        ) from error
    return note.text, note if signed else None, found


def carried_out_by(stated: KeyStatement | Order) -> str:
    """Name the command that does what a signed statement says."""
    if isinstance(stated, KeyStatement):
        return "keys accept"
    return "hold" if stated.action is OrderAction.RELEASE else stated.action.value


def signed_with(text: str, note: Note | None, signer: Signer) -> Note:
    """Give the note with the signature of this key under it, once."""
    line = sign_statement(text, signer)
    before = () if note is None else note.signatures
    return Note(text=text, signatures=tuple(dict.fromkeys((*before, line))))


def read_signed(paths: Sequence[Path]) -> tuple[Note, KeyStatement | Order]:
    """Read copies of one signed statement into one note, and what it states; raises RefusedError."""
    try:
        note = joined_notes([_read(path) for path in paths])
        return note, statement_in(note)
    except VerificationError as error:
        raise RefusedError(
            expected="a statement about keys, or an order, with signatures under it",
            found="another text, or one that nobody signed",
            remedy=f"have it signed first: {program()} keys sign; or ask for the file anew",
            rule="four eyes",
        ) from error


def _read(path: Path) -> bytes:
    try:
        if not path.is_file() or path.stat().st_size > MAX_NOTE_SIZE:
            raise OSError
        raw = path.read_bytes()
    except OSError as error:
        raise _no_paper(path, "a directory" if path.is_dir() else "no file that can be read") from error
    if not raw.strip():
        raise _no_paper(path, "an empty file")
    return raw


def _no_paper(path: Path, found: str) -> SourceError:
    return SourceError(
        expected=f"a statement or an order in {path.name}", found=found, remedy="correct the path"
    )
