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
    "found": _("nam dit over uit de berekening"),
    "followed": _("werkte dit bij na een nieuwe berekening"),
    "gone": _("zag dat later werk dit verklaart"),
    "left": _("zag dat dit niet meer opvalt"),
    "taken": _("nam dit op zich"),
    "settled": _("handelde de oorzaak af"),
    "unsettled": _("nam de afgehandelde oorzaak terug"),
    "looked_again": _("keek opnieuw"),
    "investigated": _("startte een onderzoek"),
    "withdrawn": _("trok de vraag in"),
    "proved": _("haalde een bewijs op"),
    "consulted relations": _("bekeek de relaties"),
    "came_in": _("kwam voor het eerst binnen"),
    "turned_away": _("werd geweigerd"),
    "changed_roles": _("kreeg een andere rol, team of nummer"),
    "unlocked": _("liet dit account weer toe"),
    "made_account": _("maakte dit account"),
    "session_ended": _("beëindigde een sessie"),
    "sign_in_stopped": _("hield het inloggen tegen na te veel foute wachtwoorden"),
    "helped": _("vroeg om hulp"),
    "reminded": _("stuurde een herinnering"),
    "wiped": _("wiste dit omdat de termijn om was"),
    "lapsed": _("liet de termijn verstrijken"),
    "ended": _("beëindigde dit"),
    "expire": _("liet dit verlopen"),
    "attached": _("voegde een bijlage toe"),
    "task_added": _("voegde een taak toe"),
    "task_done": _("rondde een taak af"),
    "replied": _("gaf een reactie"),
    "proposed": _("stelde dit voor"),
    "registered": _("legde dit vast in het register"),
    "sent_back": _("stuurde dit terug"),
    "held": _("bewaart dit langer"),
    "drafted": _("schreef een concept"),
    "file_made": _("maakte het bewijsdossier"),
    "searched": _("zocht de bron van een lek"),
    "kept": _("bewaarde de uitkomst"),
    "made": _("maakte het maandverslag"),
    "drawn": _("lootte een raadpleging"),
    "judged": _("keek een raadpleging na"),
    "received": _("nam een vraag van een inwoner aan"),
}


def verb_in_words(verb: str) -> str:
    """Give a verb in the language of the page."""
    return str(_VERBS.get(verb, verb))
