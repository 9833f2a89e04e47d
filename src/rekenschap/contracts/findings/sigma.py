# SPDX-License-Identifier: EUPL-1.2
"""A rule of ours as a Sigma rule (specification 2.1), for a SIEM that is given our findings as ECS or OCSF.

It selects findings that we made; it does not make them again. https://sigmahq.io/sigma-specification/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

import yaml

from rekenschap.contracts.findings.ecs import DATASET

_SELECTIONS: Mapping[str, tuple[Mapping[str, str], str, str, tuple[str, ...]]] = {
    "ecs": ({"event.dataset": DATASET}, "rule.id", "event.risk_score", ("rule.name", "user.id", "event.id")),
    "ocsf": (
        {"metadata.product.name": "Rekenschap"},
        "finding_info.analytic.uid",
        "risk_score",
        ("finding_info.title", "evidences.actor.user.uid", "finding_info.uid"),
    ),
}
FORMS = tuple(_SELECTIONS)
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRule:
    """What is told of a rule; `waits` is false for one that should be seen at once.

    With `but_for` it is about every finding but those of these rules.
    """

    id: str
    title: str
    question: str
    law: str
    blind_spots: tuple[str, ...]
    waits: bool
    but_for: tuple[str, ...] = ()


def as_sigma(rule: GivenRule, *, form: str) -> Mapping[str, object]:
    """Give it as one Sigma rule on findings in that form (`ecs` or `ocsf`); its id is always the same."""
    every, where, score, fields = _SELECTIONS[form]
    detection: dict[str, object] = {"selection": {**every, where: rule.id}, "condition": "selection"}
    if rule.but_for:
        others = {"selection": dict(every), "filter_others": {where: list(rule.but_for)}}
        detection = others | {"condition": "selection and not filter_others"}
    return {
        "title": rule.title[:_LONGEST_TITLE],
        "id": str(uuid5(NAMESPACE_URL, f"rekenschap:{form}:{rule.id}")),
        "status": "stable",
        "description": f"{rule.question} A human has yet to look; {rule.law}.",
        "author": "Rekenschap",
        "logsource": {"product": "rekenschap", "service": "finding", "definition": f"findings --as {form}"},
        "detection": detection,
        "fields": [*fields, score],
        "falsepositives": [f"{each[:1].upper()}{each[1:]}" for each in rule.blind_spots] or ["Unknown"],
        "level": "medium" if rule.waits else "high",
    }


def sigma_text(rules: Sequence[GivenRule], *, form: str) -> str:
    """Write rules one after another, as `sigma convert` reads them."""
    return "---\n".join(
        yaml.safe_dump(dict(as_sigma(each, form=form)), sort_keys=False, allow_unicode=True, width=110)
        for each in rules
    )
