# SPDX-License-Identifier: EUPL-1.2
"""What people fill in: an entry of the register as it should become, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rekenschap.register import is_key
from rekenschap.register.reading import LONGEST, parts_in
from rekenschap_web.people.writing import WrittenField
from rekenschap_web.register.words import BASES, SECRECY

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


class PartsField(WrittenField):
    """A list: one on each line, or divided by commas."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: str | None) -> list[str]:  # type: ignore[override]
        """Give the parts."""
        return list(parts_in(super().to_python(value) or ""))

    def validate(self, value: object) -> None:
        """Ask for at least one where there must be one."""
        forms.Field.validate(self, value)

    def run_validators(self, value: object) -> None:
        """Hold the parts together against what no text may have."""
        super().run_validators(", ".join(value) if isinstance(value, list) else value)

    def prepare_value(self, value: object) -> object:
        """Show one on each line."""
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value


def _one(label: Words, *, required: bool = False, help_text: Words = "", most: int = 300) -> WrittenField:
    return WrittenField(label=label, required=required, max_length=most, help_text=help_text)


def _several(label: Words, help_text: Words = "") -> PartsField:
    return PartsField(label=label, required=False, max_length=1000, help_text=help_text)


def _days(label: Words, help_text: Words = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=LONGEST, help_text=help_text
    )


class EntryForm(forms.Form):
    """An entry as it should become. The number of an entry that is there already is not asked."""

    key = WrittenField(
        label=_("Nummer"), max_length=200, help_text=_("Blijft altijd hetzelfde. Bijvoorbeeld VA-13.")
    )
    name = _one(_("Naam"), required=True)
    purpose = _one(_("Doel: waarom kijken wij in deze gegevens?"), required=True, most=1000)
    legal_basis = forms.ChoiceField(label=_("Grondslag (AVG artikel 6)"), choices=list(BASES.items()))
    law = _one(_("Wet en artikel"), help_text=_("Nodig bij een wettelijke plicht en een publieke taak."))
    categories = _several(_("Welke gegevens?"), _("Eén per regel."))
    people = _several(_("Over wie?"), _("Bijvoorbeeld inwoners, medewerkers. Eén per regel."))
    recipients = _several(_("Wie krijgt de gegevens?"), _("Eén per regel."))
    transfers = _several(_("Naar welke landen buiten de EU?"), _("Leeg als dat niet gebeurt."))
    retention_period = _days(_("Hoeveel dagen bewaren wij de gegevens?"))
    retention_law = _one(
        _("Welke regel zegt dat?"), help_text=_("Bijvoorbeeld Selectielijst gemeenten 14.1.")
    )
    looks_kept = _days(
        _("Hoeveel dagen bewaren wij wie er keek?"), _("Leeg: even lang als de gegevens zelf.")
    )
    confidentiality = forms.ChoiceField(
        label=_("Mag de inwoner zien dat wij keken?"), choices=list(SECRECY.items()), initial="open"
    )
    owner = _one(_("Wie is de eigenaar?"), help_text=_("Een functie, geen naam."))
    on_behalf = _one(
        _("Namens wie?"), help_text=_("Leeg: de eigen organisatie. Anders bijvoorbeeld het Rijk.")
    )
    measures = _one(_("Hoe beveiligen wij dit?"), most=2000)
    since = forms.DateField(
        label=_("Vanaf welke dag?"), required=False,
        help_text=_("Leeg: zodra een tweede persoon het goedkeurt. Terug in de tijd kan niet."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    ends = forms.DateField(
        label=_("Tot welke dag?"), required=False, help_text=_("Leeg als het doorgaat."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    because = WrittenField(
        label=_("Waarom verandert dit?"), min_length=10, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean_key(self) -> str:
        """Refuse what cannot be part of an address."""
        key: str = self.cleaned_data["key"].strip()
        if not is_key(key):
            raise forms.ValidationError(_("Gebruik letters, cijfers en streepjes, zonder spaties."))
        return key

    def clean_since(self) -> date | None:
        """Refuse a day that was: what was done then was done on the basis of then."""
        day: date | None = self.cleaned_data["since"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Kies vandaag of een latere dag."))
        return day

    def clean(self) -> dict[str, object]:
        """Ask for a law where the basis stands on one, and for an end after the beginning."""
        told: dict[str, object] = super().clean() or {}
        if told.get("legal_basis") in ("c", "e") and not told.get("law"):
            self.add_error("law", _("Noem de wet en het artikel."))
        since, ends = told.get("since") or timezone.localdate(), told.get("ends")
        if isinstance(ends, date) and isinstance(since, date) and ends <= since:
            self.add_error("ends", _("Kies een dag na de eerste."))
        return told


class DecisionForm(forms.Form):
    """What the second person says to it."""

    remark = WrittenField(
        label=_("Wat wilt u daarover zeggen?"), required=False, max_length=1000,
        help_text=_("Nodig als u het afwijst."), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
