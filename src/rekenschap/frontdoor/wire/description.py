# SPDX-License-Identifier: EUPL-1.2
"""The native interface in OpenAPI 3.0, made of the relations themselves (NL GOV API Design Rules 2.2.1).

The interface is in Dutch where it is described, and names its columns as the relations do.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

import orjson

from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.model.relations import RELATIONS

VERSION = "1.0.0"
PATH, DESCRIPTION = "/v1/facts", "/v1/openapi.json"
ARROW, PROBLEM = "application/vnd.apache.arrow.stream", "application/problem+json"
_TEXT = MappingProxyType({"type": "string"})
_KINDS = {
    Kind.TOKEN: {"type": "string", "description": "leesbaar; bij de deur wordt het een pseudoniem"},
    Kind.TEXT: {"type": "string"},
    Kind.CODE: {"type": "string"},
    Kind.TIME: {"type": "string", "format": "date-time"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.COUNT: {"type": "integer", "format": "int64"},
    Kind.FLAG: {"type": "boolean"},
}
_ERRORS = {
    "400": "De inhoud is geen JSON of Arrow van deze vorm; er is niets bewaard.",
    "401": "Onbekend wie dit stuurt: toon een certificaat of een token.",
    "413": "Meer bytes dan deze bron in één keer mag sturen.",
    "415": "Een ander soort inhoud dan JSON of Arrow, of een andere codering dan gzip.",
    "429": "Vaker dan deze bron mag; probeer het later opnieuw.",
    "503": "Nu niet: de voordeur kan het niet bewaren. Stuur hetzelfde later opnieuw.",
}


@cache
def description() -> bytes:
    """Give the document, as JSON."""
    return orjson.dumps(
        {
            "openapi": "3.0.3",
            "info": {
                "title": "Rekenschap: feiten aanleveren",
                "version": VERSION,
                "description": "Systemen leveren raadplegingen en het werk eromheen aan. Een antwoord 202 "
                "betekent: op schijf, en het komt in het logboek of in quarantaine. Twee keer hetzelfde "
                "feit is één feit.",
                "contact": {
                    "name": "Beheer van Rekenschap",
                    "email": "rekenschap@example.org",
                    "url": "https://example.org/rekenschap",
                },
            },
            "servers": [{"url": "https://voordeur.example/v1"}],
            "tags": [{"name": "feiten", "description": "Feiten aanleveren"}],
            "paths": {"/facts": {"post": _post()}},
            "components": {
                "headers": {"API-Version": _header("Volledige versie van deze API", VERSION)},
                "schemas": {**_schemas(), "Probleem": _problem()},
                "securitySchemes": {"token": _token("Token van uw bron; een certificaat mag ook.")},
            },
        }
    )


def _post() -> dict[str, object]:
    return {
        "operationId": "leverFeitenAan",
        "tags": ["feiten"],
        "summary": "Lever feiten aan",
        "description": "Een feit dat niet past, wacht in quarantaine en houdt de andere niet op.",
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Feiten"},
                    "example": {"facts": [_EXAMPLE]},
                },
                ARROW: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "responses": {
            "202": {
                "description": "Alles is op schijf.",
                "headers": {"API-Version": {"$ref": "#/components/headers/API-Version"}},
                "content": {"application/json": {"schema": {"type": "object"}, "example": {}}},
            },
            **{status: _failure(why, status) for status, why in _ERRORS.items()},
        },
    }


_EXAMPLE = {
    "relation": "task",
    "source": "zaaksysteem",
    "task": "T-1",
    "zaak": "Z-2026-0001",
    "staff": "m.devries",
    "done_at": "2026-03-02T09:15:00+01:00",
}


def _failure(why: str, status: str) -> dict[str, object]:
    headers: dict[str, object] = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    if status in ("429", "503"):
        headers["Retry-After"] = _header("Over hoeveel seconden opnieuw", "1")
    return {
        "description": why,
        "headers": headers,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Probleem"}}},
    }


def _schemas() -> dict[str, object]:
    names = {relation.name: _pascal(relation.name) for relation in RELATIONS.values()}
    places = {name: f"#/components/schemas/{pascal}" for name, pascal in names.items()}
    facts = {
        "type": "object",
        "required": ["facts"],
        "properties": {"facts": {"type": "array", "items": {"$ref": "#/components/schemas/Feit"}}},
    }
    fact = {
        "oneOf": [{"$ref": place} for place in places.values()],
        "discriminator": {"propertyName": "relation", "mapping": places},
    }
    return {
        "Feiten": facts,
        "Feit": fact,
        **{names[relation.name]: _relation(relation) for relation in RELATIONS.values()},
    }


def _relation(relation: Relation) -> dict[str, object]:
    columns = {column.name: _column(column) for column in relation.content}
    needed = [column.name for column in relation.content if column.required and column.name != "source"]
    return {
        "type": "object",
        "description": relation.meaning,
        "required": ["relation", *needed],
        "properties": {"relation": {"type": "string", "enum": [relation.name]}, **columns},
    }


def _column(column: Column) -> dict[str, object]:
    if column.kind is Kind.BYTES:
        return {
            "type": "string",
            "pattern": f"^[0-9a-f]{{{2 * column.width}}}$",
            "description": column.meaning,
        }
    told: dict[str, object] = {**_KINDS[column.kind], "description": column.meaning}
    return told | ({"enum": list(column.codes)} if column.codes else {})


def _problem() -> dict[str, object]:
    return {
        "type": "object",
        "required": ["status", "title", "detail"],
        "properties": {
            "status": {"type": "integer", "format": "int32"},
            "title": dict(_TEXT),
            "detail": dict(_TEXT),
        },
    }


def _header(what: str, example: str) -> dict[str, object]:
    return {"description": what, "schema": dict(_TEXT), "example": example}


def _token(what: str) -> dict[str, object]:
    return {"type": "http", "scheme": "bearer", "description": what}


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
