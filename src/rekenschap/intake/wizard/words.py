# SPDX-License-Identifier: EUPL-1.2
"""The words by which Dutch and English exports call their columns, and the values that tell a look."""

from __future__ import annotations

import re
from collections.abc import Mapping

COLUMN_WORDS: Mapping[str, str] = {
    "staff": (
        "medewerker medewerkernummer medewerkerid personeelsnummer"
        " gebruiker gebruikersnaam gebruikerid inlognaam"
        " login loginnaam account accountnaam user username userid userprincipalname upn samaccountname uid"
        " raadpleger opvrager behandelaar employee employeeid"
        " staff actor pashouder kaarthouder cardholder mdw"
    ),
    "subject": (
        "bsn burgerservicenummer sofinummer anummer anr"
        " klantnummer klant klantid clientnummer clientid client"
        " cliënt cliëntnummer patientnummer patientid"
        " patiënt patiëntnummer patient persoon persoonsnummer burger"
        " inwoner subject betrokkene zoekbsn aanvrager"
    ),
    "zaak": "zaak zaaknummer zaakid zaaknr zaakidentificatie dossier dossiernummer dossierid case casenumber",
    "task": "taak taaknummer taakid task taskid",
    "looked_at": (
        "tijdstip tijd datum datumtijd datumentijd tijdstempel timestamp time date moment logdatum logtijd"
        " raadpleegdatum raadpleegtijd tijdvanraadplegen eventtime creationtime creationdate"
    ),
    "started_at": "begin start starttijd begintijd van aanvang in tijdin inboektijd startdatum",
    "ended_at": "eind einde eindtijd tot uit tijduit uitboektijd einddatum",
    "valid_from": (
        "indienst datumindienst ingangsdatum geldigvanaf vanaf begindatum startdatum sinds validfrom"
    ),
    "valid_until": "uitdienst datumuitdienst geldigtot einddatum totenmet tot vervaldatum validuntil",
    "registered_at": "registratiedatum startdatum aanmaakdatum ontvangstdatum begindatum geregistreerd",
    "closed_at": "einddatum afgehandeld afhandeldatum sluitdatum gesloten",
    "created_at": "aangemaakt aanmaakdatum created createdat",
    "done_at": "afgerond gereed gereedop afgehandeld done completed",
    "disclosed_at": "verzonden verzonddatum exportdatum",
    "register": "register registratie bron applicatie systeem application module",
    "fields": "velden rubrieken gegevens scherm schermnaam pagina screen fields page",
    "search_key": "zoeksleutel zoekingang zoekmethode zoekopdrachttype zoektype searchkey",
    "processing_activity": "doelbinding verwerkingsactiviteit verwerking doel processingactivity",
    "device": (
        "werkplek werkstation ipadres ip computer computernaam hostname terminal device apparaat sessie"
    ),
    "team": "team afdeling organisatieonderdeel cluster department orgunit",
    "role": "functie functienaam rolnaam jobtitle title",
    "line_manager": "leidinggevende manager teamleider",
    "employment": "dienstverband contracttype",
    "right": "rol autorisatie recht profiel autorisatieprofiel permissie role group groep permission",
    "granted_by": "toegekenddoor autorisator verleenddoor",
    "zaaktype": "zaaktype zaaksoort zaaktypeomschrijving",
    "handler": "behandelaar verantwoordelijke eigenaar",
    "channel": "kanaal",
    "place": "locatie deur lezer poort ruimte gebouw reader door location",
    "kind": "soort taaksoort",
    "destination": "ontvanger bestemming recipient",
    "size": "omvang grootte bytes",
}
"""For each column of a fact, what a source may call it, written together."""

RELATION_WORDS: Mapping[str, str] = {
    "presence": (
        "badge badgenummer pasnummer pashouder kaartnummer deur"
        " lezer poort tijdin tijduit reader door rooster"
    ),
    "authorisation": "rol autorisatie recht autorisatieprofiel permissie permission toegekenddoor",
    "staff": (
        "functie functienaam leidinggevende indienst uitdienst dienstverband datumindienst afdeling jobtitle"
    ),
    "zaak": "zaaktype zaaktypeomschrijving registratiedatum afhandeldatum zaaksoort",
    "task": "taak taaknummer taakid taaksoort",
}
"""Words that tell a relation apart from a consultation; two of them decide (of presence one)."""

ACTION_WORDS = "handeling actie activiteit soort type event operation operatie gebeurtenis bewerking functie"
LOOK_WORDS = frozenset(
    (  # noqa: SIM905
        "inzien inzage raadplegen raadpleging opvragen opvraging bekijken bekeken lezen gelezen zoeken tonen"
        " view viewed read search select query get lookup show open openen geopend"
    ).split()
)
COUNT_WORDS = "volgnummer volgnr regelnummer sequence sequencenumber seq logvolgnummer recordnummer"
SEARCH_KEYS: Mapping[str, str] = {
    "bsn": "bsn", "burgerservicenummer": "bsn", "naam": "name", "achternaam": "name", "name": "name",
    "adres": "address", "address": "address", "postcode": "address", "kenteken": "plate", "plate": "plate",
    "zaak": "zaak", "zaaknummer": "zaak", "lijst": "list", "list": "list",
    "overig": "other", "other": "other",
}  # fmt: skip
PLACEHOLDERS = frozenset(
    {
        "-",
        "--",
        "?",
        "n.v.t.",
        "nvt",
        "n/a",
        "NULL",
        "null",
        "None",
        "ONBEKEND",
        "Onbekend",
        "onbekend",
        "leeg",
        "(leeg)",
    }
)


def plain(name: str) -> str:
    """Write the name of a column together, in small letters."""
    return re.sub(r"[^a-z0-9à-ÿ]", "", name.lower())


def likeness(name: str, words: str) -> float:
    """Say how much the name of a column is like one of some words: 3 for the word itself, 2 for a part."""
    written = plain(name)
    known = words.split()
    if written in known:
        return 3.0
    pieces = {plain(piece) for piece in re.split(r"[^A-Za-zà-ÿ0-9]+|(?<=[a-z])(?=[A-Z])", name)}
    return 2.0 if any(word in pieces or (len(word) > 4 and word in written) for word in known) else 0.0
