# SPDX-License-Identifier: EUPL-1.2
"""Invented sources: one heard, one silent, one that never came, one too young, one that fills little in."""

from datetime import UTC, datetime

from rekenschap.model.coverage import Blank, Delays, Hears, Rhythm, SourceStanding, Standing

AT = int(datetime(2026, 3, 27, 13, 30, tzinfo=UTC).timestamp() * 1_000_000)
TODAY = AT // 86_400_000_000
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000


def working_days(first: int, last: int, most: int) -> dict[int, int]:
    """Facts on working days, from so many to so many days ago."""
    days = [TODAY - back for back in range(first, last - 1, -1)]
    return {day: most - (day * 37) % (most // 2) for day in days if (day + 3) % 7 < 5}


def standing() -> Standing:
    """Give how they stand."""
    heard = SourceStanding(
        name="BRP-balie",
        hears=Hears.HEARD,
        is_declared=True,
        facts=48_211,
        last_at=AT - 3 * MINUTE,
        recorded_at=AT - 2 * MINUTE,
        rhythm=Rhythm(allowed=22.5, silence=2, said="every 15 minutes on working days"),
        delays=Delays(facts=48_211, median=400_000, late=2 * 1_000_000, early=0, most_early=0),
        subject=Blank(asked=48_211, empty=0),
        actor=Blank(asked=48_211, empty=1_204),
        purpose=Blank(asked=48_211, empty=310),
        days=working_days(40, 0, 2_400),
    )
    silent = SourceStanding(
        name="Zaaksysteem",
        hears=Hears.SILENT,
        is_declared=False,
        facts=20_117,
        last_at=AT - 4 * DAY,
        recorded_at=AT - 4 * DAY,
        rhythm=Rhythm(allowed=35, silence=1_900, busy_hours=50),
        delays=Delays(facts=20_117, median=9 * HOUR, late=3 * DAY, early=14, most_early=4 * MINUTE),
        missing=12,
        quarantined={"time-unreadable": 40, "code-unknown": 3},
        subject=Blank(asked=20_117, empty=800),
        actor=Blank(asked=20_117, empty=0),
        purpose=Blank(asked=20_117, empty=20_117),
        signs=(
            (
                "Uit Zaaksysteem ontbreken 12 nummers: 401 tot en met 412.",
                "From Zaaksysteem 12 numbers are missing: 401 to 412.",
            ),
        ),
        days=working_days(40, 4, 900),
    )
    never = SourceStanding(name="Badgesysteem", hears=Hears.NEVER, is_declared=True)
    young = SourceStanding(
        name="Postfilter",
        hears=Hears.UNKNOWN,
        is_declared=False,
        facts=31,
        last_at=AT - HOUR,
        recorded_at=AT - HOUR,
        delays=Delays(facts=31, median=MINUTE, late=2 * MINUTE, early=0, most_early=0),
        subject=Blank(asked=31, empty=31),
        actor=Blank(asked=31, empty=0),
        purpose=Blank(asked=31, empty=31),
        days={TODAY - 1: 11, TODAY: 20},
    )
    return Standing(
        at=AT,
        until=AT,
        size=68_359,
        origin="voorbeeldstad.example/logboek",
        root="bm90IGEgcm9vdCwganVzdCB3b3Jkcy4uLi4uLi4uLi4=",
        sources=(never, silent, young, heard),
    )
