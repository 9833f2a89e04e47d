# SPDX-License-Identifier: EUPL-1.2
"""The evidence file of an investigation: one PDF that people read and that carries what proves it.

Says how it is written and read; whether it holds is for `rekenschap.audit.desk.evidence_file`.
"""

from rekenschap.report.evidence_file.content import (
    CHECKPOINT,
    FACTS,
    KEYS,
    EvidenceContent,
    Fact,
    Moment,
    Section,
    proof_name,
)
from rekenschap.report.evidence_file.page import cells_of, squeezed
from rekenschap.report.evidence_file.reading import Opened, opened
from rekenschap.report.evidence_file.writing import Parts, typesetter, written

__all__ = [
    "CHECKPOINT",
    "FACTS",
    "KEYS",
    "EvidenceContent",
    "Fact",
    "Moment",
    "Opened",
    "Parts",
    "Section",
    "cells_of",
    "opened",
    "proof_name",
    "squeezed",
    "typesetter",
    "written",
]
