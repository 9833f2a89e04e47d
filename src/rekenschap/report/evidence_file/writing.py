# SPDX-License-Identifier: EUPL-1.2
"""Sets an evidence file: PDF/A-3a and PDF/UA-1, with what proves it attached.

The same parts and the same typesetter give the same bytes: that is how a reader sees that no page changed.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rekenschap.errors import ConfigurationError, RefusedError
from rekenschap.report.evidence_file.content import CHECKPOINT, FACTS, KEYS, EvidenceContent, proof_name
from rekenschap.report.evidence_file.page import page_of

TEMPLATE = Path(__file__).parent.parent / "templates" / "evidence.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What goes into the file: the content, the proof of each of its facts, the checkpoint and the keys."""

    content: EvidenceContent
    proofs: Mapping[int, str]
    checkpoint: bytes
    keys: str


def typesetter() -> str:
    """Name the typesetter with its version; raises ConfigurationError when it is not installed."""
    try:
        return f"typst {version('typst')}"
    except PackageNotFoundError:
        raise ConfigurationError(
            expected="the typesetter typst", found="none", remedy="install rekenschap[reports]"
        ) from None


def written(parts: Parts) -> bytes:
    """Set the file; raises RefusedError when its words cannot be set as accessible, lasting PDF."""
    typesetter()
    import typst

    with tempfile.TemporaryDirectory() as room:
        place = Path(room)
        _lay_out(parts, place)
        try:
            return bytes(
                typst.compile(
                    str(place / "evidence.typ"),
                    root=str(place),
                    format="pdf",
                    pdf_standards=["a-3a", "ua-1"],
                    ignore_system_fonts=True,
                )
            )
        except typst.TypstError as error:
            raise RefusedError(
                expected="words that can be set as PDF/A-3 and PDF/UA-1",
                found=f"words that cannot ({type(error).__name__})",
                remedy="look at the text of notes and replies",
                rule="evidence_file",
            ) from None


def _lay_out(parts: Parts, place: Path) -> None:
    (place / "evidence.typ").write_bytes(TEMPLATE.read_bytes())
    (place / "page.json").write_text(json.dumps(page_of(parts.content)), encoding="utf-8")
    (place / FACTS).write_text(parts.content.to_json(), encoding="utf-8")
    (place / CHECKPOINT).write_bytes(parts.checkpoint)
    (place / KEYS).write_text(parts.keys, encoding="utf-8")
    attached = [
        _attached(FACTS, "application/json", "source", "De feiten en de woorden van dit dossier"),
        _attached(CHECKPOINT, "text/plain", "supplement", "De ondertekende stand van het grootboek"),
        _attached(KEYS, "text/plain", "supplement", "De publieke sleutels van het grootboek"),
    ]
    for fact in parts.content.facts:
        name = proof_name(fact.entry)
        (place / name).write_text(parts.proofs[fact.entry], encoding="utf-8")
        attached.append(_attached(name, "application/json", "data", f"Bewijs van regel {fact.entry}"))
    (place / "attached.json").write_text(json.dumps(attached), encoding="utf-8")


def _attached(name: str, mime: str, relationship: str, says: str) -> dict[str, str]:
    return {"name": name, "mime": mime, "relationship": relationship, "says": says}
