# SPDX-License-Identifier: EUPL-1.2
"""Packs as an author would make them: a ground that reaches further than that of the house, and a rule."""

from pathlib import Path
from shutil import copytree

import rekenschap

GROUNDS = Path(rekenschap.__file__).parent / "explain" / "grounds"
RULES = Path(rekenschap.__file__).parent / "detect" / "fastpath" / "rules"


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


def a_rule_pack(folder: Path, *, name: str = "sent-out") -> Path:
    """Make a pack in `folder`: data of three people and more to an address outside should not wait."""
    rule = folder / "rules" / "sent_three"
    copytree(RULES / "urgent_outside", rule)
    for path in (rule / "query.toml", *sorted((rule / "cases").glob("*.txt"))):
        told = path.read_text(encoding="utf-8").replace("urgent_outside", "sent_three")
        path.write_text(told, encoding="utf-8")
    change(rule / "query.toml", "default = 10", "default = 3")
    change(rule / "cases" / "near_miss.txt", "| 9        |", "| 2        |")
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
