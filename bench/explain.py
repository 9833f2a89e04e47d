# SPDX-License-Identifier: EUPL-1.2
"""How many looks a second are explained and searched for findings. Usage: ./run bench explain [--quick]"""

from math import log

from invented import SEED, engine_with, town_facts
from measure import Sheet, asked, in_turn, ready

from rekenschap.detect import detect
from rekenschap.explain import explain
from rekenschap.seams.engine import Engine

SCAN = """SELECT count(*) AS looks, min(staff) AS staff, max(subject) AS subject, min(zaak) AS zaak,
    max(looked_at) AS looked_at FROM consultation"""


def scan(engine: Engine) -> None:
    """Read every look once, in its four join columns, and do nothing else."""
    engine.answer(SCAN, {}, query_id="scan")


def main(*, quick: bool) -> None:
    """Measure a town of few days and one of four times as many, beside a plain scan of the same looks."""
    few, many = (town_facts(days=days) for days in ((10, 30) if quick else (23, 92)))
    engine_few, engine_many = engine_with(few), engine_with(many)
    seconds = in_turn(
        {
            # One repeat, as any number of looks over 20,000 gets; detect reads what explain left bound.
            "explain_few": ready(lambda: explain(engine_few, seed=SEED, repeats=1)),
            "explain": ready(lambda: explain(engine_many, seed=SEED, repeats=1)),
            "detect_few": ready(lambda: detect(engine_few, grounds=())),
            "detect": ready(lambda: detect(engine_many, grounds=())),
            "scan": ready(lambda: scan(engine_many)),
        },
        times=3 if quick else 5,
    )
    smaller, larger = len(few["consultation"]), len(many["consultation"])
    sheet = Sheet(name="explain", quick=quick, figures={"looks_few": smaller, "looks": larger})
    for what, found in seconds.items():
        sheet.measured({what: found}, amount=smaller if what.endswith("_few") else larger, unit="looks")
    for what in ("explain", "detect"):
        sheet.compare(what, "scan")
        growth = sheet.medians[what] / sheet.medians[f"{what}_few"]
        sheet.figures[f"{what}_exponent"] = log(growth) / log(larger / smaller)
        sheet.ratios[f"{what}_growth_to_linear"] = larger / smaller / growth
    sheet.end()


if __name__ == "__main__":
    main(quick=asked(__doc__ or ""))
