# SPDX-License-Identifier: EUPL-1.2
"""Explains what came since, and what is still unexplained and is touched by work that came since.

FOLDER/facts/<relation>/<part>   everything a ground may reach (see `shelf`)
FOLDER/open/<part>               looks that were unexplained when that part came
FOLDER/closed/<part>.npy         looks that a later part explained
Only ever added to; a run over everything makes a new folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.hourly.reach import Facts, days_of, numbers, union
from rekenschap.audit.hourly.shelf import Shelf, Whole
from rekenschap.explain.following import Followed, Learnt, explain_some
from rekenschap.model.relations import CONSULTATION
from rekenschap.seams.engine import Engine
from rekenschap.sql.workspace import bind_all
from rekenschap.tables import work_schema

_OPEN_KEYS = {
    "subject": ("subject",), "zaak": ("zaak",), "entry": ("entry",), "on_day": ("staff", "happened_day"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hourly:
    """The state of a house between two runs over everything."""

    folder: Path

    @property
    def facts(self) -> Facts:
        """Everything that can be reached."""
        return Facts(folder=self.folder / "facts")

    @property
    def open_looks(self) -> Shelf:
        """The looks that were unexplained, some of which were explained since."""
        return Shelf(folder=self.folder / "open", schema=work_schema(CONSULTATION), keys=_OPEN_KEYS)

    def begin(self, facts: Mapping[str, Iterable[pa.Table]], open_looks: Iterable[pa.Table]) -> None:
        """Keep what a run over everything read, table after table, and the looks it left unexplained."""
        for name, rows in facts.items():
            self.facts.add(_BEGIN, name, rows)
        self.open_looks.add(_BEGIN, open_looks)

    def follow(self, came: Mapping[str, pa.Table], engine: Engine, learnt: Learnt, *, part: str) -> Followed:
        """Explain the looks in `came` (facts since the last part, work form) and those that `came` touches.

        `part` names what came, later than all before it in the order of names. Gives all looks that were
        explained anew, with what is said of them now. Raises EngineError.
        """
        return self.follow_on(came, engine, learnt, part=part)[1]

    def follow_on(
        self, came: Mapping[str, pa.Table], engine: Engine, learnt: Learnt, *, part: str
    ) -> tuple[dict[str, pa.Table], Followed]:
        """Do as `follow`, and give the facts around those looks too: all that a ground can reach."""
        for name, rows in came.items():
            self.facts.add(part, name, [rows])
        new = came.get("consultation", work_schema(CONSULTATION).empty_table())
        looks = pa.concat_tables([new, self._touched(came, new)])
        around = self.facts.around(looks)
        bind_all(engine, around)
        followed = explain_some(engine, numbers(looks, "entry"), learnt)
        self._note(part, new, followed.verdict)
        return around, followed

    def forget_after(self, part: str) -> None:
        """Take away the parts later than `part`: of a run that broke off before anybody read what it said."""
        late = [each for each in self.folder.glob("facts/*/*") if each.name.lstrip(".") > part]
        late += [each for each in self.folder.glob("open/*") if each.name.lstrip(".") > part]
        for each in late:
            shutil.rmtree(each)
        for each in (self.folder / "closed").glob("*.npy"):
            if each.stem > part:
                each.unlink()

    def still_open(self) -> Whole:
        """Give the numbers of all looks that are unexplained now."""
        opened = numbers(self.open_looks.everything(), "entry")
        return opened[~np.isin(opened, self._closed())]

    def _touched(self, came: Mapping[str, pa.Table], new: pa.Table) -> pa.Table:
        """Give the looks that are still unexplained and that a fact in `came` may explain."""
        subjects, zaken = self._meant(came)
        if len(new):
            subjects = union(subjects, numbers(new, "subject"))
        on_day = days_of(new, beside=0)
        if _some(came, "contact"):  # nobody knows yet who called
            unknown = pc.and_(*(pc.is_null(came["contact"].column(name)) for name in ("subject", "zaak")))
            on_day = union(on_day, days_of(came["contact"].filter(unknown)))
        entries = numbers(came["act"], "look") if _some(came, "act") else np.zeros(0, dtype=np.int64)
        found = self.open_looks.with_keys(
            {"subject": subjects, "zaak": zaken, "on_day": on_day, "entry": entries}
        )
        gone = union(self._closed(), numbers(new, "entry"))
        return found.filter(pc.invert(pc.is_in(found.column("entry"), value_set=pa.array(gone, pa.int64()))))

    def _meant(self, came: Mapping[str, pa.Table]) -> tuple[Whole, Whole]:
        """Give whom new work is about, with their households, and the zaken it is about."""
        work = [rows for name, rows in came.items() if name not in ("consultation", "staff", "presence")]
        zaken = union(*(numbers(rows, "zaak") for rows in work if "zaak" in rows.column_names))
        about = [numbers(rows, name) for rows in work for name in ("subject", "other_subject")
                 if name in rows.column_names]  # fmt: skip
        of_zaken = numbers(self.facts.shelf("zaak").with_key("zaak", zaken), "subject")
        subjects = union(of_zaken, *about)
        related = self.facts.shelf("relation").with_keys({"subject": subjects, "other_subject": subjects})
        return union(subjects, numbers(related, "subject"), numbers(related, "other_subject")), zaken

    def _note(self, part: str, new: pa.Table, verdict: pa.Table) -> None:
        """Keep which new looks are open, and which looks no longer are."""
        explained = numbers(verdict.filter(pc.field("explained")), "look")
        is_open = pc.invert(pc.is_in(new.column("entry"), value_set=pa.array(explained, pa.int64())))
        self.open_looks.add(part, [new.filter(is_open)])
        closed = self.folder / "closed"
        closed.mkdir(exist_ok=True)
        np.save(closed / f"{part}.npy", explained)

    def _closed(self) -> Whole:
        return union(*(np.load(path) for path in sorted((self.folder / "closed").glob("*.npy"))))


_BEGIN = "0"


def _some(came: Mapping[str, pa.Table], name: str) -> bool:
    return name in came and len(came[name]) > 0
