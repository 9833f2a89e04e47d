# SPDX-License-Identifier: EUPL-1.2
"""The bytes of a row, there and back, and the commitment to them. Knows no file and no tree."""
