# SPDX-License-Identifier: EUPL-1.2
"""Packs as an author would make them: a ground that reaches further than that of the house, and a rule."""

from pathlib import Path
from shutil import copytree

import rekenschap

GROUNDS = Path(rekenschap.__file__).parent / "explain" / "grounds"
RULES = Path(rekenschap.__file__).parent / "detect" / "fastpath" / "rules"


BY_NAME = """\
-- A look without a reason, found by somebody's name.
SELECT look.look AS entry, look.staff, look.looked_at AS happened_at, look.look AS known_from
FROM look
INNER JOIN verdict ON verdict.look = look.look
WHERE look.search_key = 'name' AND NOT verdict.explained
"""
_DRAWN = """\
look                                                    verdict
look | staff | subject | looked_at   | search_key       look | explained"""


def a_pack(folder: Path, *, name: str = "wide-contact", weight: str = "full") -> Path:
    """Make a pack in `folder`: contact in the ninety days before the look, under a name of its own."""
    ground = folder / "grounds" / "contact_wide"
    copytree(GROUNDS / "own_earlier_work", ground)
    told = (ground / "query.toml").read_text(encoding="utf-8")
    told = told.replace('id = "own_earlier_work"', 'id = "contact_wide"').replace(
        'weight = "trace"', f'weight = "{weight}"'
    )
    (ground / "query.toml").write_text(told, encoding="utf-8")
    return _with_head(folder, name)


def a_rule_pack(folder: Path, *, name: str = "by-name") -> Path:
    """Make a pack in `folder`: a look that was searched by name, without a reason, should not wait."""
    rule = folder / "rules" / "name_bare"
    copytree(RULES / "urgent_shielded", rule)
    for path in (rule / "query.toml", *sorted((rule / "cases").glob("*.txt"))):
        told = path.read_text(encoding="utf-8").replace("urgent_shielded", "name_bare")
        path.write_text(told.replace('"verdict", "shielding"', '"verdict"'), encoding="utf-8")
    (rule / "query.sql").write_text(BY_NAME, encoding="utf-8")
    for case, head in (("hit", "o1   | no"), ("near_miss", "o1   | yes")):
        rows = f"o1   | s1    | p1      | 2 Mar 09:00 | name             {head}"
        told = f"# One look.\n{_DRAWN}\n{rows}\n\n=> name_bare\nentry | staff | happened_at\n"
        told += "o1    | s1    | 2 Mar 09:00\n" if case == "hit" else ""
        (rule / "cases" / f"{case}.txt").write_text(told, encoding="utf-8")
    return _with_head(folder, name)


def change(path: Path, old: str, new: str) -> None:
    """Put one text in place of another, which must be there."""
    told = path.read_text(encoding="utf-8")
    assert old in told, old
    path.write_text(told.replace(old, new), encoding="utf-8")


def _with_head(folder: Path, name: str) -> Path:
    (folder / "pack.toml").write_text(
        f'name = "{name}"\nversion = "1.0.0"\nauthor = "Gemeente Veldhaven"\nlicence = "EUPL-1.2"\n'
        'title = { nl = "Eerder werk telt", en = "Earlier work counts" }\n'
        'about = { nl = "Eerder eigen werk voor deze persoon.", en = "Earlier own work for this person." }\n',
        encoding="utf-8",
    )
    return folder
