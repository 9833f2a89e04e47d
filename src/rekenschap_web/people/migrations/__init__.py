# SPDX-License-Identifier: EUPL-1.2
"""How the tables of the people came to be."""
