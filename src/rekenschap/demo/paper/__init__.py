# SPDX-License-Identifier: EUPL-1.2
"""What the systems of the town hall wrote down; the reason of a look is not in it."""
