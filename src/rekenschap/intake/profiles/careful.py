# SPDX-License-Identifier: EUPL-1.2
"""The parts of a source profile about care: what may not pass the door, and the activity it belongs to."""

from __future__ import annotations

import re

from rekenschap.intake.profile import Handling, Minimising, Profile
from rekenschap.intake.profiles.strict import (
    Node,
    check_keys,
    configuration_error,
    in_two_languages,
    mapping_at,
    one_of,
    text_at,
    texts_at,
)
from rekenschap.model.relations import PROCESSING_ACTIVITY

_DOOR = ("addresses", "leave_out", "personal", "counted_by")
_HANDLING = (
    "activity", "purpose", "read_by", "legal_basis", "law", "categories", "confidentiality", "days",
)  # fmt: skip


def parse_minimising(node: Node, *, keeps: bool) -> Minimising:
    """Read `door`; what keeps whole records cannot leave a part of them out."""
    parts = mapping_at(node, "door")
    check_keys(parts, _DOOR, "door")
    addresses = one_of(text_at(parts.get("addresses", "keep"), "door.addresses"), ("keep", "shorten"), "door")
    personal = one_of(text_at(parts.get("personal", "pass"), "door.personal"), ("pass", "refuse"), "door")
    found = Minimising(
        leaves_out=frozenset(texts_at(parts.get("leave_out", []), "door.leave_out")),
        shortens_addresses=addresses == "shorten",
        refuses_personal=personal == "refuse",
        counted_by=text_at(parts.get("counted_by", ""), "door.counted_by"),
    )
    if keeps and (found.leaves_out or found.shortens_addresses):
        raise configuration_error("door", "no keep: record beside leave_out or addresses", "both")
    return found


def parse_handling(node: Node) -> Handling:
    """Read `handling`."""
    parts = mapping_at(node, "handling")
    check_keys(parts, _HANDLING, "handling")
    texts = {
        name: text_at(parts.get(name), f"handling.{name}")
        for name in ("activity", "legal_basis", "law", "categories", "confidentiality")
    }
    for name in ("legal_basis", "confidentiality"):
        one_of(texts[name], PROCESSING_ACTIVITY[name].codes, f"handling.{name}")
    days = text_at(parts["days"], "handling.days") if "days" in parts else None
    if days is not None and not re.fullmatch(r"[1-9][0-9]{0,4}", days):
        raise configuration_error("handling.days", "a whole number of days", f"{days!r}")
    return Handling(
        **texts,
        purpose=in_two_languages(parts.get("purpose"), "handling.purpose"),
        read_by=in_two_languages(parts.get("read_by"), "handling.read_by"),
        days=None if days is None else int(days),
    )


def register_entry(profile: Profile, *, valid_from: str) -> dict[str, object]:
    """Give what a profile says of its handling, as a line for the register; empty when it says nothing."""
    told = profile.handling
    if told is None:
        return {}
    return {
        "relation": "processing_activity", "processing_activity": told.activity, "edition": 1,
        "name": profile.title["nl"], "purpose": told.purpose["nl"], "legal_basis": told.legal_basis,
        "law": told.law, "categories": told.categories, "recipients": told.read_by["nl"],
        "retention_period": told.days, "confidentiality": told.confidentiality, "valid_from": valid_from,
    }  # fmt: skip
