# SPDX-License-Identifier: EUPL-1.2
"""Every kind of fact, declared once: the Parquet schema, the door's check, the parser of drawn tables
and the reference page all follow from this file. A change here is a new version of that relation."""

from __future__ import annotations

from types import MappingProxyType

from rekenschap.model.columns import Relation, code, count, flag, raw, record, relation, text, time, token

CONSULTATION = relation(
    "consultation",
    "looked_at",
    "a member of staff looked at personal data of a subject (raadpleging)",
    time("looked_at", "when the look took place", required=True),
    token("staff", "who looked", required=True),
    token("subject", "whose data was looked at", required=True),
    token("zaak", "the zaak the member of staff named, if any"),
    text("register", "the register or system that was looked in", required=True),
    text("fields", "which data was shown: names of fields, separated by commas"),
    code("search_key", "what was searched by", "bsn name address plate zaak list other"),
    text("processing_activity", "identifier of the processing activity the source names"),
    token("device", "the device or session the look came from"),
    raw("trace_id", "W3C trace id shared with the processing log", width=16),
    raw("operation_id", "W3C span id shared with the processing log", width=8),
    record(),
    law="GDPR art. 4(2) and 5(2)",
    version=2,
)

PROCESSING = relation(
    "processing",
    "processed_at",
    "an entry of the processing log: a system processed data of a subject; names no staff",
    time("processed_at", "when the processing took place", required=True),
    time("ended_at", "when it was done"),
    token("subject", "whose data was processed; empty when it is about nobody, or about all at once"),
    text("subject_kind", "what kind of identifier the subject was named by"),
    text("processing_activity", "identifier of the processing activity"),
    text("system", "the system that processed", required=True),
    text("name", "what was done, in words"),
    code("status", "whether the system failed; a refusal is no failure", "Unset Ok Error"),
    text("fields", "which data: names of fields, separated by commas"),
    text("processor", "link to the application of another party that asked for it"),
    raw("trace_id", "W3C trace id", width=16),
    raw("operation_id", "W3C span id", width=8),
    raw("parent_id", "W3C span id of the step that called this one", width=8),
    record(),
    law="GDPR art. 5(2); Logboek dataverwerkingen 1.0.0",
    version=2,
)

DISCLOSURE = relation(
    "disclosure",
    "disclosed_at",
    "data left the place where it is looked at: an export, mail, device, upload or print (verstrekking)",
    time("disclosed_at", "when it left", required=True),
    token("staff", "who sent or copied", required=True),
    code("kind", "the way out", "export mail device upload print", required=True),
    token("subject", "whose data, when it is one subject"),
    count("subjects", "how many subjects the data is about", unit="subjects"),
    count("size", "how much left", unit="bytes"),
    code("destination_kind", "where to", "internal own partner external abroad"),
    token("destination", "the address, device or site it went to"),
    text("jurisdiction", "the country the destination is in, in two letters (ISO 3166), where known"),
    text("kinds", "kinds of data found in it, separated by commas; `unseen` and `partly`: there may be more"),
    text("processing_activity", "identifier of the processing activity the source names"),
    record(),
    law="GDPR art. 4(2) and 32",
    version=2,
)

PRESENCE = relation(
    "presence",
    "started_at",
    "a member of staff was somewhere or was away: badge, shift, leave or session",
    code("kind", "what is recorded", "badge shift leave session", required=True),
    token("staff", "whose presence", required=True),
    time("started_at", "from when", required=True),
    time("ended_at", "until when; empty when open"),
    text("place", "building, floor or home"),
    token("device", "the device of a session"),
)

STAFF = relation(
    "staff",
    "valid_from",
    "what a member of staff was from one moment to another: team, role, employment, line",
    token("staff", "the member of staff", required=True),
    time("valid_from", "from when this holds", required=True),
    time("valid_until", "until when; empty when it still holds"),
    text("team", "team or department"),
    text("role", "function; findings compare with others of the same role"),
    code("employment", "form of employment", "employee hired agency volunteer shared system"),
    text("agency", "the agency that supplied hired staff"),
    token("staff", "the line manager", name="line_manager"),
)

