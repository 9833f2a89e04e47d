# SPDX-License-Identifier: EUPL-1.2
"""One value, one spelling."""

import pytest

from rekenschap.tlog.text import MAX_NUMBER, from_base64, from_decimal, is_key_name, is_plain, to_base64


@pytest.mark.parametrize("number", [0, 1, 10, 10**18, MAX_NUMBER])
def test_a_number_is_read_back(number: int) -> None:
    assert from_decimal(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "00", "01", "-1", "+1", " 1", "1 ", "1_0", "1.0", "\u0661", "\u00b2", "9" * 5000]
)
def test_another_spelling_is_no_number(text: str) -> None:
    assert from_decimal(text) is None


def test_a_number_beyond_63_bits_is_refused() -> None:
    assert from_decimal(str(MAX_NUMBER + 1)) is None


@pytest.mark.parametrize("raw", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_bytes_are_read_back(raw: bytes) -> None:
    assert from_base64(to_base64(raw)) == raw


@pytest.mark.parametrize("text", ["YQ", "YR==", "YQ==\n", "Y Q==", "_-8=", "\u00e9", "YQ==YQ==", "="])
def test_another_spelling_is_no_base64(text: str) -> None:
    assert from_base64(text) is None


@pytest.mark.parametrize("text", ["", "a\n", "a\x1f", "a\ud800", "a\udfff"])
def test_control_characters_and_half_characters_are_not_plain(text: str) -> None:
    assert not is_plain(text)
    assert not is_key_name(text)


@pytest.mark.parametrize("text", ["a b", "a\u00a0b", "a\u2003b", "a\u3000", "a+b"])
def test_a_key_name_has_no_spaces_and_no_plus(text: str) -> None:
    assert is_plain(text)
    assert not is_key_name(text)


def test_other_scripts_are_welcome() -> None:
    assert is_key_name("gemeente.example/\u00e9\u00e9n-\ud7ff-\ue000")
