# SPDX-License-Identifier: EUPL-1.2
"""Verbs of acts as people read them; a verb without words of its own is shown as it is."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_VERBS: dict[str, Promise] = {
    "consulted": _("bekeek dit"),
    "unsealed": _("haalde de naam op"),
    "opened": _("opende dit"),
    "closed": _("sloot dit af"),
    "reopened": _("opende dit opnieuw"),
    "asked": _("stelde een vraag"),
    "answered": _("gaf antwoord"),
    "stated": _("gaf uitleg bij een raadpleging"),
    "confirmed": _("bevestigde de uitleg"),
    "not_known": _("kon de uitleg niet bevestigen"),
    "approved": _("keurde dit goed"),
    "refused": _("wees dit af"),
    "removed": _("verwijderde dit"),
    "signed": _("tekende dit af"),
    "exported": _("gaf een lijst uit"),
    "taken over": _("nam dit over uit de berekening"),
    "began": _("begon hiermee"),
    "locked": _("blokkeerde dit account"),
    "signed_in": _("logde in"),
    "noted": _("schreef een notitie"),
}


def verb_in_words(verb: str) -> str:
    """Give a verb in the language of the page."""
    return str(_VERBS.get(verb, verb))
