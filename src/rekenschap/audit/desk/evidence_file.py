# SPDX-License-Identifier: EUPL-1.2
"""Makes an evidence file from a ledger, and checks one without a ledger: every line against its proof.

What holds is told; the first thing that does not is an alarm that names the line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rekenschap.errors import MalformedProofError, RekenschapError, VerificationError, WrongLeafError
from rekenschap.ledger.custody.publickeys import verifier_of
from rekenschap.ledger.custody.trusted import Trusted
from rekenschap.ledger.ledger import Ledger
from rekenschap.ledger.prove import Proven, prove, verify
from rekenschap.report.evidence_file import (
    CHECKPOINT,
    FACTS,
    KEYS,
    EvidenceContent,
    Fact,
    Opened,
    Parts,
    cells_of,
    opened,
    proof_name,
    squeezed,
    typesetter,
    written,
)
from rekenschap.report.evidence_file.page import table_text, values_differ
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import Note, Verifier
from rekenschap.tlog.text import from_base64


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An evidence file that holds. `set_again`: the pages were set again, and came out the same."""

    number: str
    origin: str
    size: int
    signatures: tuple[str, ...]
    facts: tuple[Fact, ...]
    set_again: bool
    typesetter: str


def make(ledger: Ledger, entries: Sequence[int], *, content: EvidenceContent, keys: str) -> bytes:
    """Make the file of these entries under the latest checkpoint; the words are given, the rest is filled in.

    Each proof is checked before it goes in. Raises RefusedError for an entry that is not there.
    """
    verifiers = _verifiers(keys)
    proofs = {entry: prove(ledger, entry) for entry in dict.fromkeys(entries)}
    proven = {entry: verify(text, verifiers) for entry, text in proofs.items()}
    checkpoint = ledger.checkpoint
    whole = replace(
        content,
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root.to_base64(),
        typesetter=typesetter(),
        facts=tuple(_fact(each) for each in proven.values()),
    )
    return written(Parts(content=whole, proofs=proofs, checkpoint=ledger.note, keys=keys))


def check_evidence_file(pdf: bytes, verifiers: Sequence[Verifier] = ()) -> Held:
    """Check a file with these public keys, or with those in it; raises VerificationError on any doubt."""
    # 1. The form: one file, all attachments there, nothing beside them.
    found = opened(pdf)
    content, proofs, note, keys = _parts(found)
    # 2. The checkpoint is signed by the ledger it names.
    trusted = tuple(verifiers) or _verifiers(keys)
    checkpoint, held = Trusted.of(content.origin, trusted).opened_fully(note)
    _check_stand(content, checkpoint)
    # 3. Every fact is in the tree under that checkpoint, with these values.
    for line, fact in enumerate(content.facts, start=1):
        _check_fact(fact, proofs[fact.entry], note, trusted, line=line)
    # 4. The table on the pages says what the facts say, line by line and nothing else.
    _check_table(content, found.text)
    # 5. Set again from its parts, the file is the same to the last byte.
    parts = Parts(content=content, proofs=proofs, checkpoint=note, keys=keys)
    return Held(
        number=content.number,
        origin=content.origin,
        size=content.size,
        signatures=tuple(each.name for each in held),
        facts=content.facts,
        set_again=_check_set_again(parts, pdf, found),
        typesetter=content.typesetter,
    )


def _fact(proven: Proven) -> Fact:
    return Fact(entry=proven.entry, relation=proven.relation.name, values=proven.values)


def _verifiers(keys: str) -> tuple[Verifier, ...]:
    return tuple(verifier_of(line.strip()) for line in keys.splitlines() if line.strip())


def _parts(found: Opened) -> tuple[EvidenceContent, dict[int, str], bytes, str]:
    missing = [name for name in (FACTS, CHECKPOINT, KEYS) if name not in found.attachments]
    if missing:
        raise _wrong(f"the attachment {missing[0]}", "none")
    content = EvidenceContent.from_json(_text(found, FACTS))
    wanted = {FACTS, CHECKPOINT, KEYS, *(proof_name(fact.entry) for fact in content.facts)}
    if len({fact.entry for fact in content.facts}) != len(content.facts):
        raise _wrong("each fact once", "one twice")
    for line, fact in enumerate(content.facts, start=1):
        if proof_name(fact.entry) not in found.attachments:
            raise _wrong(f"the proof of line {line} (entry {fact.entry})", "none", entry=fact.entry)
    if set(found.attachments) != wanted:
        raise _wrong("a proof for each fact and nothing beside them", "other attachments")
    proofs = {fact.entry: _text(found, proof_name(fact.entry)) for fact in content.facts}
    return content, proofs, found.attachments[CHECKPOINT], _text(found, KEYS)


