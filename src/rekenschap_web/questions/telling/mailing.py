# SPDX-License-Identifier: EUPL-1.2
"""The mail that says that something waits, and nothing else: not what, not about whom, not from whom."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from rekenschap_web.people.models import Person

SUBJECT = "Er wacht iets op u / Something waits for you"
BODY = """Er wacht iets op u in Rekenschap.
Log in en open uw werklijst: {address}

In deze mail staat met opzet niet wat het is.

Something waits for you in Rekenschap.
Sign in and open your work list: {address}

This mail leaves out on purpose what it is.
"""


def address_of(person: Person) -> str:
    """Give where mail to somebody goes: DESK_QUESTION_MAIL when it is set, else the own address.

    The setting is an address; `{staff_id}` in it stands for the staff number.
    """
    told = str(getattr(settings, "DESK_QUESTION_MAIL", ""))
    return told.replace("{staff_id}", person.staff_id) if told else person.email


def say_something_waits(person: Person) -> bool:
    """Send the mail; False when the mail server would not take it now."""
    mail = EmailMessage(
        subject=SUBJECT, body=BODY.format(address=settings.DESK.public_url), to=[address_of(person)]
    )
    try:
        return bool(mail.send())
    except (OSError, SMTPException):
        return False
