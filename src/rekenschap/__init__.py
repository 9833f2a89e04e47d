# SPDX-License-Identifier: EUPL-1.2
"""Rekenschap: who looked at whose data, why, and how anyone can check it."""

__version__ = "0.1.0"

__all__ = ["__version__"]
