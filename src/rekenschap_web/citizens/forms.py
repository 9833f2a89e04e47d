# SPDX-License-Identifier: EUPL-1.2
"""What people fill in: an answer that a citizen will read."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap_web.people.writing import WrittenField


class AnswerForm(forms.Form):
    """The answer, as the citizen reads it."""

    words = WrittenField(
        label=_("Uw antwoord"),
        help_text=_("De inwoner leest dit zoals u het schrijft. Noem geen namen van collega's."),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
