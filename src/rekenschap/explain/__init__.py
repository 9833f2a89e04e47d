# SPDX-License-Identifier: EUPL-1.2
"""Which work explains which look, how much that says, and what nothing explains.

Reads facts and the engine; knows nothing of findings, files or pages.
"""

from rekenschap.explain.explain import Explained, Planting, explain, facts_read, grounds_of_the_house
from rekenschap.explain.narrate import narrate
from rekenschap.explain.plant import FIRST_PLANTED
from rekenschap.explain.ranking import Ranking
from rekenschap.model.planting import Among

__all__ = [
    "FIRST_PLANTED",
    "Among",
    "Explained",
    "Planting",
    "Ranking",
    "explain",
    "facts_read",
    "grounds_of_the_house",
    "narrate",
]
