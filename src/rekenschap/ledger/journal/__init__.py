# SPDX-License-Identifier: EUPL-1.2
"""The journal: what makes an acknowledgement true before the rows are anywhere else.

Knows rows as bytes with an index; no relation, key, tree or checkpoint.
"""

from rekenschap.ledger.journal.batch import Batch, Limits
from rekenschap.ledger.journal.frames import Frame
from rekenschap.ledger.journal.journal import Journal
from rekenschap.ledger.journal.reading import Found, first_indexes, frames_in_file, read_journal

__all__ = ["Batch", "Found", "Frame", "Journal", "Limits", "first_indexes", "frames_in_file", "read_journal"]
