# SPDX-License-Identifier: EUPL-1.2
"""Audit trails of databases: which tables and columns a statement read, and of whom when it names one key."""

from rekenschap.adapters.sources.databases.pgaudit import PgauditCsvlog, PgauditJsonlog
from rekenschap.adapters.sources.databases.trail import AuditTrail

__all__ = ["AuditTrail", "PgauditCsvlog", "PgauditJsonlog"]
