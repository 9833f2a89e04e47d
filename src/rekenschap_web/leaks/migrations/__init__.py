# SPDX-License-Identifier: EUPL-1.2
"""How the tables of this room came to be."""
