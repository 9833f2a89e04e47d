# SPDX-License-Identifier: EUPL-1.2
"""Writes a candidate down as a ground: a query folder with its settings, sentences and drawn cases.

Knows nothing of houses or packs: whoever asks says where, and a person says why.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from rekenschap.errors import RefusedError
from rekenschap.explain.mining.mining import HERE, LEAST_LIFT_FULL, Candidate
from rekenschap.model.explanation import Weight
from rekenschap.sql.query import Query, load_query


def draft(candidate: Candidate, *, weight: Weight, into: Path) -> Query:
    """Write the query folder of a candidate in the folder `into`, and read it back.

    Raises RefusedError for a full ground that does not tell real looks from permuted ones well enough.
    """
    if weight is Weight.STATED or (weight is Weight.FULL and not candidate.may_be_full):
        raise RefusedError(
            expected=f"a lift of {LEAST_LIFT_FULL:.0f} for a full ground",
            found=f"{candidate.lift:.1f}",
            remedy="approve it as a weak ground",
            rule="mined",
        )
    model = load_query(HERE / "grounds" / f"mined_{candidate.path}")
    folder = into / candidate.id
    (folder / "cases").mkdir(parents=True)
    (folder / "query.sql").write_text(model.sql, encoding="utf-8")
    (folder / "query.toml").write_text(_settings(model, candidate, weight), encoding="utf-8")
    for drawing in model.drawings:
        (folder / "cases" / drawing.name).write_text(_drawn(drawing, model, candidate), encoding="utf-8")
    return load_query(folder)


def _settings(model: Query, candidate: Candidate, weight: Weight) -> str:
    """Give query.toml with the values that were mined in the place of those that only show where they go."""
    told = (model.folder / "query.toml").read_text(encoding="utf-8")
    told = _put(told, r"^(id = ).*$", json.dumps(candidate.id))
    told = _put(told, r"^(weight = ).*$", json.dumps(weight.value))
    mined: dict[str, str | int] = {"told": candidate.told, "team": candidate.team, "days": candidate.days}
    for name, value in mined.items():
        told = _put(
            told,
            rf"(\[parameters\.{name}\]\n(?:.*\n)*?default = ).*",
            json.dumps(value, ensure_ascii=False),
        )
    return told


def _drawn(drawing: Path, model: Query, candidate: Candidate) -> str:
    """Give a drawn case with the mined values in the cells where the model has its own."""
    drawn = drawing.read_text(encoding="utf-8")
    for name, value in (("told", candidate.told), ("team", candidate.team)):
        cell = str(model.defaults[name])
        if value:
            drawn = _put(drawn, rf"(\b){re.escape(cell)}(?= *(?:\||$))", value, every=True)
    return drawn


def _put(text: str, pattern: str, value: str, *, every: bool = False) -> str:
    """Write a value after what the first group of a pattern finds; it is never read as a pattern itself."""

    def written(found: re.Match[str]) -> str:
        return f"{found.group(1)}{value}"

    return re.sub(pattern, written, text, count=0 if every else 1, flags=re.MULTILINE)
