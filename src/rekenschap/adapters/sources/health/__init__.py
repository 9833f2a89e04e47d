# SPDX-License-Identifier: EUPL-1.2
"""Audit messages of health care: ATNA (DICOM, XML) and FHIR AuditEvent (R4, R4B, R5), as one table."""

from rekenschap.adapters.sources.health.atna import AtnaMessages
from rekenschap.adapters.sources.health.fhir import FhirAuditEvents

__all__ = ["AtnaMessages", "FhirAuditEvents"]
