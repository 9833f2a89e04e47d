# SPDX-License-Identifier: EUPL-1.2
"""Keys in files, keys from a seed, and public keys to check with."""

from rekenschap.adapters.keys.file import FileKeys
from rekenschap.adapters.keys.memory import MemoryKeys
from rekenschap.adapters.keys.signatures import verifier_of

__all__ = ["FileKeys", "MemoryKeys", "verifier_of"]
