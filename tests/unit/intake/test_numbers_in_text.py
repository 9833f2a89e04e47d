# SPDX-License-Identifier: EUPL-1.2
import numpy as np
import pyarrow as pa
import pytest
from stdnum.nl import bsn

from rekenschap.intake.fields.numbers_in_text import are_bsns, holds_bsn
from rekenschap.model.bsn import as_bsn, bsns_in, bsns_replaced, is_bsn, without_bsn


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
        ("999-990-019", True),
        ("99 99 90 019", True),
        ("9 9 9 9 9 0 0 1 9", True),
        ("999\u00a0990\u202f019", True),
        ("999. 990/-019", True),
        ("999\u2013990\u2011019", True),
        ("９９９９９００１９", True),
        ("op 2026-03-02 999-990-019", True),
        ("12 999 990 019", True),
        ("12-999-990-019", True),
        ("1.999990019", True),
        ("999   990   019", False),
        ("999_990_019", True),
        ("burger_999_990_019_x", True),
        ("12_999_990_019", True),
        ("9999_90_019", True),
        ("99_99_90_019", True),
        ("9_9_9_9_9_0_0_1_9", True),
        ("999__990__019", True),
        ("999_990-019", True),
        ("999\uff3f990\uff3f019", True),
        ("999:990:019", True),
        ("bsn:999:990:019", True),
        ("9999:90:019", True),
        ("999,990,019", True),
        ("burger 999,990,019, balie", True),
        ("1,999,990,019", False),
        ("999,990,019.50", False),
        ("9999,90019", False),
        ("999, 990, 019", False),
        ("9,9,9,9,9,0,0,1,9", False),
        ("99:99:90,019", False),
        ("09:16:43,021", False),
        ("2026-03-02T09:16:43.021", False),
        ("9999_90019", False),
        ("99999001_9", False),
        ("10.999:990:019:1", False),
        ("zaak 20110108", False),
        ("op 2011-01-08", False),
        ("op 08-01-2015", False),
        ("01.02.10 01.01.10 01.01.20 01.02.30 08.11.10", False),
        ("999990021", False),
        ("9999900190", False),
        ("19999900199", False),
        ("naam,adres", False),
        (None, False),
    ],
)
def test_a_bsn_in_a_text_is_found(text, found):
    assert holds_bsn(pa.array([text], pa.string())).tolist() == [found]
    assert bool(bsns_in(text or "")) == found


def test_the_dates_above_would_else_be_taken_for_a_bsn():
    assert is_bsn("20110108") and is_bsn("08012015")


@pytest.mark.parametrize(
    "text",
    [
        "9999.90.019",
        "999 990 019",
        "999990019.0",
        "999990019,0",
        "999990019.00",
        "999.990.019,00",
        "999_990_019",
        "999:990:019",
        "999,990,019",
        " 999990019",
    ],
)
def test_a_bsn_is_the_same_however_it_is_written(text):
    assert as_bsn(text) == "999990019"


@pytest.mark.parametrize("text", ["999990019.5", "bsn 999990019", "999990021", "9999900190", "A.Jansen", ""])
def test_what_is_more_or_other_than_a_bsn_is_left(text):
    assert as_bsn(text) is None


def test_a_column_of_numbers_is_tested_as_each_text_is():
    numbers = np.array(
        [999990019, 12345672, 999990021, 1234567, 9999900190, 0, 19, *range(10**8, 10**8 + 500)]
    )
    assert are_bsns(numbers).tolist() == [is_bsn(str(number)) for number in numbers]


def test_times_codes_and_lists_with_these_marks_are_no_false_alarm():
    """Each of these was a false alarm in one of eleven, had the marks counted as others do."""
    drawn = np.random.default_rng(1).integers
    texts = [
        form.format(*(int(drawn(low, high)) for low, high in limits))
        for _ in range(400)
        for form, limits in (
            ("{:02}:{:02}:{:02},{:03}", ((0, 24), (0, 60), (0, 60), (0, 1000))),
            ("{:02}:{:02}:{:02}-{:02}:{:02}:{:02}", ((0, 24), (0, 60), (0, 60)) * 2),
            (
                "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                ((1, 13), (1, 29), (0, 24), (0, 60), (0, 60), (0, 1000)),
            ),
            ("2026_{:05}", ((0, 10**5),)),
            ("202603{:02}_{:02}{:02}{:02}", ((1, 29), (0, 24), (0, 60), (0, 60))),
            ("{},{}", ((100_000, 300_000), (300_000, 620_000))),
            ("{},{:03},{:03}.{:02}", ((1, 1000), (0, 1000), (0, 1000), (0, 100))),
            ("{}, {}, {}, {}, {}, {}", ((1, 100),) * 6),
            ("10.{}.{}:{}", ((0, 100), (0, 100), (10, 100))),
        )
    ]
    assert [text for text, found in zip(texts, holds_bsn(pa.array(texts)), strict=True) if found] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("looks-999990019.csv", "looks-999999999.csv"),
        ("9999.90.019 van 2026-03-02.csv", "9999.99.999 van 9999-99-99.csv"),
        ("looks-20260302.csv", "looks-20260302.csv"),
        ("audit.log.1", "audit.log.1"),
    ],
)
def test_a_name_with_a_bsn_in_it_is_shown_without_its_digits(name, shown):
    assert without_bsn(name) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("about 999 990 019 and ９９９９９００１９.", "about (…) and (…)."),
        ("9999.90.019", "(…)"),
        ("bsn:999:990:019, 999_990_019", "bsn:(…), (…)"),
        ("zaak 20110108 of ½", "zaak 20110108 of ½"),
    ],
)
def test_only_what_is_a_bsn_is_taken_out_of_a_line(text, shown):
    assert bsns_replaced(text, "(…)") == shown
