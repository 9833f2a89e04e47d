# SPDX-License-Identifier: EUPL-1.2
"""Which kinds of paper are taken: told from the bytes, never from the name somebody gave."""

from __future__ import annotations

import io
import zipfile

MOST_BYTES = 10 * 1024 * 1024
_HEADS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OPEN_OFFICE = {
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
}
ACCEPT = ".pdf,.png,.jpg,.jpeg,.txt,.docx,.xlsx,.odt,.ods"


def kind_of(raw: bytes) -> str:
    """Give the kind of a paper, or an empty text when it is not one that is taken."""
    for head, kind in _HEADS:
        if raw.startswith(head):
            return kind
    if raw.startswith(b"PK\x03\x04"):
        return _kind_of_zip(raw)
    return "text/plain" if _is_text(raw) else ""


def _is_text(raw: bytes) -> bool:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text) and all(each.isprintable() or each in "\r\n\t\ufeff" for each in text)


def _kind_of_zip(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = set(packed.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return ""  # programs in a paper are not taken
            if "mimetype" in names and packed.getinfo("mimetype").file_size < 200:
                told = packed.read("mimetype").decode("ascii", "replace")
                return told if told in _OPEN_OFFICE else ""
            return next((kind for part, kind in _OFFICE.items() if part in names), "")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return ""
