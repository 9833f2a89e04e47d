# SPDX-License-Identifier: EUPL-1.2
"""What people fill in about a month and its sample, and to try a change of a rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.flow import SHORTEST_REASON
from rekenschap_web.evidence.views import RuleView
from rekenschap_web.people.language import said
from rekenschap_web.people.writing import WrittenField


class JudgeForm(forms.Form):
    """Whether the explanation of a look holds."""

    answer = forms.ChoiceField(
        label=_("Klopt de verklaring van deze raadpleging?"),
        choices=[
            ("right", _("Ja, het werk hoort erbij")),
            ("wrong", _("Nee, dit had onverklaard moeten zijn")),
            ("unknown", _("Ik kan het niet vaststellen")),
        ],
        widget=forms.RadioSelect,
    )
    words = WrittenField(
        label=_("Toelichting (mag leeg)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SignForm(forms.Form):
    """What the FG says about the month."""

    remarks = WrittenField(
        label=_("Wat is uw oordeel over deze maand?"),
        help_text=_("Wat viel op, en wat moet beter? Schrijf geen namen op."),
        min_length=SHORTEST_REASON,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ReplayForm(forms.Form):
    """Other values for the parameters of a rule; what is left as it is changes nothing."""

    def __init__(self, *args: object, rule: RuleView, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for each in rule.settings:
            counts = each.value.lstrip("-").isdigit()
            self.fields[each.name] = forms.CharField(
                label=f"{said(each.label)} ({said(each.unit)})",
                initial=each.value,
                help_text=said(each.why),
                required=False,
                max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "numeric"} if counts else {}),
            )
