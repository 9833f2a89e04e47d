# SPDX-License-Identifier: EUPL-1.2
"""Short names on a page."""

import re

from rekenschap.model.ids import Pseudonym


def test_a_member_of_staff_and_a_citizen_are_told_apart_by_their_letter():
    assert Pseudonym(domain="staff", hi=1 << 62).short.startswith("M-")
    assert Pseudonym(domain="subject", hi=1 << 62).short.startswith("P-")


def test_a_short_name_is_five_letters_that_can_be_read_aloud_and_never_a_number_of_nine_digits():
    for hi in (0, -1, 2**63 - 1, -(2**63), 123_456_789_012_345_678):
        assert re.fullmatch(r"M-[0-9A-HJKMNP-TV-Z]{5}", Pseudonym(domain="staff", hi=hi).short)


def test_the_short_name_is_the_first_25_bits_of_the_token():
    assert Pseudonym(domain="staff", hi=0).short == "M-00000"
    assert Pseudonym(domain="staff", hi=-1).short == "M-ZZZZZ"
    assert Pseudonym(domain="staff", hi=1 << 39).short == "M-00001"
