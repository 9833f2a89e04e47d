# SPDX-License-Identifier: EUPL-1.2
"""Readers of files: CSV, JSON lines, XES and Parquet, each plain or in gzip where the format allows it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rekenschap.adapters.sources.csv_file import CsvFile
from rekenschap.adapters.sources.databases import AuditTrail, PgauditCsvlog, PgauditJsonlog
from rekenschap.adapters.sources.directories.ldif_file import LdifFile
from rekenschap.adapters.sources.health import AtnaMessages, FhirAuditEvents
from rekenschap.adapters.sources.mail import CloudAudit, ExchangeTracking, PostfixLog
from rekenschap.adapters.sources.objects.json_file import JsonFile
from rekenschap.adapters.sources.objects.jsonl_file import JsonlFile
from rekenschap.adapters.sources.parquet_file import ParquetFile
from rekenschap.adapters.sources.printing import CupsPageLog
from rekenschap.adapters.sources.records.record_file import RecordFile
from rekenschap.adapters.sources.security.headed_file import cef_file, leef_file
from rekenschap.adapters.sources.security.windows_files import WindowsEvtx, WindowsXml
from rekenschap.adapters.sources.sheets.excel_file import ExcelFile
from rekenschap.adapters.sources.xes_file import XesFile
from rekenschap.seams.source import Reader

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "csv": CsvFile(),
        "excel": ExcelFile(),
        "json": JsonFile(),
        "jsonl": JsonlFile(),
        "atna": AtnaMessages(),
        "cups-page-log": CupsPageLog(),
        "exchange-tracking": ExchangeTracking(),
        "fhir-audit": FhirAuditEvents(),
        "ldif": LdifFile(),
        "m365-audit": CloudAudit(),
        "parquet": ParquetFile(),
        "pgaudit-csvlog": PgauditCsvlog(),
        "pgaudit-jsonlog": PgauditJsonlog(),
        "postfix-log": PostfixLog(),
        "sql-audit": AuditTrail(),
        "records": RecordFile(),
        "cef": cef_file(),
        "leef": leef_file(),
        "evtx": WindowsEvtx(),
        "windows-xml": WindowsXml(),
        "xes": XesFile(),
    }
)
"""Every reader by the name a source profile calls it."""

__all__ = ["READERS", "CsvFile", "ExcelFile", "JsonFile", "JsonlFile", "ParquetFile", "XesFile"]
