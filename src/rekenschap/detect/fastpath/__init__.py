# SPDX-License-Identifier: EUPL-1.2
"""The fast path: what should not wait for the weekly count, each kind a query folder of its own.

Knows the relations on an engine; a human decides within the hour, and work that comes in late takes it back.
"""

from rekenschap.detect.fastpath.urgent import urgent, urgent_rules

__all__ = ["urgent", "urgent_rules"]
