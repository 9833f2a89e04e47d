# SPDX-License-Identifier: EUPL-1.2
"""Readers of JSON: one object a line, or documents with a list of objects in them."""
