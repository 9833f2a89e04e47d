# SPDX-License-Identifier: EUPL-1.2
"""The tags with which pages are built."""
