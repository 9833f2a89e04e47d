# SPDX-License-Identifier: EUPL-1.2
"""The door to what citizens are offered and ask; nothing of staff goes through it."""

from __future__ import annotations

from rekenschap.audit.citizens import offer, seen_by, tell, waiting

__all__ = ["offer", "seen_by", "tell", "waiting"]
