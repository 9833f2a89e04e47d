# SPDX-License-Identifier: EUPL-1.2
"""How many looks a second pass the door into the ledger. Usage: ./run bench intake [--quick]"""

import hmac
from collections.abc import Callable
from itertools import count
from pathlib import Path

import orjson
import pyarrow.json as pj
from invented import fresh, look_lines, somewhere
from measure import Sheet, asked, bytes_under, in_turn, ready

from rekenschap.audit.intake import take_in_files
from rekenschap.house import House, right_now
from rekenschap.intake import load_profile
from rekenschap.model.columns import Kind
from rekenschap.model.relations import CONSULTATION

KEY = b"bench" * 8


def identifiers_in(file: Path) -> list[bytes]:
    """Give every identifier on every line, each with its domain, as the door hashes it."""
    tokens = {c.name: c.domain for c in CONSULTATION.content if c.kind is Kind.TOKEN}
    rows = (orjson.loads(line) for line in file.open("rb"))
    return [f"{tokens[name]}\0{row[name]}".encode() for row in rows for name in tokens if row.get(name)]


def pseudonyms(identifiers: list[bytes]) -> None:
    """Make each pseudonym and do nothing else."""
    b"".join([hmac.digest(KEY, each, "sha256")[:16] for each in identifiers])


def intake(house: House, file: Path) -> None:
    """Take the file in, durable, sealed and read back."""
    ledger = house.ledger(origin="example.org/bench")
    taken = take_in_files(house, [file], load_profile("native-jsonl"), ledger=ledger, now=right_now())
    taken.check_complete()


def main(*, quick: bool) -> None:
    """Compare with reading the same lines and keeping nothing, and with only making the pseudonyms."""
    sheet = Sheet(name="intake", quick=quick)
    with somewhere() as place:
        file, lines = look_lines(place, days=10 if quick else 90)
        identifiers = identifiers_in(file)
        houses = (House.at(fresh(place / f"house-{number}")) for number in count())
        last: list[House] = []

        def into_new_house() -> Callable[[], None]:
            last[:] = [next(houses)]
            return lambda: intake(last[0], file)

        seconds = in_turn(
            {
                "intake": into_new_house,
                "again": lambda: lambda: intake(last[0], file),
                "arrow_read": ready(lambda: pj.read_json(file)),
                "bare_hmac": ready(lambda: pseudonyms(identifiers)),
            },
            times=3 if quick else 5,
        )
        sheet.figures |= {
            "lines": lines,
            "identifiers": len(identifiers),
            "bytes_per_line_in_source": file.stat().st_size / lines,
            "bytes_per_fact_in_ledger": bytes_under(last[0].ledger_path) / lines,
            "bytes_per_fact_sealed_apart": bytes_under(last[0].sealed_path) / lines,
        }
    sheet.measured(seconds, amount=lines, unit="rows")
    sheet.compare("intake", "arrow_read", "bare_hmac")
    sheet.compare("again", "intake")
    sheet.end()


if __name__ == "__main__":
    main(quick=asked(__doc__ or ""))
