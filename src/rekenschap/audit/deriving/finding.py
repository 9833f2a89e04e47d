# SPDX-License-Identifier: EUPL-1.2
"""From what was found of somebody, in whatever way, to one finding of that person with all it rests on."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.deriving.sought import Traffic, sought_for
from rekenschap.audit.deriving.told import Found, InBoth, Kind, Said
from rekenschap.detect.telling import Told
from rekenschap.model.finding import Finding, Sentences
from rekenschap.model.relations import DISCLOSURE
from rekenschap.sql.query import Query

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What findings are told from. `looks` are in the order of their entries, with their verdict.

    `sent` are disclosures (work form), `terms` the relation `evidence_term`.
    """

    looks: pa.Table
    sent: pa.Table
    terms: pa.Table
    grounds: tuple[Query, ...]
    traffic: Traffic
    rules: tuple[Query, ...] = ()
    """the rules of what does not wait"""

    def found(self, finding: Finding, kind: Kind, said: tuple[Said, ...] = ()) -> Found | None:
        """Give a finding with what is asked of it at once; None when nothing it rests on is here."""
        rows = self._rows(finding.looks)
        entries = pa.array(finding.looks, pa.int64())
        sent = self.sent.filter(pc.is_in(self.sent.column("entry"), value_set=entries))
        at = [*rows.column("looked_at").to_pylist(), *sent.column(DISCLOSURE.happened).to_pylist()]
        if not at:
            return None
        is_staff = finding.about.domain == "staff"
        last = rows.sort_by([("looked_at", "descending")]).slice(0, 1).to_pylist() or self._last(finding)
        kept = set(rows.column("look").to_pylist())
        looks = tuple(each for each in finding.looks if each in kept)
        return Found(
            key=key_of(finding.about.domain, finding.about.hi),
            rule=finding.rule,
            about=finding.about,
            score=finding.score,
            terms=finding.terms,
            sentences=finding.sentences,
            looks=looks,
            subjects=len(pc.unique(rows.column("subject"))),
            staff=len(pc.unique(rows.column("staff"))),
            weak_looks=pc.sum(rows.column("weak_only").cast(pa.int64())).as_py() or 0,
            first_at=min(at),
            last_at=max(at),
            team=str(last[0]["team"] or "") if is_staff and last else "",
            role=str(last[0]["role"] or "") if is_staff and last else "",
            sought=sought_for(
                self.grounds, self.terms, looks, days=(min(at) // _DAY, max(at) // _DAY), traffic=self.traffic
            ),
            kinds=(kind,),
            sent=tuple(sent.column("entry").to_pylist()),
            said=said,
        )

    def subject_of(self, look: int) -> int:
        """Give whom a look was at."""
        subject: int = self._rows([look]).column("subject").to_pylist()[0]
        return subject

    def urgent(self, finding: Finding) -> Found | None:
        """Give a finding that does not wait, with what its rule says."""
        rule = next(each for each in self.rules if each.id == finding.rule)
        title = InBoth(nl=rule.title.nl, en=rule.title.en)
        line = InBoth(nl=finding.sentences.nl[0], en=finding.sentences.en[0])
        said = Said(rule=finding.rule, title=title, line=line, score=finding.score)
        return self.found(finding, Kind.URGENT, (said,))

    def alerted(self, told: Told, kind: Kind) -> Found | None:
        """Give a weekly alert as a finding; what left in its window stands beside its looks."""
        line = InBoth(nl=told.line.nl, en=told.line.en)
        title = InBoth(nl=told.words.title.nl, en=told.words.title.en)
        said = Said(rule=told.words.channel, title=title, line=line, score=told.score, week=told.week)
        finding = Finding(
            rule=told.words.channel,
            about=told.about,
            terms=told.terms,
            sentences=Sentences(
                nl=(
                    told.line.nl,
                    "Dit is gemeten aan het einde van die week, naast vergelijkbare collega's.",
                ),
                en=(told.line.en, "This was measured at the end of that week, beside comparable colleagues."),
            ),
            looks=(*told.looks, *self._sent_in(told)),
            searched=(),
        )
        return self.found(finding, kind, (said,))

    def one_each(self, found: Iterable[Found]) -> list[Found]:
        """Join what was found of the same person, the highest score first; all looks and ways are kept."""
        by_key: dict[str, list[Found]] = {}
        for each in found:
            by_key.setdefault(each.key, []).append(each)
        joined = [some[0] if len(some) == 1 else self._recounted(_joined(some)) for some in by_key.values()]
        return sorted(joined, key=lambda each: (-each.score, each.key))

    def _recounted(self, found: Found) -> Found:
        rows = self._rows(found.looks)
        return replace(
            found,
            subjects=len(pc.unique(rows.column("subject"))),
            staff=len(pc.unique(rows.column("staff"))),
            weak_looks=pc.sum(rows.column("weak_only").cast(pa.int64())).as_py() or 0,
        )

    def _sent_in(self, told: Told) -> tuple[int, ...]:
        if told.words.counts != "sent":
            return ()
        last = told.week + 6
        mine = self.sent.filter(
            (pc.field("staff") == told.about.hi)
            & (pc.field("happened_day") > last - told.days)
            & (pc.field("happened_day") <= last)
        )
        return tuple(mine.column("entry").to_pylist()[:_SENT])

    def _rows(self, looks: Sequence[int]) -> pa.Table:
        entries = np.asarray(self.looks.column("look"), dtype=np.int64)
        wanted = np.array(looks, dtype=np.int64)
        at = np.minimum(np.searchsorted(entries, wanted), max(0, len(entries) - 1))
        return self.looks.take(pa.array(at[entries[at] == wanted] if len(entries) else at[:0]))

    def _last(self, finding: Finding) -> list[dict[str, object]]:
        """Give the last look of somebody of whom only what left is known."""
        mine = self.looks.filter(pc.field("staff") == finding.about.hi)
        found: list[dict[str, object]] = mine.slice(max(0, len(mine) - 1), 1).to_pylist()
        return found


_SENT = 50


def _joined(found: list[Found]) -> Found:
    """Let what was counted over all have the word before what one week or one rule says."""
    first, *rest = sorted(found, key=lambda each: (bool(each.said), -each.score))
    said = {(one.rule, one.week): one for each in (first, *rest) for one in each.said}
    return replace(
        first,
        looks=_once(first.looks, *(each.looks for each in rest)),
        sent=_once(first.sent, *(each.sent for each in rest)),
        kinds=tuple(sorted({kind for each in found for kind in each.kinds})),
        said=tuple(sorted(said.values(), key=lambda one: -one.score)),
        first_at=min(each.first_at for each in found),
        last_at=max(each.last_at for each in found),
        team=first.team or next((each.team for each in rest if each.team), ""),
        role=first.role or next((each.role for each in rest if each.role), ""),
    )


def _once(*many: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(each for some in many for each in some))


def key_of(domain: str, hi: int) -> str:
    """Give the key under which a finding about this person is known, in every derivation."""
    digest = sha256(f"{domain}|{hi}".encode()).digest()
    return b32encode(digest[:10]).decode("ascii").lower().rstrip("=")
