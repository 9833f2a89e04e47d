# SPDX-License-Identifier: EUPL-1.2
"""What `[saml]` in `citizen.toml` says: DigiD itself signs citizens in, without a broker between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rekenschap.errors import ConfigurationError

LEVELS = ("midden", "substantieel", "hoog")
_NEEDED = ("entity_id", "provider", "metadata", "key", "certificate")
_KNOWN = (*_NEEDED, "name", "at_least")
_FILES = ("metadata", "key", "certificate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saml:
    """The connection with DigiD (SAML 2.0, artifact binding). Paths are of files in PEM or XML."""

    entity_id: str
    """how DigiD knows us"""
    provider: str
    """the entity ID of DigiD in its metadata"""
    metadata: Path
    key: Path
    certificate: Path
    name: str = "DigiD"
    at_least: str = "midden"


def saml_in(told: object) -> Saml:
    """Read the table; raises ConfigurationError for what is missing, unknown or too low."""
    if not isinstance(told, dict) or not set(_NEEDED) <= set(told):
        raise _wrong(f"{', '.join(_NEEDED)} under [saml]", "fewer", "see the connection form of DigiD")
    given = _texts(told)
    if given.get("at_least", "midden") not in LEVELS:
        raise _wrong(
            f"at_least under [saml] to be one of {', '.join(LEVELS)}", "another level",
            "ask for two factors: personal data is never shown on a password alone",
        )  # fmt: skip
    missing = [name for name in _FILES if not Path(given[name]).is_file()]
    if missing:
        raise _wrong(f"a file at {missing[0]} under [saml]", "none", "put it there, or correct the path")
    if find_spec("digid_eherkenning") is None:
        raise _wrong(
            "the library that comes with rekenschap[saml]", "none",
            "install it with: pip install 'rekenschap[saml]'",
        )  # fmt: skip
    paths = {name: Path(given.pop(name)).resolve() for name in _FILES}
    return Saml(
        entity_id=given["entity_id"], provider=given["provider"], name=given.get("name", "DigiD"),
        at_least=given.get("at_least", "midden"), **paths,
    )  # fmt: skip


def _texts(told: Mapping[str, object]) -> dict[str, str]:
    for key, value in told.items():
        if key not in _KNOWN:
            raise _wrong(f"{', '.join(_KNOWN)} under [saml]", f"the key {key!r}", "take it out")
        if not isinstance(value, str):
            raise _wrong(f"a text for {key} under [saml]", "something else", "put it in quotes")
    return {key: str(value) for key, value in told.items()}


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy=remedy)
