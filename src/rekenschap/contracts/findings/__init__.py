# SPDX-License-Identifier: EUPL-1.2
"""Findings as other people's security programs read them: OCSF and ECS, and rules on them in Sigma.

Pseudonyms only; knows no house.
"""

from rekenschap.contracts.findings.ecs import as_ecs
from rekenschap.contracts.findings.given import GivenFinding
from rekenschap.contracts.findings.ocsf import as_ocsf
from rekenschap.contracts.findings.sigma import GivenRule, as_sigma, sigma_text

__all__ = ["GivenFinding", "GivenRule", "as_ecs", "as_ocsf", "as_sigma", "sigma_text"]
