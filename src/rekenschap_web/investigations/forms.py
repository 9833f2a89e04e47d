# SPDX-License-Identifier: EUPL-1.2
"""What people fill in about an investigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.closing import IN_FAVOUR, OF_INVESTIGATIONS, Reason
from rekenschap.casework.flow import SHORTEST_REASON
from rekenschap_web.papers.kinds import ACCEPT
from rekenschap_web.people.language import said
from rekenschap_web.people.writing import WrittenField

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def _text(
    label: str | StrPromise, *, rows: int = 3, least: int = SHORTEST_REASON, most: int = 5000
) -> WrittenField:
    return WrittenField(
        label=label, min_length=least, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class OpenForm(forms.Form):
    """Why an investigation begins."""

    because = _text(_("Waarom is een onderzoek nodig?"))


class WordsForm(forms.Form):
    """A few words with an act."""

    words = _text(_("Uw toelichting"))


class NoteForm(forms.Form):
    """A note."""

    text = _text(_("Notitie"), least=1)


class PaperForm(forms.Form):
    """A document."""

    paper = forms.FileField(
        label=_("Bijlage"),
        help_text=_("Een pdf, een foto of een document van hoogstens 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )


class TaskForm(forms.Form):
    """Something to be done."""

    what = WrittenField(label=_("Wat moet er gebeuren?"), max_length=300)
    due = forms.DateField(
        label=_("Uiterlijk"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class BreachForm(forms.Form):
    """The reference of a breach."""

    breach = WrittenField(label=_("Kenmerk van het datalek"), max_length=60)


class HoldForm(forms.Form):
    """Why nothing may be erased."""

    because = _text(_("Waarom moet dit bewaard blijven?"), rows=2)


class ReplyForm(forms.Form):
    """The reply, in somebody's own words."""

    words = _text(_("Uw reactie"), rows=8, least=1, most=20_000)
    paper = forms.FileField(
        label=_("Document (hoeft niet)"),
        help_text=_("Een pdf, een foto of een document van hoogstens 10 MB."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )


class ProposeForm(forms.Form):
    """One of the reasons, and what was established."""

    reason = forms.ChoiceField(label=_("Met welke reden sluit u af?"), widget=forms.RadioSelect)
    words = _text(_("Wat hebt u vastgesteld?"))

    def __init__(self, *args: object, early: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        wanted = IN_FAVOUR if early else OF_INVESTIGATIONS
        choice = self.fields["reason"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - ours, a few lines above
        choice.choices = [(str(each), said(each)) for each in Reason if each in wanted]
