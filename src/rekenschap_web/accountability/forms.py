# SPDX-License-Identifier: EUPL-1.2
"""What people fill in about a month and its sample, and to try a change of a rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.flow import SHORTEST_REASON
from rekenschap_web.evidence.views import RuleView, SettingView
from rekenschap_web.people.language import said
from rekenschap_web.people.writing import WrittenField

_MOST = 1_000_000


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


def _field_of(setting: SettingView) -> forms.Field:
    """Make a field of a parameter, which knows by itself what fits in it."""
    made = _of_kind(setting.kind)
    made.label = f"{said(setting.label)} ({said(setting.unit)})"
    made.initial = setting.value
    made.help_text = said(setting.why)
    return made


def _of_kind(kind: str) -> forms.Field:
    match kind:
        case "count":
            return forms.IntegerField(required=False, min_value=0, max_value=_MOST)
        case "number":
            return forms.FloatField(required=False, min_value=0, max_value=_MOST)
        case _:
            return forms.CharField(required=False, max_length=20)


class ReplayForm(forms.Form):
    """Other values for the parameters of a rule; what is left as it is changes nothing."""

    def __init__(self, *args: object, rule: RuleView, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for each in rule.settings:
            self.fields[each.name] = _field_of(each)
