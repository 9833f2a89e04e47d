# SPDX-License-Identifier: EUPL-1.2
import pyarrow as pa
import pytest

from rekenschap.intake.fields.times import parse_times
from rekenschap.intake.profile import DoubleHour


def parsed(*texts, formats=(), zone="Europe/Amsterdam", hour=DoubleHour.FIRST):
    found = parse_times(pa.array(texts, pa.string()), formats=formats, zone=zone, double_hour=hour)
    values = [None if v is None else v.isoformat().replace("+00:00", "Z") for v in found.values.to_pylist()]
    reasons = [next((code for code, mask in found.refused if mask[at]), None) for at in range(len(texts))]
    return [reason or value for value, reason in zip(values, reasons, strict=True)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T09:15:00+01:00", "2026-03-02T08:15:00Z"),
        ("2026-03-02 09:15:00.250000+01:00", "2026-03-02T08:15:00.250000Z"),
        ("2026-03-02T09:15Z", "2026-03-02T09:15:00Z"),
        ("2026-03-02T09:15:00.123456789Z", "2026-03-02T09:15:00.123456Z"),
        ("2026-03-02 09:15:00 +0100", "2026-03-02T08:15:00Z"),
        ("2026-03-02 09:15:00", "2026-03-02T08:15:00Z"),
        ("2026-07-02 09:15", "2026-07-02T07:15:00Z"),
        ("2026-07-02", "2026-07-01T22:00:00Z"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
        ("2026-03-29 01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29 03:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29 02:00:00", "time-does-not-exist"),
        ("2026-03-29 02:59:59.999999", "time-does-not-exist"),
        ("2026-13-01", "time-unreadable"),
        ("2025-02-29T10:00:00Z", "time-unreadable"),
        ("20260302", "time-unreadable"),
        ("2026-03-02T24:00:00", "time-unreadable"),
        (None, None),
    ],
)
def test_iso_times(text, moment):
    assert parsed(text) == [moment]


def test_one_unreadable_time_leaves_the_others_alone():
    assert parsed("2025-02-29T10:00:00Z", "2025-02-28T10:00:00Z", None) == [
        "time-unreadable",
        "2025-02-28T10:00:00Z",
        None,
    ]


@pytest.mark.parametrize(
    ("hour", "moment"),
    [
        (DoubleHour.FIRST, "2026-10-25T00:30:00Z"),
        (DoubleHour.SECOND, "2026-10-25T01:30:00Z"),
        (DoubleHour.QUARANTINE, "time-comes-twice"),
    ],
)
def test_the_double_hour_is_what_the_profile_says(hour, moment):
    assert parsed("2026-10-25 02:30:00", hour=hour) == [moment]
    assert parsed("2026-10-25 03:00:00", hour=hour) == ["2026-10-25T02:00:00Z"]


def test_a_written_offset_wins_over_the_zone_of_the_profile():
    assert parsed("2026-10-25T02:30:00+01:00", hour=DoubleHour.QUARANTINE) == ["2026-10-25T01:30:00Z"]


@pytest.mark.parametrize(
    ("pattern", "text", "moment"),
    [
        ("%d-%m-%Y %H:%M", "2-3-2026 9:05", "2026-03-02T08:05:00Z"),
        ("%d-%m-%Y", "31-02-2026", "time-unreadable"),
        ("%d-%m-%Y %H:%M", "02-03-2026 09:05 uur", "time-unreadable"),
        ("%Y%m%d%H%M%S", "20260302090500", "2026-03-02T08:05:00Z"),
        ("%d/%m/%Y %H:%M:%S.%f", "02/03/2026 09:05:00.5", "2026-03-02T08:05:00.500000Z"),
        ("%d-%m-%Y %H:%M:%S %z", "02-03-2026 09:05:00 +0000", "2026-03-02T09:05:00Z"),
        ("epoch-s", "1772438700", "2026-03-02T08:05:00Z"),
        ("epoch-ms", "1772438700000", "2026-03-02T08:05:00Z"),
        ("epoch-us", "1772438700000000", "2026-03-02T08:05:00Z"),
        ("epoch-s", "99999999999999999999", "time-unreadable"),
    ],
)
def test_other_ways_to_write_a_time(pattern, text, moment):
    assert parsed(text, formats=(pattern,)) == [moment]


def test_the_first_format_that_fits_counts():
    formats = ("%d-%m-%Y", "iso")
    assert parsed("02-03-2026", "2026-03-02T00:00:00Z", formats=formats) == [
        "2026-03-01T23:00:00Z",
        "2026-03-02T00:00:00Z",
    ]
