# SPDX-License-Identifier: EUPL-1.2
"""Our description of the LDV read interface in OpenAPI 3.0, after the NL GOV API Design Rules 2.2.1.

The names are those of the extension for reading; the faults of its published file are mended here: what must
be given is said, and what comes back when too much is found.
"""

from __future__ import annotations

from functools import cache

import orjson

from rekenschap_read.contracts.calls import JSON, PROBLEM
from rekenschap_read.contracts.ldv import ACTIVITY, PROCESSOR, SUBJECT, SUBJECT_TYPE, VERSION

_TRACE = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
_SPAN = "beb0291b5162d850"
_ERRORS = {
    "400": "De zoekvraag klopt niet, of er past te veel bij; er wordt niets gegeven.",
    "401": "Onbekend wie dit vraagt, of deze afnemer mag hier niet lezen.",
    "413": "Meer bytes dan een zoekvraag mag hebben.",
    "415": "Een ander soort inhoud dan JSON.",
    "429": "Deze afnemer vraagt te vaak; Retry-After zegt na hoeveel seconden het weer kan.",
    "503": "Nu niet: het is niet op te zoeken of niet vast te leggen. Vraag het later opnieuw.",
}


@cache
def description() -> bytes:
    """Give the document, as JSON."""
    return orjson.dumps({
        "openapi": "3.0.3",
        "info": {
            "title": "Rekenschap: logboek dataverwerkingen lezen",
            "version": VERSION,
            "description": "Zoek dataverwerkingen op trace, verwerkingsactiviteit of betrokkene. Er staat "
            "nooit een medewerker in. Wat een betrokkene nog niet mag zien, staat er niet in.",
            "contact": {
                "name": "Beheer van Rekenschap",
                "email": "rekenschap@example.org",
                "url": "https://example.org/rekenschap",
            },
        },
        "servers": [{"url": "https://lezen.example/lezen/v1"}],
        "tags": [{"name": "dataverwerkingen", "description": "Dataverwerkingen lezen"}],
        "paths": {"/processing-activities": {"post": _post()}},
        "components": {
            "headers": {
                "API-Version": {
                    "description": "Volledige versie van deze API",
                    "schema": {"type": "string"},
                    "example": VERSION,
                }
            },
            "schemas": {
                "Zoekvraag": _question(),
                "Dataverwerking": _line(),
                "Dataverwerkingen": _lines(),
                "Attributen": {"type": "object", "properties": _attributes()},
                "Probleem": _problem(),
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Token van de afnemer."}
            },
        },
    })  # fmt: skip


def _post() -> dict[str, object]:
    return {
        "operationId": "zoekDataverwerkingen",
        "tags": ["dataverwerkingen"],
        "summary": "Zoek dataverwerkingen",
        "description": f"Geef minstens traceId, {ACTIVITY} of {SUBJECT}. Elke vraag wordt vastgelegd.",
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"$ref": "#/components/schemas/Zoekvraag"}, "example": {"traceId": _TRACE}}
            },
        },
        "responses": {
            "200": {
                "description": "De dataverwerkingen die hierbij passen, op volgorde van begin.",
                "headers": _version(),
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Dataverwerkingen"}}},
            },
            **{status: _failure(why) for status, why in _ERRORS.items()},
        },
    }


def _version() -> dict[str, object]:
    return {"API-Version": {"$ref": "#/components/headers/API-Version"}}


def _failure(why: str) -> dict[str, object]:
    return {
        "description": why,
        "headers": _version(),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Probleem"}}},
    }


def _attributes() -> dict[str, object]:
    return {
        ACTIVITY: {"type": "string", "format": "uri", "description": "Verwerkingsactiviteit in het register"},
        SUBJECT: {"type": "string", "description": "Code van de betrokkene"},
        SUBJECT_TYPE: {"type": "string", "description": "Wat voor code dat is, zoals BSN"},
        PROCESSOR: {"type": "string", "format": "uri", "description": "Toepassing die aanriep"},
    }


def _question() -> dict[str, object]:
    times = {
        "startTime": {**_milliseconds("Begonnen op of na dit moment")},
        "endTime": {**_milliseconds("Geëindigd op of voor dit moment")},
    }
    trace = {"traceId": {"type": "string", "format": "uuid", "description": "Trace", "example": _TRACE}}
    return {
        "type": "object",
        "minProperties": 1,
        "anyOf": [{"required": [name]} for name in ("traceId", ACTIVITY, SUBJECT)],
        "properties": {**trace, **times, **_attributes()},
    }


def _milliseconds(what: str) -> dict[str, object]:
    return {"type": "integer", "format": "int64", "description": f"{what}, in milliseconden sinds 1970 (UTC)"}


def _line() -> dict[str, object]:
    span = {"type": "string", "pattern": "^[0-9a-f]{16}$", "example": _SPAN}
    return {
        "type": "object",
        "required": ["traceId", "spanId", "status", "name", "startTime", "endTime"],
        "properties": {
            "traceId": {"type": "string", "format": "uuid", "example": _TRACE},
            "spanId": span,
            "parentSpanId": span,
            "status": {"type": "string", "enum": ["Unset", "Ok", "Error"]},
            "name": {"type": "string"},
            "startTime": _milliseconds("Begin"),
            "endTime": _milliseconds("Einde"),
            "resource": {"type": "object", "properties": {"attributes": {"type": "object"}}},
            "attributes": {"$ref": "#/components/schemas/Attributen"},
        },
    }


def _lines() -> dict[str, object]:
    return {
        "type": "object",
        "required": ["processingActivities"],
        "properties": {
            "processingActivities": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Dataverwerking"},
            }
        },
    }


def _problem() -> dict[str, object]:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["status", "title", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "status": {"type": "integer", "format": "int32"},
            "title": text,
            "detail": text,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["in", "location", "code", "detail"],
                    "properties": {"in": text, "location": text, "code": text, "detail": text},
                },
            },
        },
    }
