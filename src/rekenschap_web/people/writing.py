# SPDX-License-Identifier: EUPL-1.2
"""The field in which people write in their own words. What they write is kept, so no BSN may be in it."""

from __future__ import annotations

import re
from collections.abc import Callable

from django import forms
from django.utils.translation import gettext

from rekenschap.model.bsn import bsns_in

_OWN = re.compile(r"(?<![0-9-])20[0-9]{2}-(?:[0-9]{4}|(?:0[1-9]|1[0-2])[0-3][0-9]-[0-9]{1,3})(?![0-9-])")
"""How the desk numbers its work (2026-0001, 2026-0302-4): one in eleven of these would pass for a BSN."""


def is_own_number(text: str) -> bool:
    """Tell whether a text is a number as the desk gives its work, and nothing else."""
    return bool(_OWN.fullmatch(text))


def holds_bsn(text: str) -> bool:
    """Tell whether a BSN stands in a text; white space hides none, and numbers of the desk are none."""
    return bool(bsns_in(_OWN.sub("#", " ".join(text.split()))))


def check_no_bsn(text: str) -> None:
    """Raise ValidationError, with the sentence that says what to do, when a BSN stands in a text."""
    if holds_bsn(text):
        raise forms.ValidationError(
            gettext("Laat het burgerservicenummer weg: wat hier staat, blijft altijd bewaard."), code="bsn"
        )


class WrittenField(forms.CharField):
    """Free text; refuses a citizen service number however it is written."""

    default_validators: list[Callable[[str], None]] = [check_no_bsn]  # noqa: RUF012 - as Django declares it
