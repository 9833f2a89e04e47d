# SPDX-License-Identifier: EUPL-1.2
"""Tells which texts hold personal data of a kind that can be known by its form: a citizen service number, an
e-mail address, an address of a machine on the internet, a telephone number, a bank account.

A name has no form, so a name alone is not seen. Addresses of private networks do not count: a log of an
application names its own machines.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.numbers_in_text import holds_bsn
from rekenschap.intake.fields.parsed import Mask, mask_of

_MAIL = r"[0-9A-Za-z._%+'-]+(?:@|%40)[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+"
_TELEPHONE = r"(?:^|[^0-9A-Za-z])(?:\+31|0031|0)[ -]?[1-9](?:[ -]?[0-9]){8}(?:[^0-9A-Za-z]|$)"
_MAYBE_MACHINE = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:]*"
_MAYBE_ACCOUNT = r"\b[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11,30}\b"
_OWN = [
    *map(ip_network, ("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12")),
    *map(ip_network, ("192.168.0.0/16", "224.0.0.0/3")),
]
"""Networks of version 4 that do not lead to a connection of a person on the internet."""
_INTERNET_6 = ip_network("2000::/3")
"""All that is given out of version 6 (RFC 4291, 2.4); names in a program such as `Face::Add` lie outside."""


def holds_personal(texts: pa.Array) -> Mask:
    """Tell of each text (strings) whether personal data stands in it; each distinct text is read once."""
    coded = texts.dictionary_encode()
    plain = coded.dictionary
    found = np.array(holds_bsn(plain))
    for pattern in (_MAIL, _TELEPHONE):
        found |= mask_of(pc.match_substring_regex(plain, pattern))
    for pattern, judge in ((_MAYBE_MACHINE, _is_on_the_internet), (_MAYBE_ACCOUNT, _is_account)):
        maybe = np.flatnonzero(mask_of(pc.match_substring_regex(plain, pattern)) & ~found)
        read = plain.take(pa.array(maybe)).to_pylist()
        found[maybe] = [any(judge(each) for each in re.findall(pattern, text)) for text in read]
    return mask_of(pa.array(found).take(coded.indices))


def _is_on_the_internet(text: str) -> bool:
    for inside in (text, text.strip(":")):
        try:
            address = ip_address(inside)
        except ValueError:
            continue
        return address in _INTERNET_6 or (address.version == 4 and not any(address in each for each in _OWN))
    return False


def _is_account(text: str) -> bool:
    """Do the test of an IBAN (ISO 7064, 97-10)."""
    account = text.replace(" ", "")
    turned = account[4:] + account[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1
