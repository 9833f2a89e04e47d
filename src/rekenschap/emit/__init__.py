# SPDX-License-Identifier: EUPL-1.2
"""What a developer adds to a system so that each look is written down. Imports nothing of the rest."""
