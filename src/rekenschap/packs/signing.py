# SPDX-License-Identifier: EUPL-1.2
"""The signature of an author over a pack: a signed note (C2SP) whose text is the content. Holds no key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rekenschap.errors import KeysError, MalformedCheckpointError, WrongSignatureError
from rekenschap.packs.content import SIGNATURE_FILE, content_of
from rekenschap.tlog.note import Note, Signer, Verifier, check_note, sign_note


def sign_pack(folder: Path, signer: Signer) -> None:
    """Write the signature beside the files; an earlier one is replaced."""
    note = sign_note(content_of(folder), [signer])
    (folder / SIGNATURE_FILE).write_bytes(note.to_bytes())


def check_signature(folder: Path, verifiers: Sequence[Verifier]) -> str:
    """Give the name of the key that signed exactly these files.

    Raises KeysError without a signature, and WrongSignatureError when it is not of these keys, or when
    a file was changed, added or taken away since.
    """
    try:
        note = Note.from_bytes((folder / SIGNATURE_FILE).read_bytes())
    except OSError:
        raise KeysError(
            expected=f"a signature in {SIGNATURE_FILE}",
            found="none",
            remedy="ask the author for the signed pack",
        ) from None
    except MalformedCheckpointError:
        raise WrongSignatureError(
            expected=f"a signature in {SIGNATURE_FILE}",
            found="another text",
            remedy="get the pack from its author again",
        ) from None
    name = check_note(note, verifiers)[0].name
    if note.text != content_of(folder):
        raise WrongSignatureError(
            expected="the files of the pack as they were signed",
            found="others",
            remedy="get the pack from its author again",
        )
    return name
