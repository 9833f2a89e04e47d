# SPDX-License-Identifier: EUPL-1.2
"""One event of Windows, as XML, to a row: System by its own names, and what the event says under `data.`.

No entity is resolved and no network touched; a document type declaration is refused.
"""

from __future__ import annotations

from lxml import etree

_NOBODY = {"-", ""}


def read_event(text: bytes) -> dict[str, object] | None:
    """Read one `<Event>`; nothing when it is none. A key that stands twice keeps its first value."""
    if b"<!" in text[:200] or b"<!DOCTYPE" in text:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    row: dict[str, object] = {}
    for part in root:
        name = _name(part)
        if name == "System":
            for each in part:
                _put_system(row, each)
        elif name in ("EventData", "UserData"):
            for each in part.iter():
                _put_data(row, each)
    return row if "EventID" in row else None


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _put_system(row: dict[str, object], element: etree._Element) -> None:
    """Take the text of a part of System, and each of its attributes as `Part.Attribute`."""
    name = _name(element)
    if element.text and element.text.strip():
        row.setdefault(name, element.text.strip())
    for attribute, value in element.attrib.items():
        row.setdefault(f"{name}.{attribute!s}", value)


def _put_data(row: dict[str, object], element: etree._Element) -> None:
    """Take a value of the event; one dash is how Windows writes nothing."""
    if len(element) or not element.text or element.text.strip() in _NOBODY:
        return
    name = element.get("Name") or _name(element)
    row.setdefault(f"data.{name}", element.text.strip())
