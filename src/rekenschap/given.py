# SPDX-License-Identifier: EUPL-1.2
"""What an outsider hands us on the command line: public keys, a policy of witnesses, roots of authorities.

Reads small files whole, and takes an empty one for no file. Believes nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from rekenschap.adapters.keys.signatures import verifier_of
from rekenschap.adapters.timestamps import roots_in, timestamped_at
from rekenschap.errors import ConfigurationError, KeysError
from rekenschap.tlog.note import Verifier
from rekenschap.tlog.policy import Policy
from rekenschap.tlog.vkey import VerifierKey

_MOST_BYTES = 1_000_000


def read_verifiers(given: str) -> tuple[Verifier, ...]:
    """Read public keys from a file with one verifier text on each line, or from such a text itself."""
    verifiers = tuple(verifier_of(line.strip()) for line in key_lines(given).splitlines() if line.strip())
    if not verifiers:
        raise KeysError(
            expected="at least one public key",
            found="an empty file",
            remedy="give the public-keys.txt of the ledger with --public-key",
        )
    return verifiers


def key_lines(given: str) -> str:
    """Give the lines of a file with public keys, or the verifier text that was given itself."""
    path = Path(given)
    if "+" in given and not path.is_file():
        return given
    try:
        return _bytes_of(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(
            expected="a file with public keys",
            found="a directory" if path.is_dir() else "none that can be read",
            remedy="give the public-keys.txt of the ledger with --public-key",
        ) from error


def _bytes_of(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise OSError
    return path.read_bytes()


def read_policy(path: Path) -> Policy:
    """Read a witness policy (C2SP tlog-policy) from a file; raises ConfigurationError."""
    return Policy.from_bytes(_given(path, "a file with a witness policy"))


def read_roots(path: Path) -> Callable[[bytes, str], datetime]:
    """Read the roots (PEM) of timestamp authorities; gives what checks a reply over a text under them."""
    roots = roots_in(_given(path, "a file with root certificates (PEM) of timestamp authorities"))
    return lambda tsr, text: timestamped_at(tsr, text, roots)


def _given(path: Path, what: str) -> bytes:
    found = "none that can be read"
    with suppress(OSError):
        if (raw := _bytes_of(path)).strip():
            return raw
        found = "an empty file"
    raise ConfigurationError(expected=what, found=found, remedy="correct the path")


def as_verifier(key: VerifierKey) -> Verifier:
    """Give the key of a policy as one that checks."""
    return verifier_of(key.to_text())
