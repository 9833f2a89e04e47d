# SPDX-License-Identifier: EUPL-1.2
"""Findings as other people's security programs read them: OCSF and ECS. Pseudonyms only; knows no house."""

from rekenschap.contracts.findings.ecs import as_ecs
from rekenschap.contracts.findings.given import GivenFinding
from rekenschap.contracts.findings.ocsf import as_ocsf

__all__ = ["GivenFinding", "as_ecs", "as_ocsf"]
