# SPDX-License-Identifier: EUPL-1.2
"""Who is the common factor of a leaked list: asked in an investigation, answered with odds."""
