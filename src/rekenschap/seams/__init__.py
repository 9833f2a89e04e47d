# SPDX-License-Identifier: EUPL-1.2
"""The doors of the house: one Protocol per file; the docstring is the contract every adapter must keep."""
