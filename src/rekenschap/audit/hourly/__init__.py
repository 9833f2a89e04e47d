# SPDX-License-Identifier: EUPL-1.2
"""An hour of looks on top of years: only what came, and what it touches, is explained again."""
