# SPDX-License-Identifier: EUPL-1.2
"""The commands on packs: what explains a look, made by one organisation and tried by another."""

from rekenschap.cli.packing.commands import pack_app

__all__ = ["pack_app"]
