# SPDX-License-Identifier: EUPL-1.2
"""The words for what the register holds in codes, and how a value of it is shown."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rekenschap_web.design.templatetags.desk import day

BASES: dict[str, Promise] = {
    "a": _("a: toestemming"),
    "b": _("b: overeenkomst"),
    "c": _("c: wettelijke plicht"),
    "d": _("d: vitaal belang"),
    "e": _("e: publieke taak"),
    "f": _("f: gerechtvaardigd belang"),
}
SECRECY: dict[str, Promise] = {"open": _("Ja"), "shielded": _("Nee, nog niet")}
FIELDS: dict[str, Promise] = {
    "name": _("Naam"),
    "purpose": _("Doel"),
    "legal_basis": _("Grondslag"),
    "law": _("Wet en artikel"),
    "categories": _("Gegevens"),
    "people": _("Over wie"),
    "recipients": _("Wie krijgt ze"),
    "transfers": _("Landen buiten de EU"),
    "retention_period": _("Gegevens bewaard"),
    "retention_law": _("Bewaard volgens"),
    "looks_kept": _("Raadplegingen bewaard"),
    "confidentiality": _("Inwoner mag het zien"),
    "owner": _("Eigenaar"),
    "on_behalf": _("Namens"),
    "measures": _("Beveiliging"),
    "valid_until": _("Geldt tot"),
}
MISSING: dict[str, Promise] = {
    "none": _("er is geen verwerking genoemd"),
    "unknown": _("de verwerking staat niet in het register"),
    "not_then": _("de verwerking gold toen niet"),
}
ORDERS: dict[str, Promise] = {
    "erase": _("gewist"),
    "open": _("wissen, nog niet klaar"),
    "hold": _("vastgehouden"),
    "release": _("vrijgegeven"),
    "forget": _("naam bij pseudoniem vernietigd"),
}
RULES: dict[str, Promise] = {
    "term": _("de termijn was om"),
    "court": _("een rechter beval het"),
    "request": _("de inwoner vroeg het"),
}


def shown(field: str, value: object) -> str:
    """Give a value of a field as a page says it; a dash for nothing."""
    if value in (None, "", (), []):
        return gettext("de eigen organisatie") if field == "on_behalf" else "–"
    if field == "legal_basis":
        return str(BASES[str(value)])
    if field == "confidentiality":
        return str(SECRECY[str(value)])
    if isinstance(value, int):
        return long(value)
    if isinstance(value, datetime):
        return day(value)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def long(days: int) -> str:
    """Say how long, in years where that is what was meant."""
    years = round(days / 365.25)
    if years and abs(days - years * 365) <= years:
        return ngettext("%(years)s jaar", "%(years)s jaar", years) % {"years": years}
    return ngettext("%(days)s dag", "%(days)s dagen", days) % {"days": days}
