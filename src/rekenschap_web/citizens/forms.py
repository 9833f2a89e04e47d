# SPDX-License-Identifier: EUPL-1.2
"""What people fill in: an answer that a citizen will read."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rekenschap_web.people.writing import WrittenField

LONGEST = timedelta(days=366)
GROUNDS = {
    "uavg_41_c": _("openbare veiligheid (UAVG artikel 41 lid 1 c)"),
    "uavg_41_d": _("opsporing en vervolging (UAVG artikel 41 lid 1 d)"),
    "uavg_41_i": _("bescherming van de inwoner of van anderen (UAVG artikel 41 lid 1 i)"),
}
"""The grounds in law on which a look may be withheld from who it is about, for a time."""


class WithholdingForm(forms.Form):
    """Which look, why, and until when."""

    look = forms.IntegerField(label=_("Regel van het logboek"), min_value=0)
    ground = forms.ChoiceField(
        label=_("Op welke grond in de wet?"), widget=forms.RadioSelect, choices=list(GROUNDS.items())
    )
    because = WrittenField(
        label=_("Waarom is dat hier zo?"),
        min_length=20,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(
        label=_("Tot welke dag?"),
        help_text=_("Hooguit een jaar. Daarna ziet de inwoner de raadpleging vanzelf."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_until(self) -> date:
        """Refuse a day that was, or that is too far."""
        day: date = self.cleaned_data["until"]
        if not timedelta(0) < day - timezone.localdate() <= LONGEST:
            raise forms.ValidationError(_("Kies een dag na vandaag, hooguit over een jaar."))
        return day


class AnswerForm(forms.Form):
    """The answer, as the citizen reads it."""

    words = WrittenField(
        label=_("Uw antwoord"),
        help_text=_("De inwoner leest dit zoals u het schrijft. Noem geen namen van collega's."),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
