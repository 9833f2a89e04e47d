# SPDX-License-Identifier: EUPL-1.2
"""What people fill in to take a list along, or to judge that somebody else does."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.flow import SHORTEST_REASON
from rekenschap_web.exports.formats import KINDS, Format
from rekenschap_web.people.writing import WrittenField


class ExportForm(forms.Form):
    """In which format, and why."""

    form = forms.ChoiceField(
        label=_("In welke vorm?"),
        choices=[(each.value, KINDS[each].label) for each in Format],
        initial=Format.EXCEL.value,
        widget=forms.RadioSelect,
    )
    because = WrittenField(
        label=_("Waarvoor hebt u deze lijst nodig?"),
        help_text=_("Een zin is genoeg. Schrijf geen namen of nummers van mensen op."),
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class JudgeForm(forms.Form):
    """Why the list may leave, or not."""

    because = WrittenField(
        label=_("Waarom mag dit wel of niet?"),
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
