# SPDX-License-Identifier: EUPL-1.2
"""A pack as an author would make it: one ground that reaches further than that of the house."""

from pathlib import Path
from shutil import copytree

import rekenschap

GROUNDS = Path(rekenschap.__file__).parent / "explain" / "grounds"


def a_pack(folder: Path, *, name: str = "wide-contact", weight: str = "full") -> Path:
    """Make a pack in `folder`: contact in the ninety days before the look, under a name of its own."""
    ground = folder / "grounds" / "contact_wide"
    copytree(GROUNDS / "own_earlier_work", ground)
    told = (ground / "query.toml").read_text(encoding="utf-8")
    told = told.replace('id = "own_earlier_work"', 'id = "contact_wide"').replace(
        'weight = "trace"', f'weight = "{weight}"'
    )
    (ground / "query.toml").write_text(told, encoding="utf-8")
    (folder / "pack.toml").write_text(
        f'name = "{name}"\nversion = "1.0.0"\nauthor = "Gemeente Veldhaven"\nlicence = "EUPL-1.2"\n'
        'title = { nl = "Eerder werk telt", en = "Earlier work counts" }\n'
        'about = { nl = "Eerder eigen werk voor deze persoon.", en = "Earlier own work for this person." }\n',
        encoding="utf-8",
    )
    return folder
