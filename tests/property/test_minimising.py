# SPDX-License-Identifier: EUPL-1.2
"""No address of a machine passes the door whole, however it is written; and all else passes as it was."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_network

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from rekenschap.intake.fields.addresses import shortened, shortened_bytes
from rekenschap.intake.fields.personal import holds_personal

BEFORE = st.sampled_from(
    ["", "van ", "ip=", "ip_", '"', "[", "http://", "door:", "x-forwarded-for: 10.0.0.1, "]
)
AFTER = st.sampled_from(["", " klaar", ":8080", '"', "]", ", 12:30:45", "/pad", " fout:", "\n"])
PLAIN = [
    "09:15:00.123", "2026-03-02T09:15:00+01:00", "aa:bb:cc:dd:ee:ff", "120.0.6099.71", "std::map",
    "22.11.2026", "4bf92f3577b34da6a3ce929d0e0e4736", "::", "a:b", "1.2.3",
]  # fmt: skip


def one(text: str) -> str:
    return str(shortened(pa.array([text]))[0])


@given(st.ip_addresses(v=4), BEFORE, AFTER)
def test_of_version_4_three_numbers_are_left(address: IPv4Address, before: str, after: str) -> None:
    found = one(f"{before}{address}{after}")
    network = str(ip_network(f"{address}/24", strict=False).network_address)
    assert network in found
    if int(address) % 256:
        assert re.search(rf"(?<![0-9]){re.escape(str(address))}(?![0-9])", found) is None
    assert one(found) == found


@given(st.ip_addresses(v=6), BEFORE.filter(lambda text: text != "door:"), AFTER, st.booleans())
def test_of_version_6_forty_eight_bits_are_left(
    address: IPv6Address, before: str, after: str, in_an_address: bool
) -> None:
    written = str(address).replace(":", "%3A") if in_an_address else str(address)
    if after.startswith(":"):
        written = f"[{written}]"  # a port after an address of version 6 needs brackets (RFC 3986)
    found = one(f"{before}{written}{after}")
    network = str(ip_network(f"{address}/48", strict=False).network_address)
    assert network in found
    if int(address) % 2**80:
        assert str(address) not in found or str(address) == network
    assert shortened_bytes(f"{before}{written}{after}".encode()).decode() == found


@given(st.sampled_from(PLAIN), st.sampled_from(PLAIN))
def test_what_is_no_address_passes_as_it_was(first: str, second: str) -> None:
    text = f"{first} {second}"
    assert one(text) == text
    assert not holds_personal(pa.array([text]))[0]


def test_nothing_and_no_rows_pass() -> None:
    assert shortened(pa.array(["", None, "1.2.3.4"])).to_pylist() == ["", None, "1.2.3.0"]
    assert shortened(pa.array([], pa.string())).to_pylist() == []
    assert holds_personal(pa.array([None, "j@example.nl"], pa.string())).tolist() == [False, True]
    assert shortened_bytes(b"\xff 1.2.3.4").endswith(b"1.2.3.0")


HELD = [
    "BSN 999990019", "post@voorbeeld.example", "naar post%40voorbeeld.example", "bel 06-12345678",
    "bel +31 6 12 34 56 78", "NL91 ABNA 0417 1643 00", "NL91ABNA0417164300", "van 203.0.113.77",
    "2001:db8::1", "fout bij 2001:db8::1: stop",
]  # fmt: skip
NOT_HELD = [
    "10.0.0.5", "127.0.0.1:8080", "::1", "fe80::1", "NL91ABNA0417164301", "zaak Z-2026-000123",
    "@Override", "Face::Add", "0612", "pod-7f9c", "",
]  # fmt: skip


@given(st.sampled_from(HELD), st.sampled_from(NOT_HELD))
def test_what_has_the_form_of_personal_data_is_seen(held: str, other: str) -> None:
    both = pa.array([held, other, f"{other} {held}", f"{held}; {other}"])
    assert holds_personal(both).tolist() == [True, False, True, True]
