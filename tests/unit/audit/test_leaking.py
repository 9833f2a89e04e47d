# SPDX-License-Identifier: EUPL-1.2
"""A leaked list as people paste it becomes lines of tokens; a BSN however it is written is one person."""

from datetime import UTC, date, datetime

import pytest

from rekenschap.audit.desk.leaking import read_list, window_of
from rekenschap.errors import ConfigurationError

KEY = b"k" * 32


def test_each_line_is_a_person_and_a_semicolon_keeps_an_address_together():
    leaked = read_list("K-000001\n\nK-000002;K-000003\r\n", KEY)
    assert [len(line) for line in leaked.lines] == [1, 2]


def test_a_bsn_is_the_same_person_however_it_is_written():
    one, other, third = read_list("111222333\n1112.22.333\n 111 222 333 ", KEY).lines
    assert one == other == third


def test_a_heading_is_no_person():
    assert len(read_list("\ufeffBSN\n111222333\n", KEY).lines) == 1
    assert len(read_list("klantnummer;naam van het adres\nK-000001\n", KEY).lines) == 1


def test_the_same_person_twice_on_a_line_is_one():
    assert len(read_list("K-000001;K-000001", KEY).lines[0]) == 1


def test_another_key_gives_other_tokens():
    assert read_list("K-000001", KEY) != read_list("K-000001", b"j" * 32)


@pytest.mark.parametrize("text", ["", "\n \n", "BSN\n", "x" * 2001])
def test_what_is_no_list_is_refused_without_its_words(text):
    with pytest.raises(ConfigurationError) as refused:
        read_list(text, KEY)
    assert "xxx" not in str(refused.value)


def test_both_days_of_a_window_are_whole_days_here():
    window = window_of(date(2026, 3, 28), date(2026, 3, 29))  # the clock goes forward on the 29th
    assert window.begins == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert window.ends == datetime(2026, 3, 29, 22, tzinfo=UTC)
