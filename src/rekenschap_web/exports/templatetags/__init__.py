# SPDX-License-Identifier: EUPL-1.2
"""The tag under a list."""