AUTHORISATION = relation(
    "authorisation",
    "valid_from",
    "a right a member of staff holds (autorisatie)",
    token("staff", "who holds the right", required=True),
    text("right", "the right: name of a role or permission", required=True),
    text("register", "the register it opens"),
    time("valid_from", "from when", required=True),
    time("valid_until", "until when; empty when open"),
    token("staff", "who granted it", name="granted_by"),
)

ZAAK = relation(
    "zaak",
    "registered_at",
    "a zaak about a subject, with the handler who answers for it",
    token("zaak", "the zaak", required=True),
    token("subject", "the subject the zaak is about"),
    text("zaaktype", "type of zaak"),
    time("registered_at", "when it was registered", required=True),
    time("closed_at", "when it was closed; empty when open"),
    token("staff", "the registered handler", name="handler"),
    text("team", "the team that answers for the zaak"),
    text("channel", "how it came in"),
    text("processing_activity", "identifier of the processing activity"),
    law="ZGW Zaken",
)

TASK = relation(
    "task",
    "created_at",
    "a piece of work on a zaak or for a subject, for one person or for a team's queue",
    token("task", "the task", required=True),
    token("zaak", "the zaak it belongs to"),
    token("subject", "the subject it is for"),
    token("staff", "who must do it or did it"),
    text("team", "the team whose queue it is in"),
    text("kind", "what must be done"),
    time("created_at", "when it was put in the queue"),
    time("done_at", "when it was done; empty when open"),
)

ASSIGNMENT = relation(
    "assignment",
    "valid_from",
    "a zaak was given to a person or a team: to handle, to take in, to oversee, to cover, or as a queue",
    token("zaak", "the zaak", required=True),
    code("kind", "in what capacity", "handler intake oversight cover queue", required=True),
    token("staff", "to whom"),
    text("team", "to which team's queue"),
    time("valid_from", "from when", required=True),
    time("valid_until", "until when; empty when open"),
    token("staff", "who assigned it", name="assigned_by"),
)

CONTACT = relation(
    "contact",
    "started_at",
    "a subject and the organisation met: call, appointment, counter visit or letter",
    code("kind", "the way they met", "call appointment counter letter message", required=True),
    token("subject", "the subject; empty when the caller was not identified"),
    token("staff", "the member of staff"),
    text("team", "the team, when no person is recorded"),
    token("zaak", "the zaak it was about"),
    time("started_at", "when it began, or for which moment it was made", required=True),
    time("ended_at", "when it ended"),
)

RELATION = relation(
    "relation",
    "valid_from",
    "two people are connected: household, family, address, or a member of staff who is also a citizen; or two"
    " numbers turned out to be one person",
    code("kind", "how they are connected", "household family address self same_person", required=True),
    token("subject", "one of the two", required=True),
    token("subject", "the other", name="other_subject"),
    token("staff", "the member of staff who is this subject (kind self)"),
    time("valid_from", "from when", required=True),
    time("valid_until", "until when; empty when open"),
)

SHIELDING = relation(
    "shielding",
    "valid_from",
    "a subject whose data needs a stronger reason to look (afscherming)",
    token("subject", "the shielded subject", required=True),
    code("kind", "why", "threatened profession vip investigation secrecy", required=True),
    time("valid_from", "from when", required=True),
    time("valid_until", "until when; empty when open"),
    token("staff", "who decided", name="decided_by"),
    law="GDPR art. 32; Wet BRP art. 2.59",
)

