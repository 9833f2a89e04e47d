# SPDX-License-Identifier: EUPL-1.2
"""Channels: many questions, asked each week of every member of staff, subject and household; one list.

A channel counts one kind of look. Knows the relations that `explain` leaves on an engine; decides nothing.
"""

from rekenschap.detect.channels.weekly import ALERTS, alerts, p_values, within

__all__ = ["ALERTS", "alerts", "p_values", "within"]
