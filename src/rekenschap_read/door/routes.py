# SPDX-License-Identifier: EUPL-1.2
"""Which address belongs to which interface, and what may be done there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rekenschap_read.contracts import bewerking, inzage, ldv, tracker, vng
from rekenschap_read.contracts.calls import Reads
from rekenschap_read.place.settings import Interface

BASES: Mapping[Interface, str] = {
    Interface.LDV: "/lezen/v1",
    Interface.TRACKER: "/tracker",
    Interface.BEWERKING: "/bewerking/api/v1",
    Interface.INZAGE: "/inzage/api/v1",
}
VERSIONS: Mapping[Interface, str] = {
    Interface.LDV: ldv.VERSION,
    Interface.TRACKER: tracker.VERSION,
    Interface.BEWERKING: vng.VERSION,
    Interface.INZAGE: vng.VERSION,
}
VNG = frozenset({Interface.BEWERKING, Interface.INZAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One address of an interface: what each method does, and the last part of the path if that varies."""

    interface: Interface
    methods: Mapping[str, Reads]
    part: str = ""


_WHOLE: Mapping[Interface, Mapping[str, Mapping[str, Reads]]] = {
    Interface.LDV: {"/processing-activities": {"POST": ldv.list_lines}},
    Interface.TRACKER: {
        "/v2/findUsage": {"GET": tracker.find_usage},
        "/v2/usagePeriod": {"GET": tracker.usage_period},
        "/v2/heartbeat": {"GET": tracker.heartbeat},
    },
    Interface.BEWERKING: {
        "/verwerkingsacties": {
            "GET": bewerking.list_acts,
            "POST": bewerking.not_here,
            "PATCH": bewerking.not_here,
        },
    },
    Interface.INZAGE: {"/verwerkte-objecten": {"GET": inzage.list_objects}},
}
_PARTS: Mapping[Interface, Mapping[str, Mapping[str, Reads]]] = {
    Interface.BEWERKING: {
        "/verwerkingsacties/": {
            "GET": bewerking.read_act,
            "PUT": bewerking.not_here,
            "DELETE": bewerking.not_here,
        },
    },
    Interface.INZAGE: {"/verwerkte-objecten/": {"GET": inzage.read_object}},
}


def place_at(path: str) -> Place | None:
    """Give what is at an address; None when nothing is."""
    for interface, base in BASES.items():
        if not path.startswith(f"{base}/"):
            continue
        rest = path[len(base) :]
        if (methods := _WHOLE[interface].get(rest)) is not None:
            return Place(interface=interface, methods=methods)
        head, _, part = rest.rpartition("/")
        found = _PARTS.get(interface, {}).get(f"{head}/")
        return Place(interface=interface, methods=found, part=part) if found and part else None
    return None
