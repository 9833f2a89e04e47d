# SPDX-License-Identifier: EUPL-1.2
"""The packs of a house: tried on its own looks, added and taken away by a person who tells the ledger.

HOME/packs/<name>/   the files of the pack, as its author signed them
What explains a look decides what nobody sees: a pack that was changed by hand is an alarm.
"""
