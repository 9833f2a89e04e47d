# SPDX-License-Identifier: EUPL-1.2
"""How sure a provider is of somebody, and whether that is sure enough for personal data."""

from __future__ import annotations

from collections.abc import Mapping

ORDER = ("basis", "midden", "substantieel", "hoog")
"""The levels of DigiD, lowest first."""

_CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_NAMES: Mapping[str, str] = {
    **{each: each for each in ORDER},
    f"{_CLASSES}PasswordProtectedTransport": "basis",
    f"{_CLASSES}MobileTwoFactorContract": "midden",
    f"{_CLASSES}Smartcard": "substantieel",
    f"{_CLASSES}SmartcardPKI": "hoog",
    "http://eidas.europa.eu/LoA/low": "basis",
    "http://eidas.europa.eu/LoA/substantial": "substantieel",
    "http://eidas.europa.eu/LoA/high": "hoog",
}
"""What brokers call them: DigiD's own words, the SAML classes it uses, and those of eIDAS."""


def level_of(told: object) -> str | None:
    """Give our name for what a provider says; None for what we do not know, which is never enough."""
    return _NAMES.get(told) if isinstance(told, str) else None


def is_enough(told: object, at_least: str) -> bool:
    """Say whether a level is high enough."""
    level = level_of(told)
    return level is not None and at_least in ORDER and ORDER.index(level) >= ORDER.index(at_least)
