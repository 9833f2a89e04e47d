# SPDX-License-Identifier: EUPL-1.2
"""What people fill in to search for the source of a leak: the list, the days, the investigation and why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.flow import SHORTEST_REASON
from rekenschap_web.people.writing import WrittenField

LARGEST = 2_000_000
_DAY = forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "31-12-2026"}, format="%d-%m-%Y")
_DAYS = ["%d-%m-%Y", "%d-%m-%y", "%d/%m/%Y", "%Y-%m-%d"]


class LeakForm(forms.Form):
    """A leaked list, pasted or as a file, inside an investigation."""

    investigation = forms.ChoiceField(
        label=_("Bij welk onderzoek hoort dit?"),
        help_text=_("Zonder onderzoek kunt u niet zoeken. Open er eerst een."),
    )
    because = WrittenField(
        label=_("Waarom zoekt u?"),
        help_text=_("Schrijf één zin. Noem geen namen of nummers van mensen. De zin komt in het logboek."),
        min_length=SHORTEST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    first = forms.DateField(
        label=_("Vanaf welke dag kan iemand gekeken hebben?"),
        help_text=_("Dag, maand en jaar: 31-12-2026."),
        widget=_DAY,
        input_formats=_DAYS,
    )
    last = forms.DateField(
        label=_("Tot en met welke dag?"),
        help_text=_("Meestal de dag waarop de lijst voor het eerst buiten is gezien."),
        widget=_DAY,
        input_formats=_DAYS,
    )
    listed = forms.CharField(
        label=_("De gelekte lijst"),
        help_text=_(
            "Eén persoon op een regel. Een adres: alle bewoners op één regel, met een puntkomma ertussen."
        ),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    paper = forms.FileField(
        label=_("Of kies een bestand"),
        help_text=_("Een tekstbestand of CSV, hoogstens 2 MB. Wij bewaren het niet."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,text/plain,text/csv"}),
    )

    def __init__(self, *args: object, investigations: tuple[tuple[str, str], ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = self.fields["investigation"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - ours, above
        choice.choices = [("", gettext("Kies een onderzoek")), *investigations]

    def clean_because(self) -> str:
        """Give the reason on one line."""
        return " ".join(str(self.cleaned_data["because"]).split())

    def clean(self) -> dict[str, object]:
        """Put the list together from what was pasted or uploaded; check the days."""
        told: dict[str, object] = super().clean() or {}
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            self.add_error("last", gettext("De laatste dag ligt voor de eerste."))
        told["text"] = self._text()
        if not str(told["text"]).strip() and not self.errors.get("paper"):
            self.add_error("listed", gettext("Plak de gelekte lijst, of kies een bestand."))
        return told

    def _text(self) -> str:
        given = self.cleaned_data.get("paper")
        if given is None:
            return str(self.cleaned_data.get("listed", ""))
        if given.size > LARGEST:
            self.add_error("paper", gettext("Dit bestand is groter dan 2 MB. Geef een kortere lijst."))
            return ""
        content: bytes = given.read()
        if b"\0" in content:
            self.add_error("paper", gettext("Dit is geen tekstbestand. Bewaar de lijst als CSV en kies die."))
            return ""
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("windows-1252", errors="replace")
