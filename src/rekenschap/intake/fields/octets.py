# SPDX-License-Identifier: EUPL-1.2
"""What holds for all bytes of a column of texts at once, and so for each text: far quicker than asking each.

Every answer errs to one side: a text that is empty (null) may still have bytes here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Octets = npt.NDArray[np.uint8]
_SPACE, _DELETE = 0x20, 0x7F


def octets_of(texts: pa.StringArray) -> Octets:
    """Give all bytes of a column of texts, one text behind the other."""
    values = texts.buffers()[2]
    ends = _bounds(texts)
    if values is None or not len(texts):
        return np.empty(0, dtype=np.uint8)
    return np.frombuffer(values, dtype=np.uint8)[int(ends[0]) : int(ends[-1])]


def is_solid(texts: pa.StringArray) -> bool:
    """Tell whether every byte is a visible ASCII mark: no space, no control, nothing beyond ASCII."""
    octets = octets_of(texts)
    return not octets.size or bool(octets.min() > _SPACE and octets.max() < _DELETE)


def has_no_control(texts: pa.StringArray) -> bool:
    """Tell whether no byte is a control of ASCII."""
    octets = octets_of(texts)
    return not octets.size or bool(
        octets.min() >= _SPACE and (octets.max() < _DELETE or not _has(octets, "\x7f"))
    )


def has_none_of(texts: pa.StringArray, marks: str) -> bool:
    """Tell whether none of some marks of ASCII is among the bytes."""
    octets = octets_of(texts)
    return not any(_has(octets, mark) for mark in marks)


def is_number_of(texts: pa.StringArray, digits: int) -> bool:
    """Tell whether every text is so many digits and nothing else."""
    octets, lengths = octets_of(texts), np.diff(_bounds(texts))
    return not len(texts) or bool(
        (lengths == digits).all() and octets.min() >= ord("0") and octets.max() <= ord("9")
    )


def is_shorter(texts: pa.StringArray, most: int) -> bool:
    """Tell whether no text has more than so many bytes, and so not more characters."""
    return not len(texts) or int(np.diff(_bounds(texts)).max()) <= most


def has_at(texts: pa.StringArray, place: int, mark: str) -> bool:
    """Tell whether every text has a mark of ASCII as its byte number `place`; a shorter text has not."""
    bounds, octets = _bounds(texts), octets_of(texts)
    if not len(texts):
        return True
    at = bounds[:-1] - bounds[0] + place
    return bool((at < bounds[1:] - bounds[0]).all() and (octets[at] == ord(mark)).all())


def _bounds(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    stored = texts.buffers()[1]
    if stored is None or not len(texts):
        return np.zeros(1, dtype=np.int32)
    return np.frombuffer(stored, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]


def _has(octets: Octets, mark: str) -> bool:
    return bool((octets == ord(mark)).any())
