# SPDX-License-Identifier: EUPL-1.2
"""Packs: grounds, rules and source profiles that one organisation makes and another tries before taking.

Reads and checks a folder and its signature; knows no house, no ledger and no engine.
"""

from rekenschap.packs.content import SIGNATURE_FILE, content_of, digest_of
from rekenschap.packs.pack import PACK_FILE, Pack, read_pack
from rekenschap.packs.signing import check_signature, sign_pack

__all__ = [
    "PACK_FILE",
    "SIGNATURE_FILE",
    "Pack",
    "check_signature",
    "content_of",
    "digest_of",
    "read_pack",
    "sign_pack",
]
