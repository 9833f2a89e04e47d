# SPDX-License-Identifier: EUPL-1.2
"""What people look into this week, within what they can do, and what that says of what is missed.

Knows alerts and outcomes as tables; decides nothing about anybody.
"""

from rekenschap.detect.queueing.filling import Item, Learnt, Queue, Share, queue
from rekenschap.detect.queueing.missing import Lot, Missed, missed

__all__ = ["Item", "Learnt", "Lot", "Missed", "Queue", "Share", "missed", "queue"]