PROCESSING_ACTIVITY = relation(
    "processing_activity",
    "valid_from",
    "one version of an entry in the register of processing activities",
    text("processing_activity", "identifier", required=True),
    count("edition", "which version of the entry", unit="edition", required=True),
    text("name", "name", required=True),
    text("purpose", "purpose of the processing", required=True),
    code("legal_basis", "GDPR art. 6(1)", "a b c d e f", required=True),
    text("law", "law and article"),
    text("categories", "categories of data, separated by commas; in version 1 those of people too"),
    text("recipients", "recipients, separated by commas"),
    count("retention_period", "how long it is kept", unit="days"),
    code("confidentiality", "whether the subject may see it", "open shielded"),
    text("owner", "the role that owns the activity"),
    time("valid_from", "from when this version holds", required=True),
    time("valid_until", "until when; empty when it still holds"),
    text("people", "categories of people, separated by commas"),
    text("transfers", "countries outside the EU the data goes to, separated by commas"),
    text("measures", "technical and organisational measures, in words"),
    text("retention_law", "law and article the retention period comes from"),
    count("looks_kept", "how long looks made for it stay on record; empty: as long as the data", unit="days"),
    text("on_behalf", "the body in whose name it is done; empty: the organisation itself"),
    law="GDPR art. 30 and 6",
    version=2,
)

DECISION = relation(
    "decision",
    "decided_at",
    "a system decided whether a member of staff may look (autorisatiebesluit)",
    time("decided_at", "when", required=True),
    token("staff", "for whom; empty when the question is kept elsewhere, or asks who may"),
    token("subject", "about whom"),
    code(
        "outcome",
        "what was decided; empty when the answer is a list, or is kept elsewhere",
        "permit refuse permit_with_duty",
    ),
    text("rule", "the rule that decided"),
    flag("emergency_override", "whether the emergency procedure was used"),
    text("question", "what kind of question it was: the name of the event"),
    text("action", "what the member of staff wanted to do"),
    text("object_kind", "what kind of thing it was about"),
    code("status", "whether the system failed; a refusal is no failure", "Unset Ok Error"),
    raw("trace_id", "W3C trace id", width=16),
    raw("operation_id", "W3C span id", width=8),
    raw("parent_id", "W3C span id of the step that asked", width=8),
    record(),
    law="Authorization Decision Log 1.0.0",
    version=2,
)

ACT = relation(
    "act",
    "acted_at",
    "what a member of desk staff did with evidence (handeling)",
    time("acted_at", "when", required=True),
    token("staff", "who acted", required=True),
    text("verb", "what was done", required=True),
    token("warrant", "the warrant it was done under"),
    token("investigation", "the investigation it belongs to"),
    token("object", "what it was done to"),
    text("because", "the reason given"),
    raw("act", "which act it is: two alike at one moment are two", width=16),
    text("object_kind", "what kind of thing it was done to: finding, question, investigation"),
    count("look", "entry of the consultation the act is about, when it is about one", unit="entry"),
    count(
        "revision", "which change of the object this is, from 1; empty when nothing changed", unit="revision"
    ),
    raw("content", "salted SHA-256 of the guarded fields of the object as the act left them", width=32),
    law="GDPR art. 5(2) and 32",
    version=2,
)

DELIVERY = relation(
    "delivery",
    "delivered_at",
    "a source handed over numbers of its own counting, from the first to the last without a gap (levering)",
    text("stream", "which counting of the source; an empty text when it has one only", required=True),
    code(
        "kind", "numbers told for the first time, or again with other content", "first again", required=True
    ),
    count("first_number", "the first of the numbers", unit="number", required=True),
    count("last_number", "the last of them", unit="number", required=True),
    time("delivered_at", "when they came in at the door", required=True),
    law="GDPR art. 5(1)(f) and 5(2)",
)

RELATIONS: MappingProxyType[str, Relation] = MappingProxyType(
    {
        each.name: each
        for each in (
            CONSULTATION,
            PROCESSING,
            DISCLOSURE,
            PRESENCE,
            STAFF,
            AUTHORISATION,
            ZAAK,
            TASK,
            ASSIGNMENT,
            CONTACT,
            RELATION,
            SHIELDING,
            PROCESSING_ACTIVITY,
            DECISION,
            ACT,
        )
    }
)
"""Every relation a source can report, by name, in the order of the reference page."""

DOOR_RELATIONS: MappingProxyType[str, Relation] = MappingProxyType({DELIVERY.name: DELIVERY})
"""What the door itself writes down. A source that could report this could fill its own gaps."""

SEARCHED_RELATIONS: MappingProxyType[str, Relation] = MappingProxyType({**RELATIONS, **DOOR_RELATIONS})
"""Every relation that queries can read."""
