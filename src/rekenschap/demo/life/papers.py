# SPDX-License-Identifier: EUPL-1.2
"""What the systems keep beside the ordinary work: zaken, contacts, tasks and mail of other origin.

Filled while errands and stories are drawn, and put below the work when all of it has happened.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rekenschap.demo.arrays import NONE, Flags, Ints, joined, rows_of
from rekenschap.demo.life.shapes import Accounts, Contacts, Outgoing, Tasks, Trainings, Work, Zaken


class Papers:
    """Collects rows; a new zaak gets its position at once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._count = rows_of(work.zaken)
        self._zaken: list[Zaken] = []
        self._contacts: list[Contacts] = []
        self._tasks: list[Tasks] = []
        self._outgoing: list[Outgoing] = []
        self._trainings: list[Trainings] = []
        self._accounts: list[tuple[int, int]] = []

    def open_zaken(self, zaken: Zaken) -> Ints:
        """Put zaken into the zaaksysteem; gives their positions."""
        self._zaken.append(zaken)
        first, self._count = self._count, self._count + rows_of(zaken)
        return np.arange(first, self._count, dtype=np.int64)

    def note(self, contacts: Contacts) -> None:
        """Note contacts."""
        self._contacts.append(contacts)

    def make(self, tasks: Tasks) -> None:
        """Put tasks into the workflow."""
        self._tasks.append(tasks)

    def send(self, outgoing: Outgoing) -> None:
        """Let data leave."""
        self._outgoing.append(outgoing)

    def train(self, trainings: Trainings) -> None:
        """Put a training into the roster."""
        self._trainings.append(trainings)

    def open_account(self, team: int, day: int) -> int:
        """Open an account for a project; gives its place after the staff and the system account."""
        self._accounts.append((team, day))
        return len(self._accounts)

    def added(self) -> Work:
        """Give the work with everything that was collected below it."""
        work = self._work
        accounts = np.array(self._accounts, dtype=np.int64).reshape(-1, 2)
        return replace(
            work,
            zaken=joined([work.zaken, *self._zaken]),
            contacts=joined([work.contacts, *self._contacts]),
            tasks=joined([work.tasks, *self._tasks]),
            outgoing=joined([work.outgoing, *self._outgoing]),
            trainings=joined([work.trainings, *self._trainings]),
            accounts=Accounts(team=accounts[:, 0], opened=accounts[:, 1]),
        )


def new_zaken(
    *,
    subject: Ints,
    zaaktype: Ints,
    team: Ints,
    channel: int,
    registered: Ints,
    staff: Ints,
    closed: Ints,
    self_made: bool,
) -> Zaken:
    """Make zaken that one person takes in and handles; `self_made` when nothing came in."""
    size = len(subject)
    return Zaken(
        subject=subject,
        zaaktype=zaaktype,
        team=team,
        channel=np.full(size, channel, dtype=np.int64),
        arrived=registered,
        registered=registered,
        intake=staff,
        handler=staff,
        successor=np.full(size, NONE, dtype=np.int64),
        moved=np.full(size, NONE, dtype=np.int64),
        closed=closed,
        queued=np.zeros(size, dtype=np.bool_),
        self_made=np.full(size, self_made),
    )


def new_contacts(
    *,
    kind: int,
    subject: Ints,
    staff: Ints,
    team: Ints,
    started: Ints,
    lasts: Ints,
    by_hand: bool = False,
    recorded: Flags | None = None,
) -> Contacts:
    """Make contacts of one kind in which the citizen is known."""
    size = len(subject)
    every = np.ones(size, dtype=np.bool_)
    return Contacts(
        kind=np.full(size, kind, dtype=np.int64),
        subject=subject,
        staff=staff,
        team=team,
        zaak=np.full(size, NONE, dtype=np.int64),
        started=started,
        ended=started + lasts,
        identified=every,
        recorded=every if recorded is None else recorded,
        by_hand=np.full(size, by_hand),
    )


def new_tasks(*, kind: int, subject: Ints, staff: Ints, team: Ints, created: Ints, done: Ints) -> Tasks:
    """Make tasks without a zaak."""
    size = len(subject)
    return Tasks(
        zaak=np.full(size, NONE, dtype=np.int64),
        subject=subject,
        staff=staff,
        team=team,
        kind=np.full(size, kind, dtype=np.int64),
        created=created,
        done=done,
    )


def left(
    *,
    at: Ints,
    staff: Ints,
    kind: int,
    where: int,
    subjects: Ints | int,
    size: Ints,
    subject: Ints | int = NONE,
    destination: Ints | int = NONE,
    abroad: Ints | int = NONE,
    activity: Ints | int = NONE,
    episode: int = NONE,
) -> Outgoing:
    """Make rows of data that left one way; a single number counts for every row."""
    rows = len(at)

    def every(value: Ints | int) -> Ints:
        return np.broadcast_to(np.asarray(value, dtype=np.int64), (rows,))

    return Outgoing(
        at=at,
        staff=staff,
        kind=every(kind),
        subject=every(subject),
        subjects=every(subjects),
        size=every(size),
        where=every(where),
        destination=every(destination),
        abroad=every(abroad),
        activity=every(activity),
        episode=every(episode),
    )


def nothing_else() -> tuple[Tasks, Outgoing, Trainings, Accounts]:
    """Give no tasks, nothing that left, no training and no account."""
    none = np.zeros(0, dtype=np.int64)
    tasks = new_tasks(kind=0, subject=none, staff=none, team=none, created=none, done=none)
    nothing_left = left(at=none, staff=none, kind=0, where=0, subjects=none, size=none)
    return tasks, nothing_left, Trainings(staff=none, day=none), Accounts(team=none, opened=none)
