# SPDX-License-Identifier: EUPL-1.2
import pyarrow as pa
import pytest
from stdnum.nl import bsn

from rekenschap.intake.fields.numbers_in_text import holds_bsn, is_bsn


@pytest.mark.parametrize(
    "number", ["999990019", "012345672", "12345672", "999990020", "999990021", "000000000", "123456789"]
)
def test_the_eleven_test_agrees_with_an_independent_one(number):
    assert is_bsn(number) == (bsn.is_valid(number) and int(number) != 0)


@pytest.mark.parametrize("text", ["1234567", "9999900190", "99999001a", "٩٩٩٩٩٠٠١٩", ""])
def test_what_is_not_eight_or_nine_digits_is_no_bsn(text):
    assert not is_bsn(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("burger 999990019 belt", True),
        ("A999990019_x", True),
        ("9999.90.019", True),
        ("999 990 019", True),
        ("bsn:12345672", True),
        ("zaak 20111006", False),
        ("999990021", False),
        ("9999900190", False),
        ("19999900199", False),
        ("naam,adres", False),
        (None, False),
    ],
)
def test_a_bsn_in_a_text_is_found(text, found):
    assert holds_bsn(pa.array([text], pa.string())).tolist() == [found]
