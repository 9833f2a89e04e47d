# SPDX-License-Identifier: EUPL-1.2
"""Where the page keeps its sessions and mandates: SQLite in its own place, or PostgreSQL under its own role.

A role that may do more than look after its own tables is refused: then nothing in this process reads the
desk's, whatever it is told to do.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connection

from rekenschap.errors import ConfigurationError
from rekenschap_citizen.place.configured import Config

_OTHERS_TABLES = """
select count(*)
from pg_class as thing
join pg_namespace as room on room.oid = thing.relnamespace
join pg_roles as me on me.rolname = current_user
where thing.relkind in ('r', 'p', 'v', 'm', 'f')
  and thing.relowner <> me.oid
  and room.nspname not in ('pg_catalog', 'information_schema')
  and not exists (
    select from pg_depend where classid = 'pg_class'::regclass and objid = thing.oid and deptype = 'e')
  and (has_any_column_privilege(thing.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
       or has_table_privilege(thing.oid, 'DELETE, TRUNCATE, TRIGGER'))
"""
_OTHER_ROLES = """
select count(*)
from pg_roles
where rolname not in (current_user, 'pg_database_owner') and pg_has_role(current_user, oid, 'MEMBER')
"""
_MORE_RIGHTS = """
select count(*)
from pg_roles
where rolname = current_user and (rolsuper or rolcreaterole or rolbypassrls or rolreplication)
"""


def database_of(config: Config, place: Path) -> dict[str, object]:
    """Give the database that the configuration names, as Django wants to be told."""
    if not config.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(place / "own" / "citizen.sqlite"),
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(config.database)
    asked = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "rekenschap_citizen",
        "USER": unquote(parts.username or ""),
        "PASSWORD": config.password(),
        "HOST": asked.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": asked,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def check_role() -> None:
    """Raise ConfigurationError when our role in PostgreSQL may do more than look after its own tables."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for query, found in (
            (_MORE_RIGHTS, "one with rights over other roles"),
            (_OTHER_ROLES, "one that may act as another role"),
            (_OTHERS_TABLES, "one that may reach tables of others"),
        ):
            cursor.execute(query)
            row = cursor.fetchone()
            if row is None or row[0]:
                raise ConfigurationError(
                    expected="a database role that reaches its own tables alone",
                    found=found,
                    remedy="give the citizen page a role of its own, as its how-to says",
                )
