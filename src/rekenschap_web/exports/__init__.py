# SPDX-License-Identifier: EUPL-1.2
"""Lists leave the desk: exactly what is on screen, in four formats, and each time written down."""
