# SPDX-License-Identifier: EUPL-1.2
"""What the first rows show of each column of a file. Holds shares and forms, never a value of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.choosing import Texts
from rekenschap.intake.fields.numbers_in_text import holds_bsn
from rekenschap.intake.fields.parsed import mask_of
from rekenschap.intake.fields.times import parse_times
from rekenschap.intake.profile import DoubleHour
from rekenschap.intake.wizard.words import LOOK_WORDS, PLACEHOLDERS, SEARCH_KEYS, likeness
from rekenschap.model.bsn import as_bsn

_CLOCKS = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M")
_DAYS = ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%m/%d/%Y", "%m-%d-%Y")
_FORMS = (
    "iso",
    *(f"{day} {clock}" for day in _DAYS for clock in _CLOCKS),
    *_DAYS,
    *(f"{day}T{clock}" for day in _DAYS for clock in _CLOCKS),
    *(f"{day}, {clock}" for day in _DAYS for clock in _CLOCKS),
    "%Y%m%d%H%M%S",
)
_ENOUGH = 0.9
_ZAAK = r"(?i)^(z|zaak|zk|dos|dossier)[-_./ ]?\d|^\d{4}[-_.]\d{3,8}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a column looks like: how much is filled, how often values repeat, and what they could be."""

    name: str
    filled: float = 0.0
    distinct: float = 0.0
    time_form: str = ""
    has_offset: bool = False
    is_day_only: bool = False
    is_clock: bool = False
    bsns: float = 0.0
    zaken: float = 0.0
    counts_up: bool = False
    few: frozenset[str] = frozenset()
    """The values, when there are few and each is a word of ours (a search key, a word for looking)."""


def look_at(rows: pa.Table, *, zone: str) -> tuple[dict[str, Seen], frozenset[str]]:
    """Look at each column; gives them by name, and which placeholders stand for nothing."""
    raw = Texts(rows, empty=frozenset())
    used = {
        word
        for name in rows.column_names
        for word in PLACEHOLDERS & set(pc.unique(raw.column(name)).to_pylist())
    }
    texts = Texts(rows, empty=frozenset(used))
    return {name: _seen(name, texts.column(name), zone) for name in rows.column_names}, frozenset(used)


def _seen(name: str, column: pa.Array, zone: str) -> Seen:
    values = column.drop_null()
    if not len(values):
        return Seen(name=name)
    form = _time_form(values, zone)
    return Seen(
        name=name,
        filled=len(values) / len(column),
        distinct=len(pc.unique(values)) / len(values),
        time_form=form,
        has_offset=bool(form == "iso" and _share(values, r"(Z|[+-]\d\d:?\d\d)$") > _ENOUGH),
        is_day_only=bool(form) and _share(values, ":") < 1 - _ENOUGH and form != "%Y%m%d%H%M%S",
        is_clock=_share(values, r"^\d{1,2}:\d\d(:\d\d)?$") > _ENOUGH,
        bsns=_share_of_bsns(values) if not form else 0.0,
        zaken=_share(values, _ZAAK),
        counts_up=_counts_up(values),
        few=_few(values),
    )


def _share(values: pa.Array, pattern: str) -> float:
    return float(mask_of(pc.match_substring_regex(values, pattern)).mean())


def _share_of_bsns(values: pa.Array) -> float:
    maybe = values.filter(pa.array(holds_bsn(values)))
    return sum(as_bsn(text) is not None for text in maybe.to_pylist()) / len(values)


def _time_form(values: pa.Array, zone: str) -> str:
    if _share(values, r"\d{4}") < _ENOUGH:
        return ""
    for form in _FORMS:
        parsed = parse_times(values, formats=(form,), zone=zone, double_hour=DoubleHour.FIRST).values
        if len(parsed.drop_null()) >= _ENOUGH * len(values) and _is_plausible(parsed.drop_null()):
            return form
    return ""


def _is_plausible(moments: pa.Array) -> bool:
    """A number of eight digits may read as a date; a date of a log is of this century or the last."""
    years = np.asarray(pc.year(moments))
    return bool(((years >= 1900) & (years <= 2100)).all())


def _counts_up(values: pa.Array) -> bool:
    if _share(values, r"^\d{1,15}$") < 1 or len(values) < 3:
        return False
    steps = np.diff(np.asarray(values.cast(pa.int64())))
    return bool((steps == 1).mean() > _ENOUGH)


def _few(values: pa.Array) -> frozenset[str]:
    distinct = set(pc.unique(values).to_pylist())
    if len(distinct) > 40:
        return frozenset()
    return frozenset(text for text in distinct if text.lower() in LOOK_WORDS or text.lower() in SEARCH_KEYS)


def clock_among(seen: Mapping[str, Seen]) -> Seen | None:
    """Find the column that holds the time of day beside a column of days: the one with the likest name."""
    clocks = [each for each in seen.values() if each.is_clock]
    return max(clocks, key=lambda each: likeness(each.name, "tijd tijdstip time"), default=None)
