# SPDX-License-Identifier: EUPL-1.2
"""The newest derivation brought up to now: what came since, on top of the last run over everything."""

from rekenschap.audit.refreshing.refreshing import Refreshed, bring_up_to_date, refresh

__all__ = ["Refreshed", "bring_up_to_date", "refresh"]
