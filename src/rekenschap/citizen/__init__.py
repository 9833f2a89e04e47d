# SPDX-License-Identifier: EUPL-1.2
"""What a citizen may see of the looks at their data: rules and sentences, without storage, clock or web.

Knows no member of staff: there is no field in which one could stand.
"""

from rekenschap.citizen.answer import PAGE, Answer, Item, Month, Page, answer_of, page_of
from rekenschap.citizen.look import Activity, Look, Spell, Why, Withholding
from rekenschap.citizen.published import Published, published_in
from rekenschap.citizen.rules import Rules, activity_at, is_withheld

__all__ = [
    "PAGE",
    "Activity",
    "Answer",
    "Item",
    "Look",
    "Month",
    "Page",
    "Published",
    "Rules",
    "Spell",
    "Why",
    "Withholding",
    "activity_at",
    "answer_of",
    "is_withheld",
    "page_of",
    "published_in",
]