def _text(found: Opened, name: str) -> str:
    try:
        return found.attachments[name].decode("utf-8")
    except UnicodeDecodeError:
        raise _wrong(f"text in UTF-8 in {name}", "other bytes") from None


def _check_stand(content: EvidenceContent, checkpoint: Checkpoint) -> None:
    told = (content.origin, content.size, content.root)
    if told != (checkpoint.origin, checkpoint.size, checkpoint.root.to_base64()):
        raise _wrong("the origin, size and root that the checkpoint signs", "others on the page")


def _check_fact(fact: Fact, proof: str, note: bytes, verifiers: Sequence[Verifier], *, line: int) -> None:
    """Hold one line against its proof; whatever is wrong with the proof is told with the line."""
    where = f"line {line} (entry {fact.entry})"
    try:
        proven = verify(proof, verifiers)
    except VerificationError as error:
        raise type(error)(
            expected=f"a proof of {where} that holds: {error.expected}",
            found=error.found,
            remedy="keep the file as evidence and ask for it again",
            entry=fact.entry,
        ) from error
    if _note_in(proof) != note:
        raise _wrong(f"a proof of {where} under the checkpoint of the file", "another one", entry=fact.entry)
    if (proven.entry, proven.relation.name) != (fact.entry, fact.relation):
        raise _wrong(f"{where} as its proof says", "another entry or kind", entry=fact.entry)
    differ = values_differ(fact.values, proven.values)
    if differ:
        raise WrongLeafError(
            expected=f"{where} as its proof says",
            found=f"another value of {', '.join(differ)}",
            remedy="keep the file as evidence and ask for it again",
            entry=fact.entry,
        )


def _note_in(proof: str) -> bytes:
    return from_base64(str(json.loads(proof)["checkpoint"])) or b""


def _check_table(content: EvidenceContent, text: str) -> None:
    """Find every row on the pages, one straight after another."""
    head = squeezed("regeltijdstipsoortinhoud")
    begin = text.find(head)
    if begin < 0 or text.find(head, begin + 1) >= 0:
        raise _wrong("one table of facts on the pages", "none, or more than one")
    at = begin + len(head)
    for line, (fact, row) in enumerate(zip(content.facts, table_text(content), strict=True), start=1):
        if not text.startswith(row, at):
            raise _wrong(
                f"line {line} (entry {fact.entry}) on the page as the facts say",
                "another text",
                entry=fact.entry,
            )
        at += len(row)
    if not text.startswith(squeezed("Hoe controleert u dit dossier?"), at):
        raise _wrong(f"no more than {len(content.facts)} lines in the table of facts", "another line")


def _check_set_again(parts: Parts, pdf: bytes, found: Opened) -> bool:
    """Set the pages again with the same typesetter; False when this place has another one, or none."""
    try:
        if typesetter() != parts.content.typesetter:
            return False
    except RekenschapError:
        return False
    again = written(parts)
    if again == pdf:
        return True
    ours = opened(again).text
    if ours != found.text:
        at = next(
            (at for at, (one, other) in enumerate(zip(ours, found.text, strict=False)) if one != other),
            min(len(ours), len(found.text)),
        )
        page_says = "above" if at < ours.find("Welkefeitenliggenhieronder?") else "below"
        raise _wrong("the pages as the facts give them", f"another text {page_says} the table of facts")
    raise _wrong("the pages as the facts give them, to the last byte", "pages that were drawn otherwise")


def _wrong(expected: str, found: str, *, entry: int | None = None) -> VerificationError:
    return MalformedProofError(
        expected=expected,
        found=found,
        remedy="keep the file as evidence and ask for it again",
        entry=entry,
    )


def origin_in(note: bytes) -> str:
    """Read the origin a checkpoint names, before anything is believed."""
    return Checkpoint.from_text(Note.from_bytes(note).text).origin


def lines_of(held: Held) -> tuple[str, ...]:
    """Give each line that holds, as people read it."""
    return tuple(" | ".join(cells_of(fact)) for fact in held.facts)
