# SPDX-License-Identifier: EUPL-1.2
"""The truth as tables: why each look happened, and what each episode was. No source file holds any of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.demo.arrays import NONE, Flags, Ints, taken
from rekenschap.demo.life.looks import BATCH, CONTACT, REASONS, STEP, Looks
from rekenschap.demo.life.shapes import Outgoing
from rekenschap.demo.noise import NOISES
from rekenschap.demo.paper.sources import Names
from rekenschap.demo.paper.writing import moments, numbered, words
from rekenschap.demo.stories.catalogue import KEYS, SCENARIOS
from rekenschap.demo.stories.planting import Episode


def truth_of(names: Names, seen: Looks) -> pa.Table:
    """Give one row for each look, in the order of the looks."""
    return pa.table(
        {
            "staff": names.staff(seen.staff),
            "citizen": names.citizen(seen.subject),
            "looked_at": moments(seen.at),
            "reason": _reasons(names, seen),
            "noise": words(NOISES, seen.noise),
            "story": words(KEYS, seen.story),
            "episode": pa.array(seen.episode, mask=seen.episode == NONE),
            "written": pa.array(seen.written),
            "system": pa.array(seen.reason == BATCH),
        }
    )


def episodes_of(names: Names, seen: Looks, *, sent: Outgoing, episodes: Sequence[Episode]) -> pa.Table:
    """Give one row for each episode of which anything falls in the period."""
    size = max((each.number + 1 for each in episodes), default=0)
    which, at = np.concatenate([seen.episode, sent.episode]), np.concatenate([seen.at, sent.at])
    own = which != NONE
    looks = np.bincount(seen.episode[seen.episode != NONE], minlength=size)
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, NONE)
    np.minimum.at(first, which[own], at[own])
    np.maximum.at(last, which[own], at[own])
    kept = [each for each in episodes if last[each.number] != NONE]
    number = np.array([each.number for each in kept], dtype=np.int64)
    return pa.table(
        {
            "episode": pa.array(number),
            "scenario": words(KEYS, np.array([each.story for each in kept], dtype=np.int64)),
            "hiding": pa.array([SCENARIOS[each.story].hiding for each in kept], pa.bool_()),
            "staff": names.staff(np.array([each.deed.staff for each in kept], dtype=np.int64)),
            "account": names.staff(np.array([each.deed.account for each in kept], dtype=np.int64)),
            "first_at": moments(first[number]),
            "last_at": moments(last[number]),
            "looks": pa.array(looks[number]),
            "negligent": pa.array([each.deed.negligent for each in kept], pa.bool_()),
        }
    )


def sent_of(names: Names, sent: Outgoing) -> pa.Table:
    """Give which rows of `disclosure` belong to which episode."""
    own = taken(sent, sent.episode != NONE)
    return pa.table(
        {"episode": pa.array(own.episode), "staff": names.staff(own.staff), "disclosed_at": moments(own.at)}
    )


def _reasons(names: Names, seen: Looks) -> pa.Array:
    """Name the work a look was for: a task, a contact or a zaak; else only the kind of reason."""
    task = names.task(_where(seen, seen.reason == STEP))
    contact = numbered("C-", _where(seen, seen.reason == CONTACT), width=6)
    kind = words(REASONS, seen.reason)
    work = pc.coalesce(task, contact, names.zaak(np.where(seen.reason > STEP, seen.zaak, NONE)))
    return pc.coalesce(pc.binary_join_element_wise(kind, work, " "), kind)


def _where(seen: Looks, flags: Flags) -> Ints:
    return np.where(flags, seen.because, NONE)
