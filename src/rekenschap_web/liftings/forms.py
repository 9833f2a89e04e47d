# SPDX-License-Identifier: EUPL-1.2
"""What people fill in about a lifting."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.flow import SHORTEST_REASON
from rekenschap_web.people.writing import WrittenField


class AskForm(forms.Form):
    """Why a name is needed."""

    because = WrittenField(
        label=_("Waarom hebt u de naam nodig?"),
        help_text=_("Schrijf op wat u zonder naam niet kunt doen. De FG leest dit mee."),
        min_length=SHORTEST_REASON,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideForm(forms.Form):
    """What the second person says; to refuse, it must say why."""

    words = WrittenField(
        label=_("Uw toelichting"),
        help_text=_("Bij weigeren is een toelichting verplicht."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
