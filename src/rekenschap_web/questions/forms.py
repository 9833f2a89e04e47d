# SPDX-License-Identifier: EUPL-1.2
"""What people fill in: an answer from the list, or a span of days."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap_web.papers.kinds import ACCEPT
from rekenschap_web.people.writing import WrittenField
from rekenschap_web.questions.answers import ANSWERS, NEEDS_WORDS

STATES = [
    ("", _("alle")),
    ("explained", _("verklaard door werk")),
    ("stated", _("door u uitgelegd of zwak verklaard")),
    ("unexplained", _("niet verklaard")),
]


class AskForm(forms.Form):
    """Which looks the question is about: the most telling ones unless somebody chooses, up to all."""

    kies = forms.TypedMultipleChoiceField(
        label=_("Over welke raadplegingen vraagt u uitleg?"),
        help_text=_("Wij kozen wat het meest opvalt. Een korte vraag krijgt eerder antwoord."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één raadpleging.")},
    )

    def __init__(
        self, *args: object, looks: Sequence[tuple[int, str]], chosen: Sequence[int], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = self.fields["kies"]
        assert isinstance(choice, forms.TypedMultipleChoiceField)  # noqa: S101 - ours, above
        choice.choices, choice.initial = list(looks), list(chosen)


class AnswerForm(forms.Form):
    """Two clicks: an answer, and send."""

    answer = forms.ChoiceField(
        label=_("Waarom keek u hier?"), widget=forms.RadioSelect, choices=list(ANSWERS.items())
    )
    words = WrittenField(
        label=_("Toelichting (hoeft niet)"),
        help_text=_("Schrijf geen namen of burgerservicenummers op."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    paper = forms.FileField(
        label=_("Document (hoeft niet)"),
        help_text=_("Een pdf, een foto of een document van hoogstens 10 MB."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    def clean(self) -> dict[str, object]:
        """Ask for words where the answer says nothing by itself."""
        told = super().clean() or {}
        if told.get("answer") in NEEDS_WORDS and not str(told.get("words", "")).strip():
            self.add_error("words", _("Schrijf kort op wat het was."))
        return told


class SpanForm(forms.Form):
    """Which own looks are shown; it stands in the address."""

    van = forms.DateField(
        label=_("Vanaf"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    tot = forms.DateField(
        label=_("Tot en met"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    stand = forms.ChoiceField(label=_("Stand"), required=False, choices=STATES)
