# SPDX-License-Identifier: EUPL-1.2
"""Lifting a pseudonym: one asks with a reason, another agrees, it lasts a set time and is written down."""
