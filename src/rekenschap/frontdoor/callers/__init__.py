# SPDX-License-Identifier: EUPL-1.2
"""Who may offer what: the sources of a house, how each shows who it is, and how much it may send."""
