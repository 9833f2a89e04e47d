# SPDX-License-Identifier: EUPL-1.2
"""The tags of this room."""
