# SPDX-License-Identifier: EUPL-1.2
"""Timestamps of authorities that speak RFC 3161 over HTTP."""

from rekenschap.adapters.timestamps.rfc3161 import Rfc3161Authority, roots_in, timestamped_at

__all__ = ["Rfc3161Authority", "roots_in", "timestamped_at"]
