# SPDX-License-Identifier: EUPL-1.2
"""Ways to encrypt small texts."""
