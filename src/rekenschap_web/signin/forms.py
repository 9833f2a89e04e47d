# SPDX-License-Identifier: EUPL-1.2
"""What the operator fills in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap_web.people.writing import WrittenField


class ReasonForm(forms.Form):
    """Why an account is locked or opened."""

    because = WrittenField(
        label=_("Waarom?"), max_length=200, help_text=_("Dit komt in het logboek. Noem geen burger.")
    )
