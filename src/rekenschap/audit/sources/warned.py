# SPDX-License-Identifier: EUPL-1.2
"""What the traffic of the sources of a house shows of sampling and loss, in words for who runs it.

Only of what the front door took in: a file says nothing of its own making.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from types import MappingProxyType

from rekenschap.contracts.traffic import Sign, Traffic
from rekenschap.frontdoor.senders import DAYS, FILE, Senders
from rekenschap.house import House

_TEXTS: Mapping[Sign, tuple[str, str]] = MappingProxyType(
    {
        Sign.SAMPLES: (
            "{source}: {count} van {all} berichten in {days} dagen kwamen door een steekproef. "
            "Wat die wegliet, zien wij niet. Laat de beheerder de steekproef (sampler) uitzetten.",
            "{source}: {count} of {all} records in {days} days came through a sampler. "
            "What it left out, we do not see. Have whoever runs the source turn its sampler off.",
        ),
        Sign.DROPS: (
            "{source}: {count} van {all} berichten in {days} dagen kwamen onvolledig binnen: er vielen "
            "kenmerken (attributes) af. Laat de beheerder de grens daarvoor verhogen.",
            "{source}: {count} of {all} records in {days} days came incomplete: attributes were dropped. "
            "Have whoever runs the source raise its limit.",
        ),
        Sign.MAY_SAMPLE: (
            "{source}: alle {count} sporen in {days} dagen dragen het merk van een steekproef. Misschien "
            "worden andere weggelaten. Vraag de beheerder of de bron alles stuurt (sampler: always_on).",
            "{source}: all {count} records of traces in {days} days bear the sampled flag. Others may be "
            "left out. Ask whoever runs the source whether it sends everything (sampler: always_on).",
        ),
    }
)
_COUNT_OF: Mapping[Sign, str] = MappingProxyType(
    {Sign.SAMPLES: "thinned", Sign.DROPS: "dropped", Sign.MAY_SAMPLE: "flagged"}
)


def warned_in(house: House, *, at: int) -> dict[str, dict[str, tuple[str, str]]]:
    """Give for each source that shows a sign at a moment (µs UTC) its signs in Dutch and in English."""
    if not (house.sealed_path / FILE).exists():
        return {}
    with closing(Senders(house.sealed_path)) as senders:
        seen = senders.seen(at=datetime.fromtimestamp(at / 1_000_000, tz=UTC))
    return {
        each.source: {sign.value: _sentences(each, sign) for sign in each.signs}
        for each in seen
        if each.signs
    }


def _sentences(each: Traffic, sign: Sign) -> tuple[str, str]:
    count = getattr(each, _COUNT_OF[sign])
    dutch, english = (
        text.format(source=each.source, count=count, all=each.records, days=DAYS) for text in _TEXTS[sign]
    )
    return dutch, english
