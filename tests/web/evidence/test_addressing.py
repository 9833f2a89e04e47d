# SPDX-License-Identifier: EUPL-1.2
"""What a ground says of somebody is said to that very person on the own pages."""

import pytest

from rekenschap.explain import narrate
from rekenschap_web.evidence.reading import shaping
from rekenschap_web.evidence.reading.addressing import spoken_to
from rekenschap_web.evidence.views import Both


@pytest.mark.parametrize("ground", shaping.grounds().values(), ids=lambda ground: ground.id)
def test_every_sentence_speaks_to_who_looked(ground):
    told = spoken_to(shaping.both(narrate(ground, days_later=2)))
    assert "medewerker" not in told.nl
    assert "member of staff" not in told.en
    assert "ou was" not in told.en and "you leads" not in told.en.lower()


def test_the_verb_follows_in_english():
    said = spoken_to(
        Both(
            nl="De medewerker had rond dat moment contact met deze persoon.",
            en="The member of staff was in contact with this person around that time.",
        )
    )
    assert said.nl == "U had rond dat moment contact met deze persoon."
    assert said.en == "You were in contact with this person around that time."


def test_a_sentence_about_others_stays_as_it_is():
    told = Both(nl="Wij vonden geen werk dat erbij hoort.", en="We found no work that belongs to it.")
    assert spoken_to(told) == told
