# SPDX-License-Identifier: EUPL-1.2
"""Runs the example inside a profile, and holds what comes out to what the profile expects."""

from __future__ import annotations

import base64
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from rekenschap.errors import ConfigurationError
from rekenschap.intake.admission import Admission, microseconds
from rekenschap.intake.groups import WholeFile
from rekenschap.intake.identifiers import Pseudonyms
from rekenschap.intake.private.minimising import minimised
from rekenschap.intake.profile import ColumnRule, Example, FactRule, Profile
from rekenschap.model.columns import Relation
from rekenschap.model.relations import RELATIONS
from rekenschap.seams.source import READER_KINDS, Reader

_KEY = b"an example is no secret, see it "


def check_example(profile: Profile, readers: Mapping[str, Reader], *, now: datetime) -> None:
    """Raise ConfigurationError unless the example gives the expected facts, no more and no fewer."""
    admission = Admission(profile=profile, pseudonyms=Pseudonyms(_KEY, None), now=microseconds(now))
    found = _facts_of_example(admission, readers[profile.example.reader])
    for name in sorted(found.keys() | profile.example.expect.keys()):
        wanted = _expected(admission, RELATIONS[name], profile.example)
        missing, extra = wanted - found.get(name, Counter()), found.get(name, Counter()) - wanted
        if missing or extra:
            raise ConfigurationError(
                expected=f"{wanted.total()} facts of {name} from the example of profile {profile.id}",
                found=f"{missing.total()} of them missing or different and {extra.total()} others",
                remedy="correct the profile or its expected facts",
            )


def _facts_of_example(admission: Admission, reader: Reader) -> dict[str, Counter[tuple[object, ...]]]:
    found: dict[str, Counter[tuple[object, ...]]] = {}
    whole = WholeFile(admission.profile)
    example = admission.profile.example
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example"
        path.write_bytes(_bytes_of(example))
        for coming in reader.blocks(path, admission.profile.readers[example.reader]):
            less = admission.profile.minimising
            block = coming if less is None else minimised(coming, less)
            for at, each in enumerate(admission.admit(block.rows, block.lines)[0]):
                if each.rule.one_per:
                    whole.add(at, each)
                else:
                    _count(found, each.rule.relation, each.content)
    for rule, content, _ in whole.facts():
        _count(found, rule.relation, content)
    return found


def _bytes_of(example: Example) -> bytes:
    """Give the file; one of a kind that is no text stands in the profile as base64."""
    if not READER_KINDS[example.reader].is_binary:
        return example.text.encode("utf-8")
    try:
        return base64.b64decode("".join(example.text.split()), validate=True)
    except ValueError:
        raise ConfigurationError(
            expected="a file in base64 as the example", found="something else", remedy="correct the profile"
        ) from None


def _count(found: dict[str, Counter[tuple[object, ...]]], relation: Relation, content: pa.Table) -> None:
    if content.num_rows:
        found.setdefault(relation.name, Counter()).update(_rows(relation, content))


def _rows(relation: Relation, content: pa.Table) -> list[tuple[object, ...]]:
    return list(zip(*(content.column(column.name).to_pylist() for column in relation.reported), strict=True))


def _expected(admission: Admission, relation: Relation, example: Example) -> Counter[tuple[object, ...]]:
    """Bring the expected facts through the same door, so that the tokens and times can be compared."""
    rows = example.expect.get(relation.name, ())
    if not rows:
        return Counter()
    rule = FactRule(
        relation=relation,
        columns=tuple(ColumnRule(target=column, sources=(column.name,)) for column in relation.reported),
    )
    plain = replace(
        admission.profile,
        facts=(rule,),
        checks=(),
        sequence=None,
        named=False,
        empty=frozenset(),
        minimising=None,
    )
    table = pa.table(
        {c.name: pa.array([row.get(c.name) for row in rows], pa.string()) for c in relation.reported}
    )
    lines = pa.array(range(len(rows)), pa.int64())
    (admitted,), _ = replace(admission, profile=plain).admit(table, lines)
    if admitted.refused:
        refused = admitted.refused[0]
        raise ConfigurationError(
            expected=f"facts of {relation.name} that may stand in a ledger, at expect",
            found=f"one with {refused.reason} in {refused.column}",
            remedy="correct the profile or its expected facts",
        )
    return Counter(_rows(relation, admitted.content))
