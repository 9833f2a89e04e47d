# SPDX-License-Identifier: EUPL-1.2
"""What people fill in about findings and causes; what may be done is not decided here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rekenschap.casework.closing import Reason
from rekenschap.casework.flow import SHORTEST_REASON
from rekenschap.casework.together import REASONS_TOGETHER
from rekenschap_web.people.language import said
from rekenschap_web.people.writing import WrittenField


def _reasons(wanted: frozenset[Reason]) -> list[tuple[str, str]]:
    return [(str(each), said(each)) for each in Reason if each in wanted]


class _Words(forms.Form):
    words = WrittenField(
        label=_("Wat hebt u vastgesteld?"),
        help_text=_("Een of twee zinnen, zonder namen. Een ander moet het kunnen volgen."),
        min_length=SHORTEST_REASON,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CloseForm(_Words):
    """One of the reasons, and in one's own words what was established."""

    reason = forms.ChoiceField(label=_("Waarom sluit u af?"), widget=forms.RadioSelect)
    field_order = ("reason", "words")

    def __init__(self, *args: object, together: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        wanted = frozenset(REASONS_TOGETHER) if together else frozenset(Reason) - {Reason.INVESTIGATED}
        choice = self.fields["reason"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - ours, three lines above
        choice.choices = _reasons(wanted)


class ExplainForm(_Words):
    """Why these looks were right."""

    words = WrittenField(
        label=_("Waarom mocht dit wel?"),
        help_text=_("Noem het werk dat wij niet zien. Schrijf geen namen op."),
        min_length=SHORTEST_REASON,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AgainForm(_Words):
    """Whether what somebody else closed was rightly closed."""

    agrees = forms.TypedChoiceField(
        label=_("Is dit terecht afgesloten?"),
        choices=[("yes", _("Ja, de reden klopt")), ("no", _("Nee, dit moet weer open"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ("agrees", "words")


class ReopenForm(_Words):
    """Why a finding is opened again."""


class FilterForm(forms.Form):
    """What to show of the work list; all of it stands in the address."""

    wanneer = forms.ChoiceField(
        label=_("Wanneer"),
        required=False,
        choices=[("", _("deze week")), ("alles", _("ook later"))],
    )
    soort = forms.ChoiceField(
        label=_("Soort"),
        required=False,
        choices=[
            ("", _("alles")),
            ("finding", _("bevindingen")),
            ("cause", _("oorzaken")),
            ("other", _("ander werk")),
        ],
    )
    ernst = forms.ChoiceField(
        label=_("Ernst"),
        required=False,
        choices=[("", _("alle")), ("high", _("hoog")), ("middle", _("middel")), ("low", _("laag"))],
    )
    wie = forms.ChoiceField(
        label=_("Wie"),
        required=False,
        choices=[
            ("", _("mij of niemand")),
            ("mine", _("mij")),
            ("nobody", _("niemand")),
            ("all", _("iedereen")),
        ],
    )
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: object, teams: tuple[str, ...] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        team = self.fields["team"]
        assert isinstance(team, forms.ChoiceField)  # noqa: S101 - ours, six lines above
        team.choices = [("", _("alle")), *((name, name) for name in teams)]
