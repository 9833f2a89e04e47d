# SPDX-License-Identifier: EUPL-1.2
"""Why a finding is on the list, and what each channel says: in words, beside the terms of its score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from rekenschap_web.evidence.views import FindingView, SentView
from rekenschap_web.findings.following.choosing import Why
from rekenschap_web.findings.queries import FindingCase
from rekenschap_web.people.language import said

_SAID = 6
"""Lines of channels that are shown, the strongest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheList:
    """Why a finding is here, what the channels say, and what left."""

    why: str
    said: tuple[tuple[str, date | None, str], ...]
    """the name of a channel, the Monday of its week (None: at once), and what it says"""
    sent: tuple[tuple[datetime, str, str, int], ...]
    """when, by which way, where to, and data of how many people (0: the source did not say)"""


def on_the_list(matter: FindingCase, view: FindingView, sent: tuple[SentView, ...]) -> OnTheList:
    """Say why this finding is on the list, in the language of the page."""
    lines = tuple((said(each.title), each.week, said(each.line)) for each in view.said[:_SAID])
    left = tuple((x.at, sent_said(x.kind), destination_said(x.destination), x.subjects) for x in sent)
    return OnTheList(why=why_said(matter.why), said=lines, sent=left)


def why_said(why: str) -> str:
    """Say in one sentence why a finding came onto the list; empty for one from before this was kept."""
    match why:
        case Why.URGENT:
            return _("Dit wacht niet op de weektelling. Het kwam binnen en staat hier meteen.")
        case Why.STANDING:
            return _("Dit is meer dan toeval.")
        case Why.RANK:
            return _("Dit viel in die week het meest op. Toeval sluiten wij niet uit.")
        case Why.LEARNING:
            return _("Dit is gekozen om van te leren. Of zulke bevindingen kloppen, weten wij nog niet.")
        case _:
            return ""


def sent_said(kind: str) -> str:
    """Call a way out."""
    names = {
        "export": _("export"), "mail": _("e-mail"), "device": _("los apparaat"), "upload": _("upload"),
        "print": _("afdruk"),
    }  # fmt: skip
    return names.get(kind, kind)


def destination_said(kind: str) -> str:
    """Call where something went."""
    names = {
        "internal": _("binnen de organisatie"), "own": _("een eigen adres"), "partner": _("een ketenpartner"),
        "external": _("een adres buiten"), "abroad": _("een adres in het buitenland"),
    }  # fmt: skip
    return names.get(kind, _("onbekend"))
