# SPDX-License-Identifier: EUPL-1.2
"""What truly happens in the town: people, work, looks and the reason of each."""
