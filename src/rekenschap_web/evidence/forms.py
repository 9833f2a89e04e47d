# SPDX-License-Identifier: EUPL-1.2
"""The form that asks why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap.errors import RefusedError
from rekenschap.model.warrant import SHORTEST_REASON, Because, check_reason
from rekenschap_web.people.writing import WrittenField


class ReasonForm(forms.Form):
    """Why somebody wants to see this, in own words."""

    words = WrittenField(
        label=_("Waarom wilt u dit zien?"),
        help_text=_("Schrijf één zin. Noem geen namen of burgerservicenummers. De zin komt in het logboek."),
        min_length=SHORTEST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Schrijf waarom u dit wilt zien."),
            "min_length": _("Schrijf een hele zin: zo weet een ander later waarom u keek."),
        },
    )

    def clean_words(self) -> str:
        """Give the reason without the space around it."""
        try:
            return check_reason(Because.INVESTIGATION, str(self.cleaned_data["words"]))
        except RefusedError as refused:
            raise forms.ValidationError(self.fields["words"].error_messages["min_length"]) from refused
